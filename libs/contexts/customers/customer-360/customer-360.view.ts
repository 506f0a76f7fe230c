import { view } from '#kernel';
import {
  ledger,
  MemberEnrolled,
  MembershipEnded,
  PointsAdjusted,
  PointsEarned,
  PointsExpired,
  PointsRedeemed,
  PointsTakenBack,
  TierChanged,
} from '../../loyalty/contract.js';
import {
  OrderAmended,
  OrderCancelled,
  OrderClosed,
  OrderConfirmed,
  OrderCredited,
  OrderHeld,
  OrderInvoiced,
  OrderPlaced,
  OrderReleased,
  PaymentReceived,
  PaymentRefunded,
  PaymentReversed,
} from '../../orders/contract.js';
import {
  ChurnReasonLearnt,
  ContractChanged,
  ContractContinued,
  ContractEnded,
  ContractNoticeGiven,
  ContractStarted,
  CustomerChurned,
  CustomerWonBack,
  RelationshipBegan,
} from '../../retention/contract.js';
import {
  OpportunityAdvanced,
  OpportunityCorrected,
  OpportunityLost,
  OpportunityOpened,
  OpportunityRegressed,
  OpportunityReopened,
  OpportunityWon,
} from '../../sales/contract.js';
import {
  ServiceTierAssigned,
  SlaBreached,
  TicketAssigned,
  TicketClosed,
  TicketHeld,
  TicketMerged,
  TicketOpened,
  TicketPrioritised,
  TicketReinstated,
  TicketReopened,
  TicketReplied,
  TicketResolved,
  TicketResumed,
} from '../../service/contract.js';
import {
  ContactAdded,
  CustomerErased,
  CustomerRegistered,
  IdentifierLinked,
  IdentifierUnlinked,
  OwnerAssigned,
  OwnershipTransferred,
  PreferenceRecorded,
  RetentionEnded,
  RetentionNoted,
  ShipmentPreferenceSet,
} from '../customer/events.js';
import { InteractionLogged } from '../interaction/events.js';
import { billed, bought, owned, progressed, pursued, served, trace } from './changes.js';
import { active, contractChanged, contractContinued, contractEnded, contractStarted, explained, lost } from './contracts.js';
import { type Customer360, Customer360Document, type OpportunityPiece, type OrderPiece, type TicketPiece } from './document.js';
import { enrolled, membershipEnded, pointsChanged, tierChanged } from './memberships.js';
import { mergeCustomers } from './merge.js';
import { compare, eventOf, latestOf, ofInvoices, ofOpportunities, ofOrders, ofTickets, withPiece } from './pieces.js';

