import { Type } from 'typebox';
import { Choice, Count, Currency, fact, Id, MinorUnits, MomentField, personal, Text } from '#kernel';
import { actionKinds, answers, bonds, intervals, memberSigns, outcomes, reasons } from '../words.js';

const customerId = Id('the customer');
const contractId = Id('the contract');
const actionId = Id('the retention action');
const bond = Choice(bonds, 'what holds the customer: a contract, or only its purchases');
const segment = Type.Optional(Text('market segment that the customer is counted in', 60));
const reason = Choice(reasons, 'why');
const notes = Type.Optional(personal('customerId', 'contact', Text('why, in words', 2000)));
const silentAt = Type.Optional(
  MomentField('when the customer counts as silent unless it gives another sign of life; left out: it is not watched'),
);
const terms = {
  kind: Text('kind of the contract, in the words of the company', 100),
  price: MinorUnits('what the customer pays for each interval'),
  currency: Currency(),
  interval: Choice(intervals, 'how often the price is due'),
};
const endsAt = (description: string) => MomentField(description);

// ---- the relationship ----

export const RelationshipBegan = fact('RelationshipBegan', 'Somebody became a customer, by a first contract or purchase.', {
  customerId,
  bond,
  segment,
  since: MomentField('when the relationship began'),
});

export const RelationshipBound = fact('RelationshipBound', 'A customer who had only bought so far has a contract now.', {
  customerId,
  segment,
});

export const CustomerChurned = fact(
  'CustomerChurned',
  'A customer is lost: its last contract ended, or it was silent for too long.',
  {
    customerId,
    bond: Choice(bonds, 'what had held the customer: CONTRACT where the last one ended, PURCHASES where they stayed away'),
    reason: Choice(reasons, 'why; SILENCE until somebody learns more'),
    churnedAt: MomentField('when it was lost: at the end of the contract, or when the silence had lasted too long'),
    since: MomentField('since when it had been a customer, or one again'),
    days: Type.Number({ description: 'for how long it had been a customer, in days of 24 hours' }),
    segment,
    contractKind: Type.Optional(Text('kind of the contract that ended last', 100)),
  },
);

export const ChurnReasonLearnt = fact('ChurnReasonLearnt', 'It became known why a customer was lost.', {
  customerId,
  reason,
  notes,
});

export const CustomerWonBack = fact('CustomerWonBack', 'A customer who was lost has a contract or bought again.', {
  customerId,
  bond: Choice(bonds, 'what it came back with'),
  segment,
  churnedAt: MomentField('when it had been lost'),
  days: Type.Number({ description: 'for how long it was away, in days of 24 hours' }),
  actionId: Type.Optional(Id('the retention action that was under way, the latest of several')),
});

// ---- contracts ----

export const ContractStarted = fact('ContractStarted', 'A contract with a customer runs from now on.', {
  customerId,
  contractId,
  ...terms,
  endsAt: Type.Optional(endsAt('when it ends unless it is continued; left out: it runs until somebody ends it')),
});

export const ContractChanged = fact('ContractChanged', 'A contract has other terms from now on.', {
  customerId,
  contractId,
  ...terms,
  previousPrice: MinorUnits('what the customer paid for each interval before, in the currency of before'),
  previousCurrency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code of the price before' }),
});

export const ContractNoticeGiven = fact('ContractNoticeGiven', 'It was said that a contract will end, and when.', {
  customerId,
  contractId,
  endsAt: endsAt('when it will end'),
  reason,
  notes,
});

export const ContractContinued = fact('ContractContinued', 'A contract that was to end goes on.', {
  customerId,
  contractId,
  endsAt: Type.Optional(endsAt('when it ends now; left out: it runs until somebody ends it')),
});

export const ContractEnded = fact('ContractEnded', 'A contract is over.', {
  customerId,
  contractId,
  endedAt: MomentField('when it ended; for one that ended by the clock, when that was due'),
  reason,
  notes,
  ...terms,
  days: Type.Number({ description: 'for how long it ran, in days of 24 hours' }),
});

// ---- signs of life ----

