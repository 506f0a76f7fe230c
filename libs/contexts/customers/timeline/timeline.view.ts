import { type Static, Type } from 'typebox';
import { Choice, Count, Currency, Id, MinorUnits, MomentField, type Recorded, type Sealed, Text, view } from '#kernel';
import { channels } from '../interaction/events.js';
import { customerFacts, loyaltyFacts, orderFacts, retentionFacts, salesFacts, serviceFacts, timelineFacts } from './facts.js';
import { summaries } from './summaries.js';

const contexts = ['customers', 'sales', 'orders', 'service', 'retention', 'loyalty'] as const;

const TimelineEntry = Type.Object({
  factId: Id('the fact'),
  customerId: Id('the customer whom it concerns'),
  type: Text('type of the fact', 60),
  context: Choice(contexts, 'where it happened'),
  occurredAt: MomentField('when it happened'),
  summary: Text('what happened, in a line without personal data', 700),
  personal: Type.Optional(
    Type.Record(Type.String(), Type.Unsafe<Sealed<unknown>>({ description: 'a sealed value' }), {
      description: 'the personal fields of the fact',
    }),
  ),
  ownerId: Type.Optional(Id('the employee whose customer, opportunity, order or ticket it was')),
  leadId: Type.Optional(Id('the lead that it is about')),
  opportunityId: Type.Optional(Id('the opportunity that it is about')),
  orderId: Type.Optional(Id('the order that it is about')),
  ticketId: Type.Optional(Id('the ticket that it is about')),
  channel: Type.Optional(Choice(channels, 'of an interaction or a ticket: how they were in touch')),
  touchpointId: Type.Optional(Id('of an interaction: the touchpoint where it took place')),
  amount: Type.Optional(MinorUnits('the money it is about')),
  currency: Type.Optional(Currency()),
  event: Type.Object(
    { stream: Text('the stream', 100), revision: Count('the number of the event in its stream, from 0') },
    { description: 'the event that it came from' },
  ),
});
type TimelineEntry = Static<typeof TimelineEntry>;

/** Everything that happened between the company and a customer, a document each. */
export const timeline = view({
  name: 'timeline',
  description: 'Everything that happened between the company and its customers, in the order in which it happened.',
  version: 9,
  capabilities: ['CID-02', 'CID-03', 'CID-05'],
  roles: ['care', 'sales', 'orders', 'analyst', 'auditor'],
  document: TimelineEntry,
  facts: timelineFacts,
  key: ({ id, refs }) => (refs.customer === undefined ? [] : id),
  filters: [
    'customerId',
    'type',
    'context',
    'occurredAt',
    'ownerId',
    'leadId',
    'opportunityId',
    'orderId',
    'ticketId',
    'channel',
    'touchpointId',
    'amount',
    'currency',
  ],
  sort: 'occurredAt',
  customer: 'customerId',
  initial: (factId): TimelineEntry => ({
    factId,
    customerId: '',
    type: '',
    context: 'customers',
    occurredAt: '',
    summary: '',
    event: { stream: '', revision: 0 },
  }),
  apply: {
    ...entriesOf(customerFacts, 'customers'),
    ...entriesOf(salesFacts, 'sales'),
    ...entriesOf(orderFacts, 'orders'),
    ...entriesOf(serviceFacts, 'service'),
    ...entriesOf(retentionFacts, 'retention'),
    ...entriesOf(loyaltyFacts, 'loyalty'),
  },
});

type Entry = (document: TimelineEntry, recorded: Recorded) => TimelineEntry;

function entriesOf<F extends object>(facts: F, context: TimelineEntry['context']): { readonly [K in keyof F]: Entry } {
  return Object.fromEntries(Object.keys(facts).map((type) => [type, entryOf(type as keyof typeof timelineFacts, context)])) as {
    [K in keyof F]: Entry;
  };
}

function entryOf(type: keyof typeof timelineFacts, context: TimelineEntry['context']): Entry {
  const sealed = Object.keys(timelineFacts[type].personal);
  const summary = summaries[type] as (data: unknown) => string;
  return ({ factId }, recorded) => {
    const { occurredAt, stream, revision, refs } = recorded;
    const data = recorded.data as Readonly<Record<string, unknown>>;
    const personal = Object.fromEntries(sealed.filter((field) => data[field] !== undefined).map((field) => [field, data[field]]));
    return present({
      factId,
      customerId: refs.customer ?? '',
      type,
      context,
      occurredAt,
      summary: summary(data),
      personal: Object.keys(personal).length === 0 ? undefined : (personal as TimelineEntry['personal']),
      ownerId: refs.owner,
      leadId: refs.lead,
      opportunityId: refs.opportunity,
      orderId: refs.order,
      ticketId: refs.ticket,
      channel: type === 'InteractionLogged' || type === 'TicketOpened' ? (data.channel as TimelineEntry['channel']) : undefined,
      touchpointId: data.touchpointId as string | undefined,
      amount: data.amount as number | undefined,
      currency: data.currency as string | undefined,
      event: { stream, revision },
    });
  };
}

const present = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
