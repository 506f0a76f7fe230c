import { type Static, Type } from 'typebox';
import { Choice, Count, Currency, Id, MinorUnits, MomentField, personal, Text } from '#kernel';
import { bonds, intervals, reasons } from '../words.js';

const ContractPiece = Type.Object({
  contractId: Id('the contract'),
  kind: Text('its kind, in the words of the company', 100),
  status: Choice(['RUNNING', 'ENDING', 'ENDED'], 'ENDING: it has an end that is still to come'),
  price: MinorUnits('what the customer pays for each interval'),
  currency: Currency(),
  interval: Choice(intervals, 'how often the price is due'),
  startedAt: MomentField('when it started'),
  endsAt: Type.Optional(MomentField('when it ends unless it is continued')),
  endedAt: Type.Optional(MomentField('when it ended')),
  reason: Type.Optional(Choice(reasons, 'why it is to end or ended')),
});

const Spent = Type.Object({
  currency: Currency(),
  amount: MinorUnits('sum of the purchases'),
});

export const RelationshipDocument = Type.Object({
  customerId: Id('the customer'),
  status: Choice(['ACTIVE', 'CHURNED'], 'whether it is a customer or was lost'),
  bond: Choice(bonds, 'what holds the customer, or held it until it was lost'),
  segment: Type.Optional(Text('market segment that it is counted in', 60)),
  since: MomentField('since when it is a customer, or was one again when it was lost'),
  contracts: Type.Array(ContractPiece, { description: 'all contracts, in the order in which they started' }),
  runningContracts: Count('number of contracts that have not ended'),
  contractKind: Type.Optional(Text('kind of the running contract that started last, otherwise of the one that ended last', 100)),
  endsAt: Type.Optional(MomentField('when the last of its contracts ends, where all of them have an end: at risk')),
  purchases: Count('number of purchases: those that were recorded, and confirmed orders'),
  firstPurchaseAt: Type.Optional(MomentField('when the first of them was')),
  lastPurchaseAt: Type.Optional(MomentField('when the latest of them was: recency')),
  daysOfPurchases: Type.Number({ description: 'from the first of them to the latest, in days of 24 hours' }),
  spent: Type.Array(Spent, {
    description:
      'money of the recorded purchases, and of confirmed orders as they were when they were noted, one entry a currency',
  }),
  lastSignAt: Type.Optional(MomentField('when it last bought or, where that counts, was in touch')),
  silentAt: Type.Optional(MomentField('when it counts as silent unless something is heard of it: at risk')),
  churnedAt: Type.Optional(MomentField('when it was lost')),
  churnedBy: Type.Optional(Choice(bonds, 'CONTRACT: by the end of a contract; PURCHASES: by silence')),
  reason: Type.Optional(Choice(reasons, 'why it was lost, as far as that is known')),
  notes: Type.Optional(personal('customerId', 'contact', Text('why it was lost, in words', 2000))),
  churns: Count('how often it was lost'),
  wonBack: Count('how often it was won back'),
});

export type RelationshipDocument = Static<typeof RelationshipDocument>;
export type ContractPiece = Static<typeof ContractPiece>;
