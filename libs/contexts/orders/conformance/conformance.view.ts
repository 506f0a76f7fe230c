import { type Static, Type } from 'typebox';
import { Choice, Count, Id, type Moment, MomentField, Text, view } from '#kernel';
import {
  channels,
  OrderAmended,
  OrderConfirmed,
  OrderDelivered,
  OrderInvoiced,
  OrderPlaced,
  OrderShipped,
  PaymentReceived,
  PaymentReversed,
} from '../order/events.js';
import { deviationNames, deviationsOf, type Steps, variantOf } from './deviations.js';

const Step = (description: string) => Type.Optional(MomentField(description));
const Found = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 1, description: `number of orders, 1 or 0: ${description}` });

const Conformance = Type.Object({
  orderId: Id('the order'),
  customerId: Id('who ordered'),
  ownerId: Type.Optional(Id('the sales agent whose order it is')),
  channel: Choice(channels, 'how it reached us'),
  hasGoods: Type.Boolean({ description: 'something of it is to be shipped; false: it has charges only' }),
  variant: Text(
    'the steps that it went, in the order in which each happened first: PLACED-CONFIRMED-SHIPPED-DELIVERED-INVOICED-PAID',
    60,
  ),
  deviations: Count('how many of the deviations below it has; 0: it goes the expected way'),
  shippedBeforeConfirmed: Found('goods left us before it was confirmed'),
  deliveredBeforeConfirmed: Found('goods arrived before it was confirmed'),
  deliveredBeforeShipped: Found('goods arrived before they had left us'),
  invoicedBeforeShipped: Found('it was invoiced before any goods left us'),
  invoicedBeforeDelivered: Found('it was invoiced before any goods arrived'),
  paidBeforeShipped: Found('a payment came in before any goods left us'),
  paidBeforeDelivered: Found('a payment came in before any goods arrived'),
  placedAt: Step('when it was placed'),
  confirmedAt: Step('when we accepted it'),
  shippedAt: Step('when the first goods left us'),
  deliveredAt: Step('when the first goods arrived'),
  invoicedAt: Step('when the first invoice was issued'),
  paidAt: Step('when the first payment came in that was not taken back'),
  arrivedEarly: Type.Boolean({ description: 'goods of a shipment arrived before that shipment had left us' }),
  payments: Type.Array(Type.Object({ paymentId: Id('the payment'), at: MomentField('when it came in') }), {
    description: 'what came in for its invoices and was not taken back',
  }),
});
type Conformance = Static<typeof Conformance>;

export const conformance = view({
  name: 'conformance',
  description:
    'Every order beside the way that is expected of it (placed, confirmed, shipped, delivered, invoiced, paid): the way that it went, and where it deviated.',
  version: 1,
  capabilities: ['ORD-06'],
  roles: ['orders', 'sales', 'care', 'analyst', 'auditor'],
  document: Conformance,
  facts: {
    OrderPlaced,
    OrderAmended,
    OrderConfirmed,
    OrderShipped,
    OrderDelivered,
    OrderInvoiced,
    PaymentReceived,
    PaymentReversed,
  },
  key: ({ data }) => data.orderId,
  initial: (orderId): Conformance => ({
    ...{ orderId, customerId: '', channel: 'DIRECT', hasGoods: true, variant: '', deviations: 0 },
    ...deviationsOf({}, true),
    ...{ arrivedEarly: false, payments: [] },
  }),
  apply: {
    OrderPlaced: (known, { data: { customerId, ownerId, channel, lines }, occurredAt: placedAt }) =>
      judged({ ...known, customerId, ownerId, channel, hasGoods: haveGoods(lines), placedAt }),
    OrderAmended: (known, { data: { lines } }) => judged({ ...known, hasGoods: haveGoods(lines) }),
    OrderConfirmed: (known, { occurredAt: confirmedAt }) => judged({ ...known, confirmedAt }),
    OrderShipped: (known, { occurredAt }) => judged({ ...known, shippedAt: earlierOf(known.shippedAt, occurredAt) }),
    OrderDelivered: (known, { data: { compared }, occurredAt }) => {
      const leftAt = compared?.shippedAt ?? known.shippedAt ?? occurredAt;
      return judged({
        ...known,
        deliveredAt: earlierOf(known.deliveredAt, occurredAt),
        arrivedEarly: known.arrivedEarly || occurredAt < leftAt,
      });
    },
    OrderInvoiced: (known, { occurredAt }) => judged({ ...known, invoicedAt: earlierOf(known.invoicedAt, occurredAt) }),
    PaymentReceived: (known, { data: { paymentId }, occurredAt: at }) => paid(known, [...known.payments, { paymentId, at }]),
    PaymentReversed: (known, { data: { paymentId } }) =>
      paid(
        known,
        known.payments.filter((payment) => payment.paymentId !== paymentId),
      ),
  },
  filters: [
    ...(['orderId', 'customerId', 'ownerId', 'channel', 'hasGoods', 'variant', 'deviations'] as const),
    ...deviationNames,
    ...(['placedAt', 'confirmedAt', 'shippedAt', 'deliveredAt', 'invoicedAt', 'paidAt'] as const),
  ],
  sums: { deviations: null, ...Object.fromEntries(deviationNames.map((name) => [name, null])) },
  sort: '-placedAt',
  customer: 'customerId',
  // Goods may be told of with a moment before the order: as of a day in between there is none.
  shows: ({ placedAt }) => placedAt !== undefined,
});

/** Everything in the document that follows from when each step happened. */
function judged(known: Conformance): Conformance {
  const steps: Steps = {
    PLACED: known.placedAt,
    CONFIRMED: known.confirmedAt,
    SHIPPED: known.shippedAt,
    DELIVERED: known.deliveredAt,
    INVOICED: known.invoicedAt,
    PAID: known.paidAt,
  };
  const found = deviationsOf(steps, known.hasGoods);
  const each = { ...found, deliveredBeforeShipped: known.arrivedEarly ? 1 : found.deliveredBeforeShipped };
  const deviations = Object.values(each).reduce((sum: number, one) => sum + one, 0);
  return { ...known, ...each, deviations, variant: variantOf(steps) };
}

const paid = (known: Conformance, payments: Conformance['payments']): Conformance =>
  judged({ ...known, payments, paidAt: payments.map(({ at }) => at).sort()[0] });

const haveGoods = (lines: readonly { readonly charge?: boolean }[]): boolean => lines.some(({ charge }) => !charge);

const earlierOf = (one: Moment | undefined, other: Moment): Moment => (one !== undefined && one < other ? one : other);
