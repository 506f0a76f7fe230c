import { Type } from 'typebox';
import {
  type AnyAggregate,
  type AnyView,
  aggregate,
  Choice,
  Count,
  Currency,
  context,
  fact,
  Id,
  MinorUnits,
  MomentField,
  Text,
  view,
} from '#kernel';

/** A small company for the specifications of the view engine: customers that are merged, and their deals. */

export const CustomerRegistered = fact('CustomerRegistered', 'A customer is known.', {
  customerId: Id('The customer'),
  segment: Text('Segment'),
});
export const CustomerNoted = fact('CustomerNoted', 'Somebody noted something.', {
  customerId: Id('The customer'),
  note: Text('The note'),
});
export const CustomerForgotten = fact('CustomerForgotten', 'The customer is no longer kept.', { customerId: Id('The customer') });
export const CustomersMerged = fact('CustomersMerged', 'Two customers are one.', {
  customerId: Id('Merged away'),
  survivorId: Id('Stays'),
});
export const CustomersUnmerged = fact('CustomersUnmerged', 'They are two after all.', {
  customerId: Id('Merged away before'),
  survivorId: Id('Stayed'),
});

const dealId = Id('The deal');
export const DealOpened = fact('DealOpened', 'A deal began.', {
  dealId,
  customerId: Id('Its customer'),
  amount: MinorUnits('Amount'),
  currency: Currency(),
});
export const DealMoved = fact('DealMoved', 'A deal entered a phase.', {
  dealId,
  phase: Choice(['OPEN', 'OFFER', 'WON', 'LOST'], 'The phase'),
});
export const DealPriced = fact(
  'DealPriced',
  'A deal has another amount.',
  { dealId, amount: MinorUnits('Amount') },
  { correction: true },
);
export const DealDropped = fact('DealDropped', 'A deal was none.', { dealId });

const stream = (name: string, id: string, facts: AnyAggregate['facts']): AnyAggregate =>
  aggregate<object>()({
    name,
    description: name,
    id,
    commands: {},
    facts,
    initial: {},
    decide: {},
    evolve: Object.fromEntries(Object.keys(facts).map((type) => [type, (state: object) => state])),
  }) as AnyAggregate;

const customerFacts = { CustomerRegistered, CustomerNoted, CustomerForgotten, CustomersMerged, CustomersUnmerged };
const dealFacts = { DealOpened, DealMoved, DealPriced, DealDropped };

const Optional = <T extends ReturnType<typeof MomentField>>(field: T) => Type.Union([field, Type.Null()]);

export const deals = view({
  name: 'deals',
  description: 'Deals and where they stand.',
  version: 1,
  capabilities: [],
  roles: ['sales'],
  document: Type.Object({
    dealId,
    customerId: Id('Its customer'),
    phase: Choice(['OPEN', 'OFFER', 'WON', 'LOST', 'UNKNOWN'], 'The phase'),
    amount: MinorUnits('Amount'),
    currency: Currency(),
    moves: Count('Times it moved'),
    big: Type.Boolean({ description: 'Beyond 5,000.00' }),
    openedAt: Optional(MomentField('When it began')),
    closedAt: Optional(MomentField('When it was won or lost')),
  }),
  facts: dealFacts,
  key: ({ data }) => data.dealId,
  initial: (key) => ({
    dealId: key,
    customerId: '',
    phase: 'UNKNOWN' as const,
    amount: 0,
    currency: 'EUR',
    moves: 0,
    big: false,
    openedAt: null,
    closedAt: null,
  }),
  apply: {
    DealOpened: (deal, { data: { customerId, amount, currency }, occurredAt }) => ({
      ...deal,
      customerId,
      amount,
      currency,
      big: amount > 500_000,
      phase: 'OPEN' as const,
      openedAt: occurredAt,
    }),
    DealMoved: (deal, { data: { phase }, occurredAt }) => ({
      ...deal,
      phase,
      moves: deal.moves + 1,
      closedAt: phase === 'WON' || phase === 'LOST' ? occurredAt : null,
    }),
    DealPriced: (deal, { data: { amount } }) => ({ ...deal, amount, big: amount > 500_000 }),
    DealDropped: () => null,
  },
  filters: ['customerId', 'phase', 'amount', 'currency', 'moves', 'big', 'openedAt', 'closedAt'],
  sums: { amount: 'currency', moves: null },
  sort: '-openedAt',
  customer: 'customerId',
});

/** Deals that are neither won nor lost; one may be opened again. */
export const openDeals = view({
  ...deals,
  name: 'open-deals',
  shows: ({ phase }) => phase !== 'WON' && phase !== 'LOST',
});

export const customers = view({
  name: 'customers',
  description: 'Customers with what was noted and their deals.',
  version: 1,
  capabilities: [],
  roles: ['care'],
  document: Type.Object({
    customerId: Id('The customer'),
    segment: Text('Segment'),
    notes: Type.Array(Text('A note')),
    deals: Count('Deals'),
    volume: MinorUnits('Of all deals'),
    lastAt: Optional(MomentField('Last thing heard')),
  }),
  facts: { CustomerRegistered, CustomerNoted, CustomerForgotten, DealOpened, CustomersMerged },
  key: ({ type, data }) => (type === 'CustomersMerged' ? [data.survivorId] : [data.customerId]),
  initial: (key) => ({ customerId: key, segment: '', notes: [], deals: 0, volume: 0, lastAt: null }),
  apply: {
    CustomerRegistered: (customer, { data: { segment }, occurredAt }) => ({ ...customer, segment, lastAt: occurredAt }),
    CustomerNoted: (customer, { data: { note }, occurredAt }) => ({
      ...customer,
      notes: [...customer.notes, noted(note)],
      lastAt: occurredAt,
    }),
    CustomerForgotten: () => null,
    DealOpened: (customer, { data: { amount } }) => ({
      ...customer,
      deals: customer.deals + 1,
      volume: customer.volume + amount,
    }),
    CustomersMerged: (customer) => ({ ...customer, notes: [...customer.notes, 'merged'] }),
  },
  merge: (documents, survivor) => ({
    customerId: survivor,
    segment: documents[0]?.segment ?? '',
    notes: documents.flatMap(({ notes }) => notes),
    deals: documents.reduce((sum, { deals: count }) => sum + count, 0),
    volume: documents.reduce((sum, { volume }) => sum + volume, 0),
    lastAt: documents.map(({ lastAt }) => lastAt).reduce((last, at) => ((at ?? '') > (last ?? '') ? at : last), null),
  }),
  filters: ['segment', 'deals', 'volume', 'lastAt', 'customerId'],
  sums: { volume: null },
  customer: 'customerId',
});

/** The note that the view cannot fold, until it is cured. */
export const poison = { text: 'poison', cured: false };

function noted(note: string): string {
  if (note === poison.text && !poison.cured) throw new Error('This note cannot be folded.');
  return note;
}

export const company = (views: readonly AnyView[] = [deals, customers]) =>
  context({
    name: 'company',
    description: 'A small company.',
    aggregates: [stream('customer', 'customerId', customerFacts), stream('deal', 'dealId', dealFacts)],
    views,
  });

export const identity = { merged: 'CustomersMerged', unmerged: 'CustomersUnmerged' } as const;

export const opened = (dealId: string, customerId: string, amount = 1_000) =>
  DealOpened({ dealId, customerId, amount, currency: 'EUR' });
