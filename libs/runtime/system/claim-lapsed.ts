import { fact, Id } from '#kernel';

/**
 * Any stream may hold this one: it says that a claim made for the stream lapsed, changes no state, and makes a late append
 * of the claimant conflict, so that what it claimed can go to another.
 */
export const ClaimLapsed = fact(
  'ClaimLapsed',
  'A claim made for this stream lapsed before its command was recorded.',
  { reservationId: Id('the reservation that goes to another'), forCommand: Id('the command that came too late') },
  { visibility: 'internal', yields: true },
);