export const PurchaseRecorded = fact('PurchaseRecorded', 'A customer bought something, and there is nothing more to do for it.', {
  customerId,
  purchaseId: Id('the purchase'),
  amount: MinorUnits('what was paid'),
  currency: Currency(),
  units: Type.Optional(Count('number of pieces')),
  silentAt,
});

export const SignOfLifeNoted = fact(
  'SignOfLifeNoted',
  'An order of a customer was confirmed, or it was in touch. Of interactions, one a day at most is noted.',
  {
    customerId,
    sign: Choice(['ORDER', 'INTERACTION'], 'what the sign was'),
    signId: Id('the order or the interaction'),
    at: MomentField('when it was given'),
    amount: Type.Optional(MinorUnits('of an order: the sum of its lines when it was noted')),
    currency: Type.Optional(Currency()),
    silentAt,
  },
  { visibility: 'internal' },
);

export const SignOfLifeTakenBack = fact(
  'SignOfLifeTakenBack',
  'An order that had counted as a purchase came to nothing.',
  {
    customerId,
    signId: Id('the order'),
    at: MomentField('when it was confirmed'),
    amount: Type.Optional(MinorUnits('the sum of its lines when it was noted')),
    currency: Type.Optional(Currency()),
    firstPurchaseAt: Type.Optional(MomentField('when the first purchase was without it, if it may have been the first')),
    lastPurchaseAt: Type.Optional(MomentField('when the latest purchase was without it')),
    lastSignAt: Type.Optional(MomentField('when the customer gave its last sign of life without it')),
    silentAt,
  },
  { visibility: 'internal' },
);

export const SilenceWatched = fact(
  'SilenceWatched',
  'The moment at which a customer counts as silent is another one, for silence was defined anew.',
  { customerId, silentAt: MomentField('when the customer counts as silent unless it gives another sign of life') },
  { visibility: 'internal' },
);

// ---- signs of life of those who are shown under another customer ----

const memberSign = Choice(
  memberSigns,
  'PURCHASE: it bought something; CONTRACT: it started a contract; CONTACT: it was in touch; CHANGE: something else that may count, such as the end of a contract',
);

export const SignOfLifePassedOn = fact(
  'SignOfLifePassedOn',
  'What may keep a customer happened to one that is shown under another one: that one is to hear of it.',
  {
    customerId,
    survivorId: Id('the customer under whom it is shown'),
    sign: memberSign,
    at: MomentField('when it happened'),
  },
  { visibility: 'internal' },
);

export const MemberHeardOf = fact(
  'MemberHeardOf',
  'What keeps a customer is known of one that is shown under it, or counts no more, for that one is shown by itself again.',
  {
    customerId,
    memberId: Id('the customer that is or was shown under it'),
    sign: memberSign,
    at: MomentField('when that happened, or when the two were merged or unmerged'),
    lastSignAt: Type.Optional(MomentField('when the other one gave its last sign of life; left out: none that counts')),
    bound: Type.Optional(Type.Boolean({ description: 'whether a contract of the other one runs' })),
    silentAt,
  },
  { visibility: 'internal' },
);

// ---- retention actions ----

export const RetentionActionTaken = fact(
  'RetentionActionTaken',
  'Something was done to keep a customer or to win it back, or left undone on purpose, to compare.',
  {
    customerId,
    actionId,
    kind: Choice(actionKinds, 'what was done; HOLD_OUT: nothing, on purpose'),
    offer: Type.Optional(Text('what was offered or said; nothing about a person', 500)),
    had: Choice(['ACTIVE', 'CHURNED'], 'whether it was still a customer'),
    segment,
    judgedAt: MomentField('when the outcome is judged'),
  },
);

export const RetentionActionAnswered = fact('RetentionActionAnswered', 'A customer answered to a retention action, or did not.', {
  customerId,
  actionId,
  answer: Choice(answers, 'what the customer said'),
});

export const RetentionActionJudged = fact(
  'RetentionActionJudged',
  'The time of a retention action is over: its outcome is known.',
  {
    customerId,
    actionId,
    outcome: Choice(
      outcomes,
      'RETAINED: still a customer; LEAVING: so, but its contracts are to end; CHURNED; of one who had churned before: WON_BACK or STILL_AWAY',
    ),
    judgedAt: MomentField('when that was due'),
  },
);
