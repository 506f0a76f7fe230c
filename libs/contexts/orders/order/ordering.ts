import { canonicalJson, refuse } from '#kernel';
import { type Customer, mustBeWindow, registered } from '../../customers/contract.js';
import { type CreditAccount, checkedCredit } from '../credit-account/credit.js';
import type { Series } from '../series/series.js';
import { AmendOrder, CancelOrder, CloseOrder, ConfirmOrder, HoldOrder, PlaceOrder, ReleaseOrder } from './commands.js';
import { OrderAmended, OrderCancelled, OrderClosed, OrderConfirmed, OrderHeld, OrderPlaced, OrderReleased } from './events.js';
import { amendedLines, amountOf, placedLines } from './order-lines.js';
import { type DecisionsOf, going, mustNotBeHeld, type Order, type PlacedOrder, placed } from './order-state.js';
import { amended, owed, uninvoiced, worth } from './quantities.js';
import { total } from './receivables.js';
import { departure, preferenceOf, preferredTerms } from './shipment-terms.js';
import { orderStatus } from './status.js';

export const orderingCommands = { PlaceOrder, AmendOrder, ConfirmOrder, HoldOrder, ReleaseOrder, CancelOrder, CloseOrder };

/** What decisions on an order read beside it. */
export interface References {
  /** What its customer owes us, and may owe us. */
  readonly credit: CreditAccount;
  readonly customer: Customer;
  /** The customer under whom this one is shown. */
  readonly survivor: Customer;
  /** Whose payment is to settle an invoice of the order. */
  readonly payer: Customer;
  /** The series that would give the number that an invoice brings. */
  readonly series: Series;
}

/** Decisions on the order itself: what is ordered, and whether it goes on. */
export const ordering = {
  PlaceOrder: (
    { orderId, channel = 'DIRECT', paymentTermDays = 30, overrideReason, ...command },
    order,
    { newId, customer, survivor },
  ) => {
    mustBeWindow(command.window);
    if (order.exists) refuseAgain();
    registered(customer);
    const lines = placedLines(command.lines, newId);
    return OrderPlaced({
      ...command,
      orderId: orderId ?? newId('order'),
      channel,
      paymentTermDays,
      ...preferredTerms({ ...command, overrideReason }, preferenceOf(customer, survivor)),
      lines,
      amount: amountOf(lines),
    });
  },

  AmendOrder: (
    { orderId, lines: wanted = [], remove = [], requestedBy, note, overrideReason, ...terms },
    order,
    { newId, credit, customer, survivor },
  ) => {
    mustBeWindow(terms.window);
    const { customerId, currency, ...known } = goingOn(order);
    const before = amendedLines(known.lines, [], [], newId);
    const lines = amendedLines(known.lines, wanted, remove, newId);
    const changes =
      canonicalJson(lines) !== canonicalJson(before) ||
      (['requestedBy', 'carrier', 'window'] as const).some((term) => {
        const now = { requestedBy, ...terms }[term];
        return now !== undefined && now !== known[term];
      });
    if (!changes && terms.shippingAddress === undefined && note === undefined) return [];
    const amounts = { amount: amountOf(lines), previousAmount: amountOf(before) };
    const { carrier, window, shippingAddress } = terms;
    const amendment = OrderAmended({
      orderId,
      customerId,
      currency,
      lines,
      ...amounts,
      requestedBy,
      carrier,
      window,
      shippingAddress,
      note,
      ...departure({ ...terms, overrideReason }, preferenceOf(customer, survivor)),
    });
    if (!known.confirmed || known.heldForCredit || amounts.amount <= amounts.previousAmount) return amendment;
    // What of it is invoiced is in what the customer owes us.
    const check = checkedCredit(credit, orderId, uninvoiced(amended(known.lines, lines)), currency);
    return check?.result === 'EXCEEDED' ? [amendment, heldForCredit(orderId, check)] : amendment;
  },

  ConfirmOrder: ({ orderId, creditCheck, creditReason, stockCheck }, order, { credit }) => {
    const known = going(order);
    const { confirmed, lines, currency } = known;
    if (confirmed) return [];
    mustNotBeHeld(known);
    if (creditCheck === 'WAIVED') waived(creditReason, 'creditReason');
    const check = creditCheck === 'WAIVED' ? undefined : checkedCredit(credit, orderId, worth(lines, 'quantity'), currency);
    if (check?.result === 'EXCEEDED') return heldForCredit(orderId, check);
    return OrderConfirmed({ orderId, creditCheck: creditCheck ?? check?.result, creditReason, stockCheck });
  },

  HoldOrder: ({ orderId, reason }, order) => (goingOn(order).held ? [] : OrderHeld({ orderId, reason })),

  ReleaseOrder: ({ orderId, reason }, order) => {
    const { held, heldForCredit, confirmed } = going(order);
    if (!held) return [];
    const released = OrderReleased({ orderId, reason });
    if (!heldForCredit) return released;
    const creditReason = waived(reason, 'reason');
    return confirmed ? released : [released, OrderConfirmed({ orderId, creditCheck: 'WAIVED', creditReason })];
  },

  CancelOrder: ({ orderId, reason }, order) => {
    if (placed(order).ended === 'CANCELLED') return [];
    const known = going(order);
    mayBeCancelled(known);
    const { lines, currency } = known;
    return OrderCancelled({ orderId, reason, amount: worth(lines, 'quantity'), currency });
  },

  CloseOrder: ({ orderId, reason }, order) => {
    if (placed(order).ended === 'CLOSED') return [];
    mayBeClosed(goingOn(order));
    return OrderClosed({ orderId, reason });
  },
} satisfies DecisionsOf<typeof orderingCommands, References>;

/** An order of which something is still to be done by us. */
function goingOn(order: Order) {
  const known = going(order);
  return orderStatus(known) === 'COMPLETED'
    ? refuse('order-completed', 'The order was delivered and invoiced in full; place another one for more.')
    : known;
}

const refuseAgain = (): never =>
  refuse(
    'order-exists',
    'This order was placed before; another one needs another orderId, and a retry the same Idempotency-Key.',
    'orderId',
  );

const waived = (reason: string | undefined, field: string): string =>
  reason ?? refuse('waiver-without-reason', 'The credit limit is not waived without a reason; say why.', field);

/** Minor units of invoices that were not credited. */
const asked = ({ invoices }: PlacedOrder): number => total(invoices, 'amount') - total(invoices, 'credited');

function mayBeCancelled(order: PlacedOrder): void {
  if (order.lines.some((line) => line.shipped > 0)) refuse('order-shipped', 'Something was shipped; close the order instead.');
  if (asked(order) > 0)
    refuse(
      'order-invoiced',
      `${asked(order)} ${order.currency} (minor units) of the order are invoiced; credit its invoices first.`,
    );
}

function mayBeClosed(order: PlacedOrder): void {
  const { lines, currency } = order;
  if (lines.every((line) => line.shipped === 0)) refuse('nothing-shipped', 'Nothing was shipped; cancel the order instead.');
  const beyond = asked(order) - owed(lines);
  if (beyond > 0)
    refuse(
      'invoiced-beyond-shipped',
      `${beyond} ${currency} (minor units) are invoiced beyond what was shipped; credit them first.`,
    );
}

const heldForCredit = (orderId: string, { credit }: Extract<ReturnType<typeof checkedCredit>, { result: 'EXCEEDED' }>) =>
  OrderHeld({ orderId, reason: 'credit limit', credit });
