import { Type } from 'typebox';
import { Count, Id, MomentField } from '#kernel';

/** Points as documents show them. */
export const lots = Type.Array(
  Type.Object({
    points: Count('number of points that are left of it'),
    expiresAt: Type.Optional(MomentField('when they expire; left out: never')),
    orderId: Type.Optional(Id('the order that earned them')),
  }),
  { description: 'the points that can be redeemed, as they were booked; those that expire first come first' },
);
export const expiring = Type.Optional(Count('number of points that expire next; left out where none do'));
export const expiringAt = Type.Optional(MomentField('when those expire'));
