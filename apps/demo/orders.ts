import type { Ledger } from './ledger.js';
import { carriers, products } from './words.js';

export interface SampleOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly opportunityId: string;
  readonly ownerId: string;
  readonly productId: string;
  readonly product: number;
  readonly quantity: number;
  readonly number: number;
}

const DAY = 86_400_000;

/**
 * An order from placing to payment: some cancelled, held, delivered in two parts, credited, paid late or not at all.
 * True for one that shows much: two shipments, two payments, paid in full.
 */
export function orderHistory(ledger: Ledger, order: SampleOrder, placedAt: number, until: number): boolean {
  const { random } = ledger;
  const { orderId, customerId, opportunityId, ownerId, productId, product, quantity, number } = order;
  const unitPrice = products[product]?.price ?? 0;
  const lineId = ledger.id('line', number);
  const add = (command: string, at: number, payload: Readonly<Record<string, unknown>> = {}) =>
    at < until && ledger.add(command, at, { orderId, ...payload });

  const lines = [{ lineId, productId, description: products[product]?.name, quantity, unitPrice }];
  const channel = random.pick(['DIRECT', 'ONLINE', 'PHONE', 'FIELD']);
  if (
    !add('PlaceOrder', placedAt, {
      customerId,
      opportunityId,
      ownerId,
      orderNumber: `SO-${10_000 + number}`,
      channel,
      currency: 'EUR',
      lines,
      paymentTermDays: 30,
    })
  )
    return false;
  let at = placedAt + random.whole(1, 30) * 3_600_000;
  if (random.chance(0.05)) {
    add('CancelOrder', at, { reason: 'ordered by mistake' });
    return false;
  }
  let units = quantity;
  if (random.chance(0.1)) {
    units += 2;
    if (
      !add('AmendOrder', at, { lines: [{ lineId, productId, description: products[product]?.name, quantity: units, unitPrice }] })
    )
      return false;
    at += 3_600_000;
  }
  if (!add('ConfirmOrder', at, { creditCheck: 'PASSED', stockCheck: 'PASSED' })) return false;
  at += random.whole(1, 4) * DAY;
  if (random.chance(0.06)) {
    if (!add('HoldOrder', at, { reason: 'credit limit' })) return false;
    at += random.whole(3, 12) * DAY;
    if (!add('ReleaseOrder', at)) return false;
  }
  const parts = units > 1 && random.chance(0.3) ? [Math.ceil(units / 2), Math.floor(units / 2)] : [units];
  for (const [index, part] of parts.entries()) {
    const shipmentId = ledger.id('shipment', `${number}.${index}`);
    at += random.whole(1, 5) * DAY;
    if (!add('ShipOrder', at, { shipmentId, carrier: random.pick(carriers), lines: [{ lineId, quantity: part }] })) return false;
    at += random.whole(1, 4) * DAY;
    if (!add('DeliverOrder', at, { shipmentId })) return false;
  }
  at += random.whole(0, 3) * DAY;
  return settle(ledger, add, { at, number, amount: units * unitPrice, isRich: parts.length > 1 });
}

function settle(
  ledger: Ledger,
  add: (command: string, at: number, payload: Readonly<Record<string, unknown>>) => boolean,
  {
    at,
    number,
    amount,
    isRich,
  }: { readonly at: number; readonly number: number; readonly amount: number; readonly isRich: boolean },
): boolean {
  const { random } = ledger;
  const invoiceId = ledger.id('invoice', number);
  if (!add('InvoiceOrder', at, { invoiceId, invoiceNumber: `INV-${10_000 + number}` })) return false;
  let open = amount;
  if (random.chance(0.05)) {
    const credit = Math.max(1, Math.round(amount * 0.1));
    open -= credit;
    if (
      !add('CreditOrder', at + 4 * DAY, {
        invoiceId,
        creditId: ledger.id('credit', number),
        amount: credit,
        reason: 'damaged on the way',
      })
    )
      return false;
  }
  // Some never pay: the clock reminds them.
  if (random.chance(0.04)) return false;
  const first = random.chance(0.25) ? Math.round(open / 2) : open;
  let paidAt = at + random.whole(5, 45) * DAY;
  if (
    !add('ReceivePayment', paidAt, {
      invoiceId,
      paymentId: ledger.id('payment', `${number}.1`),
      amount: first,
      currency: 'EUR',
      method: 'BANK_TRANSFER',
    })
  )
    return false;
  if (first === open) return false;
  paidAt += random.whole(3, 20) * DAY;
  return (
    add('ReceivePayment', paidAt, {
      invoiceId,
      paymentId: ledger.id('payment', `${number}.2`),
      amount: open - first,
      currency: 'EUR',
      method: 'BANK_TRANSFER',
    }) && isRich
  );
}
