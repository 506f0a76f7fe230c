import { refuse } from '#kernel';
import { creditOf } from './billing.js';
import { type SettledBefore, settledBefore } from './claimed.js';
import {
  OrderAllocated,
  OrderBackorderEnded,
  OrderBackordered,
  OrderCredited,
  OrderPicked,
  OrderReturnDeclined,
  OrderReturned,
} from './events.js';
import { creditedBefore, lineOf, openTo, summed, upToOpen } from './order-lines.js';
import { type DecisionsOf, going, type PlacedOrder, placed } from './order-state.js';
import { less, type Move } from './quantities.js';
import { openAmount } from './receivables.js';
import { replacementOf } from './replacement.js';
import { AllocateStock, BackorderGoods, EndBackorder, PickGoods, SettleReturn } from './stock-commands.js';

export const stockAndReturnCommands = { AllocateStock, PickGoods, BackorderGoods, EndBackorder, SettleReturn };

/** Decisions on goods that are set aside and picked for the order, that it waits for, and on goods that came back from the customer. */
export const stockAndReturns = {
  AllocateStock: ({ orderId, lines: wanted, warehouse, promisedAt }, order) => {
    const known = going(order);
    const lines = upToOpen(known.lines, wanted, openTo('allocated', known), {
      nothing: () =>
        refuse(
          'nothing-to-allocate',
          'All that is left to ship is set aside; add goods with AmendOrder, or place another order.',
        ),
      beyond: ({ lineId, quantity, left, field }) =>
        refuse(
          'allocated-beyond-ordered',
          `${quantity} is more than the ${left} of line ${lineId} that can be set aside; lower quantity, or leave the line out.`,
          field,
        ),
    });
    return OrderAllocated({ orderId, lines, warehouse, promisedAt });
  },

  PickGoods: ({ orderId, lines: wanted, warehouse }, order) => {
    const known = going(order);
    const lines = upToOpen(known.lines, wanted, openTo('picked', known), {
      nothing: () =>
        refuse('nothing-to-pick', 'All goods of the order were picked; add goods with AmendOrder, or place another order.'),
      beyond: ({ lineId, quantity, left, field }) =>
        refuse(
          'picked-beyond-ordered',
          `${quantity} is more than the ${left} of line ${lineId} that were not picked; lower quantity, or leave the line out.`,
          field,
        ),
    });
    return OrderPicked({ orderId, lines, warehouse });
  },

  BackorderGoods: ({ orderId, lines: wanted, expectedAt }, order) => {
    const known = going(order);
    const lines = upToOpen(known.lines, wanted, openTo('backordered', known), {
      nothing: () =>
        refuse(
          'nothing-to-backorder',
          'All that is left to ship was picked or waits for the stock; add goods with AmendOrder, or place another order.',
        ),
      beyond: ({ lineId, quantity, left, field }) =>
        refuse(
          'backordered-beyond-open',
          `${quantity} is more than the ${left} of line ${lineId} that can still wait; lower quantity, or leave the line out.`,
          field,
        ),
    });
    return OrderBackordered({ orderId, lines, expectedAt });
  },

  EndBackorder: ({ orderId, lines: wanted }, order) => {
    const known = placed(order);
    const all = known.lines.filter(({ backordered }) => backordered > 0);
    if (wanted === undefined && all.length === 0) return [];
    const lines = upToOpen(known.lines, wanted, ({ backordered }) => backordered, {
      nothing: () => refuse('nothing-backordered', 'Nothing of the order waits for the stock; record a backorder first.'),
      beyond: ({ lineId, quantity, left, field }) =>
        refuse(
          'not-backordered',
          `${quantity} is more than the ${left} of line ${lineId} that wait for the stock; lower quantity, or leave the line out.`,
          field,
        ),
    });
    return OrderBackorderEnded({ orderId, lines });
  },

  /**
   * Two returns of the same goods may have been agreed; the order settles what the customer has, and declines the other. What a claim
   * credited of goods is not credited again, and what it settled is not replaced.
   */
  SettleReturn: ({ orderId, returnId, lines: wanted, credit, replacementId, reason }, order, { newId }) => {
    const known = placed(order);
    if (known.returns.some((settled) => settled.returnId === returnId)) return [];
    const lines = summed(known.lines, wanted);
    const left = openTo('returned', known);
    if (lines.some(({ lineId, quantity }) => quantity > left(lineOf(known.lines, lineId))))
      return OrderReturnDeclined({ orderId, returnId });
    const settled = settledBefore(known, lines);
    if (!credit && settled.length > 0) return OrderReturnDeclined({ orderId, returnId });
    const notInvoicedAgain = credit ? creditedBefore(known, lines) : [];
    const credits = credit ? creditsFor(known, less(lines, notInvoicedAgain), settled) : [];
    return [
      OrderReturned({
        orderId,
        returnId,
        lines,
        ...(replacementId && { replacement: replacementOf(known, replacementId, lines) }),
        ...(notInvoicedAgain.length > 0 && { notInvoicedAgain }),
        ...(settled.length > 0 && { settledBefore: settled }),
      }),
      ...credits.map((stated) =>
        OrderCredited({ orderId, creditId: newId(`credit ${stated.invoiceId}`), returnId, series: 'CN', reason, ...stated }),
      ),
    ];
  },
} satisfies DecisionsOf<typeof stockAndReturnCommands>;

/** Credits the worth of the goods at their price, without what claims did for them, on invoices that are still open first; never more than was invoiced. */
function creditsFor(order: PlacedOrder, moves: readonly Move[], settled: readonly SettledBefore[]) {
  const worth = moves.reduce((sum, { lineId, quantity }) => sum + quantity * lineOf(order.lines, lineId).unitPrice, 0);
  let left = settled.reduce((rest, { amount }) => Math.max(0, rest - amount), worth);
  const openFirst = [...order.invoices].sort((one, other) => Number(openAmount(other) > 0) - Number(openAmount(one) > 0));
  return openFirst.flatMap((invoice) => {
    const amount = Math.min(left, invoice.amount - invoice.credited);
    left -= amount;
    return amount > 0 ? [creditOf(order, invoice, amount)] : [];
  });
}
