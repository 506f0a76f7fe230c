import { IsISO8601, IsNotEmpty, IsUUID } from 'class-validator';
import { aggregate, Command, Field, fact, Id, type Moment, MomentField, Text } from '#kernel';

export const ReservationClaimed = fact(
  'ReservationClaimed',
  'A command means to take something that only one stream may hold; it has until the claim lapses to do so.',
  {
    reservationId: Id('the reservation; for a personal identifier a random id that says nothing about it'),
    scope: Text('what kind of thing is held', 100),
    target: Text('the stream that is to hold it'),
    forCommand: Id('the command that claims it'),
    lapsesAt: MomentField('from when on another may take it over'),
  },
  { visibility: 'internal' },
);
export const ReservationConfirmed = fact(
  'ReservationConfirmed',
  'The stream holds it.',
  { reservationId: Id('the reservation'), target: Text('the stream that holds it') },
  { visibility: 'internal' },
);
export const ReservationReleased = fact(
  'ReservationReleased',
  'It is free again.',
  { reservationId: Id('the reservation'), target: Text('the stream that held it') },
  { visibility: 'internal' },
);

@Command({ summary: 'Claim a reservation for a command.' })
export class ClaimReservation {
  @Field('the reservation') @IsUUID() readonly reservationId!: string;
  @Field('what kind of thing is held') @IsNotEmpty() readonly scope!: string;
  @Field('the stream that is to hold it') @IsNotEmpty() readonly target!: string;
  @Field('the command that claims it') @IsUUID() readonly forCommand!: string;
  @Field('from when on another may take it over') @IsISO8601() readonly lapsesAt!: string;
}

@Command({ summary: 'Confirm that the stream holds the reservation.' })
export class ConfirmReservation {
  @Field('the reservation') @IsUUID() readonly reservationId!: string;
  @Field('the stream that holds it') @IsNotEmpty() readonly target!: string;
}

@Command({ summary: 'Free a reservation that the stream holds.' })
export class ReleaseReservation {
  @Field('the reservation') @IsUUID() readonly reservationId!: string;
  @Field('the stream that held it') @IsNotEmpty() readonly target!: string;
}

export type Reservation =
  | { readonly status: 'FREE' }
  | { readonly status: 'CLAIMED'; readonly target: string; readonly forCommand: string; readonly lapsesAt: Moment }
  | { readonly status: 'HELD'; readonly target: string };

export const reservation = aggregate<Reservation>()({
  name: 'reservation',
  description:
    'Something that only one stream may hold: an identifier, an order number. Claimed before the append, confirmed after it.',
  id: 'reservationId',
  commands: { ClaimReservation, ConfirmReservation, ReleaseReservation },
  facts: { ReservationClaimed, ReservationConfirmed, ReservationReleased },
  initial: { status: 'FREE' },

  // Who claims has looked at the state and names the revision it saw: the append, not the decision, is the arbiter.
  decide: {
    ClaimReservation: (command, held) =>
      held.status === 'HELD' && held.target === command.target ? [] : ReservationClaimed({ ...command }),
    ConfirmReservation: ({ reservationId, target }, held) =>
      held.status === 'CLAIMED' && held.target === target ? ReservationConfirmed({ reservationId, target }) : [],
    ReleaseReservation: ({ reservationId, target }, held) =>
      held.status === 'FREE' || held.target !== target ? [] : ReservationReleased({ reservationId, target }),
  },

  evolve: {
    ReservationClaimed: (_, { target, forCommand, lapsesAt }) => ({ status: 'CLAIMED', target, forCommand, lapsesAt }),
    ReservationConfirmed: (_, { target }) => ({ status: 'HELD', target }),
    ReservationReleased: () => ({ status: 'FREE' }),
  },
});
