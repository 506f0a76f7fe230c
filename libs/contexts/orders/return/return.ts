import { aggregate, type DataOf, refuse } from '#kernel';
import { settledBefore } from '../order/claimed.js';
import type { LineQuantity } from '../order/line-fields.js';
import { order } from '../order/order.js';
import { creditedBefore, lineOf, notInvoiced, openTo, quantityField, upToOpen } from '../order/order-lines.js';
import { type Order, type PlacedOrder, placed } from '../order/order-state.js';
import { less, type Move, quantityOf } from '../order/quantities.js';
import {
  ApproveReturn,
  ReceiveReturn,
  RefundReturn,
  RejectReturn,
  ReopenReturn,
  ReplaceReturn,
  RequestReturn,
  SendBackReturn,
} from './commands.js';
import {
  ReturnApproved,
  ReturnReceived,
  ReturnRefunded,
  ReturnRejected,
  ReturnReopened,
  ReturnReplaced,
  ReturnRequested,
  ReturnSentBack,
} from './events.js';

export const returnStatuses = ['DRAFT', 'CONFIRMED', 'RECEIVED', 'REFUNDED', 'REPLACED', 'RETURNED', 'CANCELLED'] as const;
export type ReturnStatus = (typeof returnStatuses)[number];

export type GoodsReturn =
  | { readonly exists: false }
  | {
      readonly exists: true;
      readonly status: ReturnStatus;
      readonly orderId: string;
      readonly customerId: string;
      readonly reason: string;
      /** What was asked for; from its receipt on, what arrived. */
      readonly lines: DataOf<typeof ReturnRequested>['lines'];
    };

/** What decisions on a return read of its order. */
interface References {
  readonly order: Order;
}

/** Goods that a customer sends back: asked for, agreed, received, and then credited, replaced or sent back. */
export const goodsReturn = aggregate<GoodsReturn, References>()({
  name: 'return',
  description: 'Goods of an order that come back from the customer.',
  id: 'returnId',
  commands: {
    RequestReturn,
    ApproveReturn,
    RejectReturn,
    ReceiveReturn,
    RefundReturn,
    ReplaceReturn,
    SendBackReturn,
    ReopenReturn,
  },
  facts: {
    ReturnRequested,
    ReturnApproved,
    ReturnRejected,
    ReturnReceived,
    ReturnRefunded,
    ReturnReplaced,
    ReturnSentBack,
    ReturnReopened,
  },
  initial: { exists: false },
  refs: (known) => (known.exists ? { order: known.orderId, customer: known.customerId } : {}),
  references: {
    order: { aggregate: order, id: (command: Partial<RequestReturn>, known) => (known.exists ? known.orderId : command.orderId) },
  },

  decide: {
    RequestReturn: ({ returnId, orderId, lines: wanted, reason }, known, { order, newId }) => {
      if (known.exists) refuseAgain();
      const from = placed(order);
      const lines = ofTheCustomer(from, wanted);
      return ReturnRequested({ returnId: returnId ?? newId('return'), orderId, customerId: from.customerId, lines, reason });
    },
    ApproveReturn: ({ returnId }, known) => {
      const { status, ...about } = asked(known);
      if (status === 'CONFIRMED') return [];
      if (status !== 'DRAFT') refuseStatus(status);
      return ReturnApproved({ returnId, ...aboutOf(about) });
    },
    RejectReturn: ({ returnId, reason }, known) => {
      const { status, ...about } = asked(known);
      if (status === 'CANCELLED') return [];
      if (status !== 'DRAFT' && status !== 'CONFIRMED') refuseStatus(status);
      return ReturnRejected({ returnId, ...aboutOf(about), reason });
    },
    ReceiveReturn: ({ returnId, lines: arrived }, known) => {
      const { status, lines, ...about } = asked(known);
      if (status !== 'CONFIRMED') refuseStatus(status);
      return ReturnReceived({ returnId, ...aboutOf(about), lines: arrived ? ofTheAgreed(lines, arrived) : lines });
    },
    RefundReturn: ({ returnId }, known, { order }) => {
      const { status, lines, reason, ...about } = asked(known);
      if (status === 'REFUNDED') return [];
      if (status !== 'RECEIVED') refuseStatus(status);
      const from = placed(order);
      mustBeWithTheCustomer(from, lines);
      mustBeInvoiced(from, lines);
      const amount = lines.reduce((sum, { lineId, quantity }) => sum + quantity * lineOf(from.lines, lineId).unitPrice, 0);
      return ReturnRefunded({ returnId, ...aboutOf(about), lines, reason, amount, currency: from.currency });
    },
    ReplaceReturn: ({ returnId }, known, { order, newId }) => {
      const { status, lines, reason, ...about } = asked(known);
      if (status === 'REPLACED') return [];
      if (status !== 'RECEIVED') refuseStatus(status);
      const from = placed(order);
      mustBeWithTheCustomer(from, lines);
      mustNotBeSettledByClaim(from, lines);
      const replaced = lines.map(({ lineId, quantity }) => {
        const { productId, description } = lineOf(from.lines, lineId);
        return { lineId, ...(productId !== undefined && { productId }), description, quantity };
      });
      const { currency } = from;
      return ReturnReplaced({
        returnId,
        ...aboutOf(about),
        reason,
        currency,
        replacementId: newId('replacement'),
        lines: replaced,
      });
    },
    SendBackReturn: ({ returnId, reason }, known) => {
      const { status, ...about } = asked(known);
      if (status === 'RETURNED') return [];
      if (status !== 'RECEIVED') refuseStatus(status);
      return ReturnSentBack({ returnId, ...aboutOf(about), reason });
    },
    ReopenReturn: ({ returnId }, known) => {
      const { status, ...about } = asked(known);
      return status === 'REFUNDED' || status === 'REPLACED' ? ReturnReopened({ returnId, ...aboutOf(about) }) : [];
    },
  },

  evolve: {
    ReturnRequested: (_, { orderId, customerId, lines, reason }) => ({
      exists: true,
      status: 'DRAFT',
      orderId,
      customerId,
      lines,
      reason,
    }),
    ReturnApproved: (known) => ({ ...asked(known), status: 'CONFIRMED' }),
    ReturnRejected: (known) => ({ ...asked(known), status: 'CANCELLED' }),
    ReturnReceived: (known, { lines }) => ({ ...asked(known), status: 'RECEIVED', lines }),
    ReturnRefunded: (known) => ({ ...asked(known), status: 'REFUNDED' }),
    ReturnReplaced: (known) => ({ ...asked(known), status: 'REPLACED' }),
    ReturnSentBack: (known) => ({ ...asked(known), status: 'RETURNED' }),
    ReturnReopened: (known) => ({ ...asked(known), status: 'RECEIVED' }),
  },
});

