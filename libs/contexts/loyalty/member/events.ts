import { Type } from 'typebox';
import { Count, Currency, fact, Id, MinorUnits, MomentField, Text } from '#kernel';

const customerId = Id('the customer who is a member');
const programmeId = Id('the loyalty programme');
const orderId = Id('the order');
const of = { customerId, programmeId };
const points = (description: string) => Count(`number of points: ${description}`);
const balance = points('what the member can redeem now');
const owed = points('what was redeemed before goods came back that had earned it, and is set off against what is earned next');
const spent = MinorUnits('what the member spent in all: its orders, as far as they count');
const expiresAt = Type.Optional(MomentField('when the points expire; left out: never'));
const Reason = Text('why, in a word or a short phrase; nothing about a person', 200);

export const MemberEnrolled = fact('MemberEnrolled', 'A customer takes part in a loyalty programme.', {
  ...of,
  currency: Currency(),
  tier: Text('the lowest tier of the programme', 60),
});

export const PointsEarned = fact(
  'PointsEarned',
  'A member paid for an order, and earned points with it; none where the amount is too small for one more.',
  {
    ...of,
    orderId,
    currency: Currency(),
    amount: MinorUnits('by how much more of the order counts'),
    counted: MinorUnits('how much of the order counts now: invoices that are paid in full, without what was credited'),
    pointFor: MinorUnits('what earns one point with this order'),
    points: points('what was earned'),
    expiresAt,
    balance,
    owed,
    spent,
  },
);

export const PointsTakenBack = fact(
  'PointsTakenBack',
  'What a member paid for an order was credited or did not stay with us: the points earned with it are taken back.',
  {
    ...of,
    orderId,
    currency: Currency(),
    amount: MinorUnits('by how much less of the order counts'),
    counted: MinorUnits('how much of the order counts now: invoices that are paid in full, without what was credited'),
    points: points('what was taken back of what the order had earned'),
    expired: points('how many of those had expired before, and are not taken again'),
    balance,
    owed,
    spent,
  },
);

export const PointsRedeemed = fact('PointsRedeemed', 'A member used points.', {
  ...of,
  points: points('what was used'),
  reward: Type.Optional(Text('what the member got for them; nothing about a person', 200)),
  orderId: Type.Optional(Id('the order in which they were used')),
  amount: Type.Optional(MinorUnits('what the points were worth, where the programme says so')),
  currency: Currency(),
  balance,
});

export const PointsExpired = fact('PointsExpired', 'Points of a member were not used in time.', {
  ...of,
  points: points('what expired'),
  expiredAt: MomentField('when they were due to expire'),
  balance,
});

export const PointsAdjusted = fact('PointsAdjusted', 'Points of a member were set right by hand.', {
  ...of,
  points: Type.Integer({ description: 'number of points by which they became more; negative: less' }),
  reason: Reason,
  expiresAt,
  balance,
  owed,
});

export const TierChanged = fact('TierChanged', 'A member is in another tier: it spent more, or what it spent counts less.', {
  ...of,
  from: Text('the tier before', 60),
  to: Text('the tier now', 60),
  spent,
  currency: Currency(),
});

export const MembershipEnded = fact('MembershipEnded', 'A customer takes part in a loyalty programme no more.', {
  ...of,
  reason: Reason,
  points: points('what was not used, and is gone with the membership'),
  owed: points('what was still to be set off, and is so no more'),
});

export const OrderPassedOn = fact(
  'OrderPassedOn',
  'An order of a customer that is no member counts for the one under whom the customer is shown.',
  { customerId: Id('the customer who ordered'), survivorId: Id('the customer who is a member'), orderId },
  { visibility: 'internal' },
);