/** All that the company knows of a customer, each piece with the event that it came from. */
export const customer360 = view({
  name: 'customer360',
  description:
    'A customer with its contacts, owners, identifiers, wishes, opportunities, orders with money, tickets, contracts, loyalty points, and last interaction.',
  version: 6,
  capabilities: ['CID-01', 'CID-02', 'CID-04', 'CID-06', 'CID-07', 'CID-08', 'MKT-16'],
  roles: ['care', 'sales', 'orders', 'analyst', 'auditor'],
  document: Customer360Document,
  facts: {
    CustomerRegistered,
    ContactAdded,
    IdentifierLinked,
    IdentifierUnlinked,
    ShipmentPreferenceSet,
    PreferenceRecorded,
    OwnerAssigned,
    OwnershipTransferred,
    CustomerErased,
    RetentionEnded,
    RetentionNoted,
    InteractionLogged,
    OpportunityOpened,
    OpportunityAdvanced,
    OpportunityRegressed,
    OpportunityWon,
    OpportunityLost,
    OpportunityReopened,
    OpportunityCorrected,
    OrderPlaced,
    OrderAmended,
    OrderConfirmed,
    OrderHeld,
    OrderReleased,
    OrderCancelled,
    OrderClosed,
    OrderInvoiced,
    PaymentReceived,
    PaymentRefunded,
    PaymentReversed,
    OrderCredited,
    ServiceTierAssigned,
    TicketOpened,
    TicketPrioritised,
    TicketAssigned,
    TicketReplied,
    TicketHeld,
    TicketResumed,
    TicketResolved,
    TicketReopened,
    TicketClosed,
    TicketMerged,
    TicketReinstated,
    SlaBreached,
    RelationshipBegan,
    CustomerChurned,
    ChurnReasonLearnt,
    CustomerWonBack,
    ContractStarted,
    ContractChanged,
    ContractNoticeGiven,
    ContractContinued,
    ContractEnded,
    MemberEnrolled,
    PointsEarned,
    PointsTakenBack,
    PointsRedeemed,
    PointsExpired,
    PointsAdjusted,
    TierChanged,
    MembershipEnded,
  },
  key: ({ refs }) => refs.customer ?? [],
  filters: [
    'customerId',
    'status',
    'kind',
    'language',
    'segment',
    'ownerId',
    'registeredAt',
    'openOpportunities',
    'orderCount',
    'serviceTier',
    'openTickets',
    'ticketCount',
    'runningContracts',
    'relationship',
    'churnedAt',
    'churnReason',
    'membershipCount',
    'pointsExpireAt',
    'interactions',
    'lastInteractionAt',
  ],
  sums: {
    openOpportunities: null,
    orderCount: null,
    openTickets: null,
    ticketCount: null,
    runningContracts: null,
    membershipCount: null,
    interactions: null,
  },
  sort: 'registeredAt',
  customer: 'customerId',
  merge: mergeCustomers,

  initial: (customerId): Customer360 => ({
    customerId,
    members: [customerId],
    status: 'UNKNOWN',
    contacts: [],
    owners: [],
    identifiers: [],
    preferences: [],
    opportunities: [],
    openOpportunities: 0,
    orders: [],
    orderCount: 0,
    totals: [],
    tickets: [],
    openTickets: 0,
    ticketCount: 0,
    contracts: [],
    runningContracts: 0,
    memberships: [],
    membershipCount: 0,
    interactions: 0,
  }),

  apply: {
    CustomerRegistered: (customer, recorded): Customer360 => {
      const { kind, name, language, segment } = recorded.data;
      const { occurredAt: registeredAt } = recorded;
      return { ...customer, status: 'REGISTERED', kind, name, language, segment, registeredAt, event: eventOf(recorded) };
    },
    ContactAdded: (customer, recorded) => {
      const { customerId: _, ...contact } = recorded.data;
      return {
        ...customer,
        contacts: withPiece(customer.contacts, 'contactId', { since: recorded.occurredAt, event: eventOf(recorded), ...contact }),
      };
    },
    IdentifierLinked: (customer, recorded) => {
      const { customerId: _, ...identifier } = recorded.data;
      return {
        ...customer,
        identifiers: withPiece(customer.identifiers, 'reservationId', { ...identifier, ...trace(recorded) }),
      };
    },
    IdentifierUnlinked: (customer, { data: { reservationId } }) => ({
      ...customer,
      identifiers: customer.identifiers.filter((identifier) => identifier.reservationId !== reservationId),
    }),
    ShipmentPreferenceSet: (customer, recorded) => {
      const { customerId: _, ...preference } = recorded.data;
      return { ...customer, shipmentPreference: { ...preference, ...trace(recorded) } };
    },
    PreferenceRecorded: (customer, recorded) => {
      const { customerId: _, ...preference } = recorded.data;
      const others = customer.preferences.filter(({ key }) => key !== preference.key);
      const preferences = [...others, { ...preference, ...trace(recorded) }].sort((one, other) => compare(one.key, other.key));
      return { ...customer, preferences };
    },
    OwnerAssigned: (customer, recorded) => owned(customer, recorded.data.ownerId, recorded),
    OwnershipTransferred: (customer, recorded) => owned(customer, recorded.data.to, recorded),
    CustomerErased: ({ kept: _before, ...customer }, { data: { kept } }): Customer360 => ({
      ...customer,
      status: 'ERASED',
      ...(kept && { kept }),
    }),
    RetentionNoted: (customer, { data: { retention, until, afterErasure } }) =>
      afterErasure
        ? { ...customer, kept: [...(customer.kept?.filter((one) => one.retention !== retention) ?? []), { retention, until }] }
        : customer,
    RetentionEnded: ({ kept: _before, ...customer }, { data: { kept } }) => ({ ...customer, ...(kept && { kept }) }),

    InteractionLogged: (customer, recorded) => {
      const { interactionId, channel, direction, subject } = recorded.data;
      const { occurredAt } = recorded;
      const latest = latestOf(customer.lastInteraction, {
        interactionId,
        channel,
        direction,
        subject,
        occurredAt,
        event: eventOf(recorded),
      });
      return { ...customer, ...latest, interactions: customer.interactions + 1 };
    },

    OpportunityOpened: (customer, recorded) => {
      const { opportunityId, phase, amount, currency } = recorded.data;
      const opened: OpportunityPiece = { opportunityId, phase, status: 'OPEN', amount, currency, ...trace(recorded) };
      return { ...customer, ...ofOpportunities(withPiece(customer.opportunities, 'opportunityId', opened)) };
    },
    OpportunityAdvanced: (customer, recorded) => pursued(customer, recorded, ({ to }) => ({ phase: to })),
    OpportunityRegressed: (customer, recorded) => pursued(customer, recorded, ({ to }) => ({ phase: to })),
    OpportunityWon: (customer, recorded) =>
      pursued(customer, recorded, ({ to, amount, currency }) => ({ phase: to, status: 'WON', amount, currency })),
    OpportunityLost: (customer, recorded) => pursued(customer, recorded, ({ to }) => ({ phase: to, status: 'LOST' })),
    OpportunityReopened: (customer, recorded) => pursued(customer, recorded, ({ to }) => ({ phase: to, status: 'OPEN' })),
    OpportunityCorrected: (customer, recorded) =>
      pursued(customer, recorded, ({ amount }, opportunity) => ({ amount: amount ?? opportunity.amount })),

    OrderPlaced: (customer, recorded) => {
      const { orderId, lines, amount: ordered, currency } = recorded.data;
      const placed: OrderPiece = {
        orderId,
        status: 'DRAFT',
        confirmed: false,
        bought: bought(lines),
        currency,
        ordered,
        ...ofInvoices([]),
        ...trace(recorded),
      };
      return { ...customer, ...ofOrders(withPiece(customer.orders, 'orderId', placed)) };
    },
    OrderAmended: (customer, recorded) =>
      progressed(customer, recorded, ({ lines, amount, currency }) => ({ bought: bought(lines), ordered: amount, currency })),
    OrderConfirmed: (customer, recorded) =>
      progressed(customer, recorded, (_, { status }) => ({ confirmed: true, status: status === 'DRAFT' ? 'CONFIRMED' : status })),
    OrderHeld: (customer, recorded) => progressed(customer, recorded, () => ({ status: 'ON_HOLD' })),
    OrderReleased: (customer, recorded) =>
      progressed(customer, recorded, (_, { confirmed }) => ({ status: confirmed ? 'CONFIRMED' : 'DRAFT' })),
    OrderCancelled: (customer, recorded) => progressed(customer, recorded, () => ({ status: 'CANCELLED', ordered: 0 })),
    OrderClosed: (customer, recorded) => progressed(customer, recorded, () => ({ status: 'CLOSED' })),
    OrderInvoiced: (customer, recorded) =>
      billed(customer, recorded, ({ amount }, { invoiced }) => ({ invoiced: invoiced + amount })),
    PaymentReceived: (customer, recorded) => billed(customer, recorded, ({ amount }, { paid }) => ({ paid: paid + amount })),
    PaymentRefunded: (customer, recorded) => billed(customer, recorded, ({ amount }, { paid }) => ({ paid: paid - amount })),
    PaymentReversed: (customer, recorded) => billed(customer, recorded, ({ amount }, { paid }) => ({ paid: paid - amount })),
    OrderCredited: (customer, recorded) =>
      billed(customer, recorded, ({ amount }, { credited }) => ({ credited: credited + amount })),

    ServiceTierAssigned: (customer, { data: { tier } }) => ({ ...customer, serviceTier: tier }),
    TicketOpened: (customer, recorded) => {
      const { ticketId, subject, priority } = recorded.data;
      const opened: TicketPiece = { ticketId, subject, priority, status: 'OPEN', breached: false, ...trace(recorded) };
      return { ...customer, ...ofTickets(withPiece(customer.tickets, 'ticketId', opened)) };
    },
    TicketPrioritised: (customer, recorded) => served(customer, recorded, ({ to }) => ({ priority: to })),
    TicketAssigned: (customer, recorded) => served(customer, recorded, ({ agentId }) => ({ agentId })),
    TicketReplied: (customer, recorded) =>
      served(customer, recorded, ({ awaitsCustomer }, { status }) =>
        awaitsCustomer && status === 'OPEN' ? { status: 'REPLIED' } : {},
      ),
    TicketHeld: (customer, recorded) => served(customer, recorded, () => ({ status: 'ON_HOLD' })),
    TicketResumed: (customer, recorded) => served(customer, recorded, () => ({ status: 'OPEN' })),
    TicketResolved: (customer, recorded) => served(customer, recorded, () => ({ status: 'RESOLVED' })),
    TicketReopened: (customer, recorded) => served(customer, recorded, () => ({ status: 'OPEN' })),
    TicketClosed: (customer, recorded) => served(customer, recorded, () => ({ status: 'CLOSED' })),
    TicketMerged: (customer, recorded) => served(customer, recorded, () => ({ status: 'MERGED' })),
    TicketReinstated: (customer, recorded) => served(customer, recorded, () => ({ status: 'OPEN' })),
    SlaBreached: (customer, recorded) => served(customer, recorded, () => ({ breached: true })),
    RelationshipBegan: active,
    CustomerChurned: lost,
    ChurnReasonLearnt: explained,
    CustomerWonBack: active,
    ContractStarted: contractStarted,
    ContractChanged: (customer, recorded) =>
      contractChanged(customer, recorded, ({ kind, price, currency, interval }) => ({ kind, price, currency, interval })),
    ContractNoticeGiven: (customer, recorded) => contractChanged(customer, recorded, ({ endsAt }) => ({ endsAt })),
    ContractContinued: contractContinued,
    ContractEnded: contractEnded,
    MemberEnrolled: enrolled,
    PointsEarned: (customer, recorded) => pointsChanged(customer, recorded, ledger.PointsEarned),
    PointsTakenBack: (customer, recorded) => pointsChanged(customer, recorded, ledger.PointsTakenBack),
    PointsRedeemed: (customer, recorded) => pointsChanged(customer, recorded, ledger.PointsRedeemed),
    PointsExpired: (customer, recorded) => pointsChanged(customer, recorded, ledger.PointsExpired),
    PointsAdjusted: (customer, recorded) => pointsChanged(customer, recorded, ledger.PointsAdjusted),
    TierChanged: tierChanged,
    MembershipEnded: membershipEnded,
  },
});
