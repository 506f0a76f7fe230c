import { type Static, Type } from 'typebox';
import { Choice, Count, Currency, Id, MinorUnits, MomentField, personal, Text } from '#kernel';
import { VerdictField } from '../deliveries/verdict.js';
import { InvoiceFields } from '../invoices/invoice-entry.js';
import { channels, preferredParts } from '../order/events.js';
import { nextSteps, orderStatuses } from '../order/status.js';

const Days = (description: string) => Type.Optional(Type.Number({ description: `${description}, in days of 24 hours` }));
const Milestone = (description: string) => Type.Optional(MomentField(description));

const Line = Type.Object({
  lineId: Id('the line'),
  productId: Type.Optional(Id('the product, where it is in the catalogue')),
  description: Text('what is ordered'),
  quantity: Count('units ordered'),
  unitPrice: MinorUnits('price of one unit'),
  charge: Type.Optional(Type.Boolean({ description: 'not goods but what comes on top of them, such as freight' })),
  allocated: Count('units that were set aside for it, whether they have left us or not'),
  picked: Count('units that were taken from the shelf'),
  shipped: Count('units that left us'),
  delivered: Count('units that arrived'),
  invoiced: Count(
    'units that are invoiced, or were and came back; not those whose invoice was credited in full, to be invoiced again',
  ),
  backordered: Count('units that wait for the stock'),
  returned: Count('units that the customer sent back, and that are settled'),
});

const Shipment = Type.Object({
  shipmentId: Id('the shipment'),
  carrier: Type.Optional(Text('who carries it')),
  shippedAt: MomentField('when it left us'),
  underWay: Count('units that have not arrived'),
  lastDeliveredAt: Type.Optional(MomentField('when goods of it last arrived')),
});

export const OrderToCash = Type.Object({
  orderId: Id('the order'),
  orderNumber: Type.Optional(Text('number that people use for it')),
  customerId: Id('who ordered'),
  ownerId: Type.Optional(Id('the sales agent whose order it is')),
  opportunityId: Type.Optional(Id('the won opportunity that led to it')),
  channel: Choice(channels, 'how it reached us'),
  currency: Currency(),
  status: Choice(orderStatuses, 'follows from what was decided, delivered and invoiced'),
  nextStep: Choice(nextSteps, 'what is expected next'),
  expectedBy: Type.Optional(
    MomentField('when the next step is expected: as the customer requested, or when the earliest open invoice is due'),
  ),
  requestedBy: Type.Optional(MomentField('when the customer wants to have it at the latest')),
  shippingAddress: Type.Optional(personal('customerId', 'contract', Text('where to deliver'))),
  carrier: Type.Optional(Text('who is to carry it')),
  window: Type.Optional(Text('time of day for deliveries at the address, HH:MM-HH:MM')),
  asPreferred: Type.Array(Choice(preferredParts, 'a part'), {
    description: "what of the shipment was taken from the customer's preference",
  }),
  notAsPreferred: Type.Array(Choice(preferredParts, 'a part'), {
    description: 'what of the shipment is another one than the customer prefers',
  }),
  overrideReason: Type.Optional(Text('why it departs from what the customer prefers, as last said')),

  orderedAmount: MinorUnits('worth of all lines'),
  shippedAmount: MinorUnits('worth of what left us'),
  deliveredAmount: MinorUnits('worth of what arrived'),
  invoicedAmount: MinorUnits('sum of the invoices'),
  paidAmount: MinorUnits('sum of the payments'),
  creditedAmount: MinorUnits('sum of the credit notes'),
  refundedAmount: MinorUnits('sum of what was paid back'),
  refundableAmount: MinorUnits('what was paid beyond what its invoices ask for since they were credited, and is to be paid back'),
  openAmount: MinorUnits('invoiced, and neither paid nor credited'),

  placedAt: Milestone('when it was placed'),
  confirmedAt: Milestone('when we accepted it'),
  heldSince: Milestone('since when it is on hold'),
  holdReason: Type.Optional(Text('why it is on hold')),
  allocatedUnits: Count('units that were set aside for it, whether they have left us or not'),
  pickedUnits: Count('units that were taken from the shelf'),
  fullyPickedAt: Milestone('since when all goods have been taken from the shelf'),
  promisedAt: Milestone('when the customer was promised that all goods have left us, as last said'),
  asPromised: VerdictField('all goods left us by the promised moment; null: they did not all leave yet, or none was promised'),
  backorderedUnits: Count('units that wait for the stock'),
  everBackorderedUnits: Count('units that waited for the stock at some time; those that waited twice count twice'),
  backorderExpectedAt: Milestone('when the goods that it waits for are expected in stock, as last said'),
  returnedUnits: Count('units that the customer sent back, and that are settled'),
  firstShippedAt: Milestone('when the first goods left us'),
  fullyShippedAt: Milestone('since when all goods have left us'),
  firstDeliveredAt: Milestone('when the first goods arrived'),
  fullyDeliveredAt: Milestone('since when all goods have arrived'),
  firstInvoicedAt: Milestone('when the first invoice was issued'),
  fullyInvoicedAt: Milestone('since when all has been invoiced'),
  firstPaidAt: Milestone('when the first payment came in'),
  fullyPaidAt: Milestone('since when all has been invoiced, something was paid and nothing is open'),
  cancelledAt: Milestone('when it was cancelled'),
  closedAt: Milestone('when it was closed short'),

  daysToConfirm: Days('from placed to confirmed'),
  daysToShip: Days('from confirmed to fully shipped'),
  daysToDeliver: Days('from fully shipped to fully delivered'),
  daysToInvoice: Days('from fully delivered to fully invoiced (negative if invoiced before)'),
  daysToPay: Days('from fully invoiced to fully paid'),
  daysOrderToCash: Days('from placed to fully paid'),

  onTime: VerdictField(
    'all goods arrived by the moment at which the customer wanted them; null: they did not all arrive yet, or the customer named no moment',
  ),
  complete: VerdictField('all that was ordered arrived; false: closed short; null: goods are still to arrive'),
  onTimeAndComplete: VerdictField('both; null: one is not known, and none is false'),
  leadDays: Days('from placed until the last goods arrived'),
  processingDays: Days('from placed until the last goods left us'),

  invoices: Type.Array(Type.Object(InvoiceFields), { description: 'in the order in which they were issued' }),
  earliestDueAt: Type.Optional(MomentField('when the earliest open invoice is due')),
  overdueAmount: MinorUnits('what is open of overdue invoices'),
  reminders: Count('how many reminders went out'),
  failedDeliveries: Count('how many tries to deliver its packages failed'),
  lastReminderAt: Type.Optional(MomentField('when the last reminder was due')),
  lines: Type.Array(Line, { description: 'what was ordered, and how much of it has left us, arrived, and been invoiced' }),
  shipments: Type.Array(Shipment, { description: 'in the order in which they left us' }),
  lastChangeAt: Milestone('when the last fact about it occurred'),
});
export type OrderToCash = Static<typeof OrderToCash>;