const asked = (known: GoodsReturn) =>
  known.exists
    ? known
    : refuse('return-unknown', 'There is no such return; check returnId, or ask for the return first.', 'returnId');
const aboutOf = ({ orderId, customerId }: { readonly orderId: string; readonly customerId: string }) => ({ orderId, customerId });
const refuseAgain = (): never =>
  refuse(
    'return-exists',
    'This return was asked for before; another one needs another returnId, and a retry the same Idempotency-Key.',
    'returnId',
  );

function refuseStatus(status: ReturnStatus): never {
  if (status === 'DRAFT') refuse('return-not-there', 'The return is DRAFT; approve or reject it first.');
  if (status === 'CONFIRMED') refuse('return-not-there', 'The return is CONFIRMED; receive or reject it first.');
  if (status === 'RECEIVED') refuse('return-not-there', 'The return is RECEIVED; refund it, replace it or send it back.');
  return refuse('return-not-there', `The return is ${status}; ask for another one.`);
}

/** What arrived, each line once. */
function ofTheAgreed(agreed: readonly Move[], arrived: readonly LineQuantity[]): Move[] {
  return [...new Set(arrived.map(({ lineId }) => lineId))].map((lineId) => {
    const quantity = quantityOf(arrived, lineId);
    const most = quantityOf(agreed, lineId);
    if (quantity > most)
      refuse(
        'received-beyond-agreed',
        `${quantity} of line ${lineId} are more than the ${most} that were agreed; receive no more, and ask for another return of the rest.`,
        quantityField(lineId, arrived),
      );
    return { lineId, quantity };
  });
}

/** Of goods that were never invoiced there is nothing to credit, and afterwards they would still be invoiced. */
function mustBeInvoiced(order: PlacedOrder, goods: readonly Move[]): void {
  for (const { lineId } of less(notInvoiced(order, goods), creditedBefore(order, goods))) {
    if (lineOf(order.lines, lineId).unitPrice > 0)
      refuse(
        'return-not-invoiced',
        `The goods of line ${lineId} are not invoiced; invoice them first, then they can be credited.`,
      );
  }
}

function mustNotBeSettledByClaim(order: PlacedOrder, goods: readonly Move[]): void {
  const [settled] = settledBefore(order, goods);
  if (settled)
    refuse(
      'settled-by-claim',
      `${settled.quantity} of line ${settled.lineId} were credited or replaced by claim ${settled.claimId}: refund the return, which credits what that did not, or send it back.`,
    );
}

/** When the return was asked for the customer had its goods; another return of them may have been settled since. */
function mustBeWithTheCustomer(order: PlacedOrder, goods: readonly Move[]): void {
  const leftOf = openTo('returned', order);
  for (const { lineId, quantity } of goods) {
    const left = leftOf(lineOf(order.lines, lineId));
    if (quantity > left)
      refuse(
        'returned-beyond-delivered',
        `${quantity} is more than the ${left} of line ${lineId} that no other return settled; send this return back.`,
      );
  }
}

/** The goods, if the customer has them: what was delivered and did not come back before. */
const ofTheCustomer = (order: PlacedOrder, wanted: readonly LineQuantity[]) =>
  upToOpen(order.lines, wanted, openTo('returned', order), {
    nothing: () => refuse('nothing-to-return', 'Nothing of the order is with the customer; record its delivery first.'),
    beyond: ({ lineId, quantity, left, field }) =>
      refuse(
        'returned-beyond-delivered',
        `${quantity} is more than the ${left} of line ${lineId} that are with the customer; lower quantity, or leave the line out.`,
        field,
      ),
  }).map(({ lineId, quantity }) => ({ lineId, quantity }));
