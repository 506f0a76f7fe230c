import { type Static, Type } from 'typebox';
import { Choice, Count, Currency, Id, MinorUnits, MomentField, personal, Text } from '#kernel';
import { pointShapes } from '../../loyalty/contract.js';
import { intervals, reasons } from '../../retention/contract.js';
import { priorities, ticketStates } from '../../service/contract.js';
import { customerKinds, identifierKinds, preferenceSources } from '../customer/events.js';
import { channels, directions } from '../interaction/events.js';

export const orderStates = ['DRAFT', 'CONFIRMED', 'ON_HOLD', 'CLOSED', 'CANCELLED'] as const;

const Event = Type.Object(
  { stream: Text('the stream', 100), revision: Count('the number of the event in its stream, from 0') },
  { description: 'the event that this piece came from' },
);
const list = <T extends Parameters<typeof Type.Array>[0]>(piece: T, description: string) => Type.Array(piece, { description });

const Contact = Type.Object({
  contactId: Id('the contact'),
  name: personal('contactId', 'contact', Text('name of the contact', 200)),
  email: Type.Optional(personal('contactId', 'contact', Text('e-mail address', 254))),
  phone: Type.Optional(personal('contactId', 'contact', Text('phone number', 40))),
  role: Type.Optional(Text('what the contact does for the customer', 60)),
  since: MomentField('when the contact became known'),
  event: Event,
});

const Ownership = Type.Object({
  ownerId: Id('the employee who owned the customer'),
  since: MomentField('when the ownership began'),
  until: Type.Optional(MomentField('when it ended; left out while it lasts')),
  event: Event,
});

const Identifier = Type.Object({
  reservationId: Id('the random id that stands for the identifier'),
  kind: Choice(identifierKinds, 'what the identifier is'),
  value: personal('customerId', 'contact', Text('the identifier as it was given', 320)),
  since: MomentField('when it was linked'),
  event: Event,
});

const ShipmentPreference = Type.Object(
  {
    carrier: Type.Optional(Text('carrier', 60)),
    window: Type.Optional(Text('time of day at the address, HH:MM-HH:MM', 11)),
    address: Type.Optional(personal('customerId', 'contact', Text('delivery address', 500))),
    since: MomentField('when it was set'),
    event: Event,
  },
  { description: 'how the customer wants deliveries' },
);

const Preference = Type.Object({
  key: Text('what it is about', 60),
  value: personal('customerId', 'contact', Text('what the customer wants', 500)),
  source: Choice(preferenceSources, 'who or what says so'),
  since: MomentField('when it was recorded'),
  event: Event,
});

const Opportunity = Type.Object({
  opportunityId: Id('the opportunity'),
  phase: Text('the phase it is in', 100),
  status: Choice(['OPEN', 'WON', 'LOST'], 'whether it can still be won'),
  amount: MinorUnits('what it is expected to bring, or brought'),
  currency: Currency(),
  since: MomentField('when it was opened'),
  event: Event,
});

const billed = {
  invoiced: MinorUnits('what was invoiced'),
  paid: MinorUnits('what was paid, less what was paid back'),
  credited: MinorUnits('what was credited'),
  open: MinorUnits('what was invoiced and neither paid nor credited; what was paid beyond one invoice is not taken off another'),
};
const money = { currency: Currency(), ordered: MinorUnits('sum of the lines; 0 for what was cancelled'), ...billed };

const Invoice = Type.Object({
  invoiceId: Id('the invoice'),
  ...billed,
  since: MomentField('when it was issued'),
  event: Event,
});

const Order = Type.Object({
  orderId: Id('the order'),
  status: Choice(orderStates, 'how far the decisions on the order are; the order-to-cash view has its deliveries'),
  confirmed: Type.Boolean({ description: 'whether it was ever confirmed' }),
  bought: list(
    Type.Object({
      productId: Type.Optional(Id('the product, where it is in the catalogue')),
      description: Text('what was ordered', 500),
      quantity: Count('number of units'),
    }),
    'the lines of the order',
  ),
  ...money,
  invoices: list(Invoice, 'its invoices'),
  since: MomentField('when it was placed'),
  event: Event,
});

const Total = Type.Object(money);

const Ticket = Type.Object({
  ticketId: Id('the ticket'),
  subject: personal('customerId', 'contact', Text('what it is about', 500)),
  status: Choice(ticketStates, 'whose turn it is, or how it ended'),
  priority: Choice(priorities, 'how urgent it is'),
  agentId: Type.Optional(Id('the agent who has it')),
  breached: Type.Boolean({ description: 'whether a promise about it was broken' }),
  since: MomentField('when it was opened'),
  event: Event,
});

