import type { DataOf } from '#kernel';
import type { timelineFacts } from './facts.js';

type TimelineFacts = typeof timelineFacts;

/** One line for people, of what is not personal; money is in fields of its own, for its digits depend on the currency. */
export const summaries: { readonly [K in keyof TimelineFacts]: (data: DataOf<TimelineFacts[K]>) => string } = {
  CustomerRegistered: ({ kind }) => `Registered as ${lower(kind)}`,
  ContactAdded: ({ role }) => (role === undefined ? 'Contact added' : `Contact added: ${role}`),
  IdentifierLinked: ({ kind }) => `Identifier linked: ${lower(kind)}`,
  IdentifierUnlinked: ({ kind }) => `Identifier unlinked: ${lower(kind)}`,
  ShipmentPreferenceSet: ({ carrier, window }) => `Shipment preference set${listed(carrier, window)}`,
  PreferenceRecorded: ({ key }) => `Preference recorded: ${key}`,
  OwnerAssigned: () => 'Owner assigned',
  OwnershipTransferred: () => 'Ownership transferred',
  CustomersMerged: () => 'Merged into another customer',
  CustomersUnmerged: () => 'Shown by itself again',
  CustomerErased: () => 'Personal data erased',
  RetentionEnded: ({ retention }) => `Kept data destroyed: ${retention}`,
  InteractionLogged: ({ channel, direction }) => `${lower(direction)} interaction by ${lower(channel)}`,

  LeadCreated: ({ source }) => `Lead created from ${lower(source)}`,
  LeadAssigned: () => 'Lead assigned',
  LeadQualified: () => 'Lead qualified',
  LeadDisqualified: ({ reason }) => `Lead disqualified: ${lower(reason)}`,
  LeadRecycled: () => 'Lead recycled',
  LeadConversionStarted: () => 'Lead conversion started',
  LeadConverted: () => 'Lead converted',
  LeadErased: () => 'Personal data of the lead erased',

  OpportunityOpened: ({ phase }) => `Opportunity opened in ${phase}`,
  OpportunityAdvanced: ({ from, to }) => `Opportunity advanced from ${from} to ${to}`,
  OpportunityRegressed: ({ from, to }) => `Opportunity went back from ${from} to ${to}`,
  OpportunityWon: () => 'Opportunity won',
  OpportunityLost: ({ reason }) => `Opportunity lost: ${lower(reason)}`,
  OpportunityReopened: ({ to }) => `Opportunity reopened in ${to}`,
  OpportunityStalled: ({ phase }) => `Opportunity stalled in ${phase}`,
  OpportunityAssigned: () => 'Opportunity assigned',
  OpportunityCorrected: () => 'Opportunity corrected',

  OrderPlaced: ({ lines }) => `Order placed: ${counted(lines, 'line')}`,
  OrderAmended: ({ lines }) => `Order amended: ${counted(lines, 'line')}`,
  OrderConfirmed: () => 'Order confirmed',
  OrderHeld: ({ reason }) => `Order on hold: ${reason}`,
  OrderReleased: () => 'Order released',
  OrderCancelled: ({ reason }) => `Order cancelled: ${reason}`,
  OrderClosed: ({ reason }) => `Order closed: ${reason}`,
  OrderShipped: ({ carrier }) => (carrier === undefined ? 'Order shipped' : `Order shipped by ${carrier}`),
  OrderDelivered: () => 'Order delivered',
  OrderInvoiced: ({ invoiceNumber }) => (invoiceNumber === undefined ? 'Order invoiced' : `Order invoiced: ${invoiceNumber}`),
  PaymentReceived: ({ method }) => (method === undefined ? 'Payment received' : `Payment received by ${lower(method)}`),
  OrderCredited: ({ reason }) => `Order credited: ${reason}`,
  InvoiceBecameOverdue: () => 'Invoice overdue',
  PaymentReminded: ({ level }) => `Payment reminder ${level}`,
  InvoiceAged: ({ days }) => `Invoice overdue for ${days} days`,
  OrderBackordered: () => 'Goods out of stock',
  OrderBackorderEnded: () => 'Goods in stock again',
  OrderShipmentReturned: ({ reason }) => `Shipment came back: ${reason}`,
  OrderReturned: () => 'Returned goods settled',
  PaymentRefunded: () => 'Payment refunded',
  PaymentRecorded: ({ method }) => (method === undefined ? 'Payment recorded' : `Payment recorded by ${lower(method)}`),
  PaymentAllocated: ({ allocations }) => `Payment allocated to ${counted(allocations, 'invoice')}`,
  AllocationReturned: () => 'Payment not needed by its invoice',
  RemainderRefunded: () => 'Remainder of a payment refunded',
  CreditLimitSet: () => 'Credit limit set',
  ReturnRequested: ({ reason }) => `Return asked for: ${reason}`,
  ReturnApproved: () => 'Return approved',
  ReturnRejected: ({ reason }) => `Return rejected: ${reason}`,
  ReturnReceived: () => 'Returned goods received',
  ReturnRefunded: () => 'Return credited',
  ReturnReplaced: () => 'Return replaced',
  ReturnSentBack: ({ reason }) => `Returned goods sent back: ${reason}`,
};

const lower = (code: string) => code.toLowerCase().replaceAll('_', ' ');
const listed = (...parts: readonly (string | undefined)[]) => {
  const given = parts.filter((part) => part !== undefined);
  return given.length === 0 ? '' : `: ${given.join(', ')}`;
};
const counted = (things: readonly unknown[], noun: string) => `${things.length} ${noun}${things.length === 1 ? '' : 's'}`;