const Contract = Type.Object({
  contractId: Id('the contract'),
  kind: Text('its kind, in the words of the company', 100),
  price: MinorUnits('what the customer pays for each interval'),
  currency: Currency(),
  interval: Choice(intervals, 'how often the price is due'),
  endsAt: Type.Optional(MomentField('when it ends unless it is continued')),
  endedAt: Type.Optional(MomentField('when it ended')),
  since: MomentField('when it started'),
  event: Event,
});

const Membership = Type.Object({
  customerId: Id('the customer who is the member'),
  programmeId: Id('the loyalty programme'),
  tier: Text('its tier', 60),
  balance: Count('number of points that can be redeemed'),
  owed: Count('number of points that were redeemed before goods came back that had earned them'),
  currency: Currency(),
  spent: MinorUnits('what was spent as a member: invoices paid in full, without what was credited'),
  ...pointShapes,
  since: MomentField('when the customer was enrolled'),
  event: Event,
});

const LastInteraction = Type.Object(
  {
    interactionId: Id('the interaction'),
    channel: Choice(channels, 'how they were in touch'),
    direction: Choice(directions, 'from the customer (INBOUND) or to the customer (OUTBOUND)'),
    subject: personal('customerId', 'contact', Text('what it was about', 500)),
    occurredAt: MomentField('when they were in touch'),
    event: Event,
  },
  { description: 'the latest interaction' },
);

/** What a customer view shows. Lists are in the order of time, then of id; totals and preferences in that of their name. */
export const Customer360Document = Type.Object({
  customerId: Id('the customer'),
  members: list(Id('a customer'), 'the customers shown here as one, the survivor first'),
  status: Choice(['UNKNOWN', 'REGISTERED', 'ERASED'], 'UNKNOWN: others speak of the customer, but nobody registered it'),
  kept: Type.Optional(
    list(
      Type.Object({
        retention: Text('class of the personal fields', 20),
        until: MomentField('until when the law keeps them; then their key is destroyed'),
      }),
      'what a law keeps of an erased customer',
    ),
  ),
  kind: Type.Optional(Choice(customerKinds, 'a natural person or an organisation')),
  name: Type.Optional(personal('customerId', 'contract', Text('name of the person or the organisation', 200))),
  language: Type.Optional(Text('language to address the customer in, a BCP 47 tag', 35)),
  segment: Type.Optional(Text('market segment', 60)),
  registeredAt: Type.Optional(MomentField('when the customer was registered')),
  event: Type.Optional(Event),
  contacts: list(Contact, 'whom one can reach for the customer'),
  ownerId: Type.Optional(Id('the employee who owns the customer')),
  owners: list(Ownership, 'all who owned the customer, the present owner last'),
  identifiers: list(Identifier, 'the identifiers that belong to the customer'),
  shipmentPreference: Type.Optional(ShipmentPreference),
  preferences: list(Preference, 'needs and wishes, one a key'),
  opportunities: list(Opportunity, 'all opportunities'),
  openOpportunities: Count('number of opportunities that can still be won'),
  orders: list(Order, 'all orders, with what was bought and the money'),
  orderCount: Count('number of orders'),
  totals: list(Total, 'money of all orders, one entry a currency'),
  serviceTier: Type.Optional(Text('the service tier of new tickets', 60)),
  tickets: list(Ticket, 'all tickets'),
  openTickets: Count('number of tickets that are neither resolved nor closed nor go on in another'),
  ticketCount: Count('number of tickets'),
  contracts: list(Contract, 'all contracts'),
  runningContracts: Count('number of contracts that have not ended'),
  relationship: Type.Optional(
    Choice(['ACTIVE', 'CHURNED'], 'whether the customer is lost; left out where it never had a contract or bought anything'),
  ),
  churnedAt: Type.Optional(MomentField('when it was lost')),
  churnReason: Type.Optional(Choice(reasons, 'why it was lost')),
  memberships: list(Membership, 'memberships in loyalty programmes that have not ended'),
  membershipCount: Count('number of those memberships'),
  pointsExpireAt: Type.Optional(MomentField('when points expire next; left out where none do')),
  interactions: Count('number of interactions'),
  lastInteraction: Type.Optional(LastInteraction),
  lastInteractionAt: Type.Optional(MomentField('when the latest interaction was')),
});

export type Customer360 = Static<typeof Customer360Document>;
export type OpportunityPiece = Static<typeof Opportunity>;
export type OrderPiece = Static<typeof Order>;
export type InvoicePiece = Static<typeof Invoice>;
export type TicketPiece = Static<typeof Ticket>;
export type ContractPiece = Static<typeof Contract>;
export type MembershipPiece = Static<typeof Membership>;
export type TotalPiece = Static<typeof Total>;
