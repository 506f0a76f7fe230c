import { derivedId } from '#kernel';
import { seeded } from './random.js';

const BUYERS = 3;

type Sent = readonly [command: string, payload: object];

/** What is often learnt of late; most else is refused behind what happened since. */
export const comesLate = (command: string): boolean => ['ReceivePayment', 'ReversePayment', 'ChangeCart'].includes(command);

/**
 * Orders of a few buyers, from their placing until long after their returns. They begin as a company begins them, so that most of what
 * follows is not refused: packages, holds, amendments, payments, reversals, credits, refunds, returns, claims, carts, points and prices in any order.
 */
export function trading(seed: number): () => Sent {
  const random = seeded(seed + 1_000_000);
  const below = (most: number) => Math.floor(random() * most);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const begun = new Map<string, number>();
  const payments = new Map<string, string[]>();
  const turns = new Map<string, number>();
  const found: Sent[] = [];
  let sent = 0;

  return () => {
    const [first] = found.splice(0, 1);
    if (first) return first;
    // Two at a time, a new one every other month: what is entered late comes behind something else.
    const number = Math.floor(sent++ / 40) + below(2);
    const id = (kind: string, count?: number) => derivedId('trade', String(seed), String(number), kind, String(count));
    const customerId = derivedId('trade', String(seed), 'buyer', String(number % BUYERS));
    const [orderId, lineId] = [id('order'), id('line')];
    const invoiceId = () => id('invoice', below(2));
    const amount = () => pick([25_00, 50_00, 75_00, 100_00]);
    const reason = 'as asked';
    const lines = [{ lineId, quantity: 1 }];
    const ordered = { lineId, description: 'Thing', quantity: 8, unitPrice: pick([25_00, 50_00]) };
    const paid = payments.get(orderId) ?? [];
    payments.set(orderId, paid);
    const another = () => {
      paid.push(id('payment', paid.length));
      return paid.at(-1);
    };
    const payment = () => ({ paymentId: derivedId('trade', customerId, 'payment', String(below(3))) });
    const programmeId = derivedId('trade', String(seed), 'programme');
    const tiers = [
      { name: 'Bronze', minSpent: 0, pointFor: 1_00 },
      { name: 'Gold', minSpent: 300_00, pointFor: 50 },
    ];
    const product = { productId: derivedId('trade', String(seed), 'product', String(below(2))) };

    const joining: readonly (() => Sent)[] = [
      () => ['DefineLoyaltyProgramme', { programmeId, name: 'Friends', currency: 'EUR', tiers, expiresAfterDays: 60 }],
      () => ['EnrolMember', { customerId, programmeId }],
    ];
    const beginning: readonly (() => Sent)[] = [
      () => ['RegisterCustomer', { customerId, kind: 'ORGANISATION', name: 'Buyer' }],
      ...(number < BUYERS ? joining : []),
      () => ['PlaceOrder', { orderId, customerId, currency: 'EUR', lines: [ordered], paymentTermDays: pick([1, 10, 30]) }],
      () => ['ConfirmOrder', { orderId }],
      () =>
        random() < 0.5 ? ['ShipOrder', { orderId, lines }] : ['InvoiceOrder', { orderId, invoiceId: id('invoice', 0), lines }],
      () => ['InvoiceOrder', { orderId, invoiceId: id('invoice', 1) }],
      () => ['ShipOrder', { orderId, lines: [{ lineId, quantity: 4 }] }],
      () => ['DeliverOrder', { orderId }],
    ];
    /** One after the other, for the same thing until all of them were. */
    const inTurn = (kind: string, ...steps: ((of: string) => Sent)[]): Sent => {
      const step = turns.get(id(kind)) ?? 0;
      turns.set(id(kind), step + 1);
      return (steps[step % steps.length] as (of: string) => Sent)(id(kind, Math.floor(step / steps.length)));
    };
    const money: readonly (() => Sent)[] = [
      ...Array<() => Sent>(5).fill(() => {
        const invoice = invoiceId();
        const received = () => ({ orderId, invoiceId: invoice, paymentId: another(), amount: amount() });
        // Another one comes to light that was there before.
        if (random() < 0.5) found.push(['ReceivePayment', received()]);
        return ['ReceivePayment', received()];
      }),
      ...Array<() => Sent>(4).fill(() => ['ReversePayment', { orderId, paymentId: pick([id('payment', 0), ...paid]), reason }]),
      ...Array<() => Sent>(6).fill(() =>
        inTurn(
          'refund',
          () => ['ReceivePayment', { orderId, invoiceId: id('invoice', 1), paymentId: another(), amount: 100_00 }],
          () => ['CreditOrder', { orderId, invoiceId: id('invoice', 1), amount: 100_00, evenIfPaid: true, reason }],
          () => ['RefundPayment', { orderId, invoiceId: id('invoice', 1) }],
        ),
      ),
      () => ['RecordPayment', { ...payment(), customerId, amount: 200_00, currency: 'EUR' }],
      () => ['AllocatePayment', { ...payment(), allocations: [{ orderId, invoiceId: invoiceId(), amount: amount() }] }],
      () => ['CancelPayment', { ...payment(), reason }],
    ];
    const goods: readonly (() => Sent)[] = [
      ...Array<() => Sent>(3).fill(() =>
        inTurn(
          'package',
          (packageId) => ['PackPackage', { packageId, goods: [{ orderId, lineId, quantity: 1 }] }],
          (packageId) => ['SendPackage', { packageId, carrier: 'DHL' }],
          (packageId) => ['FailDelivery', { packageId, reason }],
          (packageId) => (random() < 0.7 ? ['DeliverPackage', { packageId }] : ['TakeBackPackage', { packageId, reason }]),
        ),
      ),
      () => ['BackorderGoods', { orderId, lines }],
      () => ['EndBackorder', { orderId }],
    ];
    const returns: readonly (() => Sent)[] = [
      () =>
        inTurn(
          'return',
          (returnId) => ['RequestReturn', { returnId, orderId, lines, reason }],
          (returnId) => ['ApproveReturn', { returnId }],
          (returnId) => ['ReceiveReturn', { returnId }],
          (returnId) => [random() < 0.7 ? 'RefundReturn' : 'ReplaceReturn', { returnId }],
        ),
      () =>
        inTurn(
          'claim',
          (claimId) => ['FileClaim', { claimId, orderId, kind: pick(['DAMAGED', 'LOST']), lines, notes: 'Broken' }],
          (claimId) =>
            random() < 0.2
              ? ['WithdrawClaim', { claimId }]
              : [
                  'SettleClaim',
                  pick([
                    { claimId, settlement: 'CREDIT', invoiceId: id('invoice', 1), reason },
                    { claimId, settlement: 'REPLACE', reason },
                    { claimId, settlement: 'REJECT', reason },
                  ]),
                ],
        ),
    ];
    const cart = (cartId: string, quantity: number): Sent => [
      'ChangeCart',
      { cartId, customerId, currency: 'EUR', items: [{ description: 'Thing', quantity, unitPrice: 25_00 }] },
    ];
    const carts: readonly (() => Sent)[] = [
      () =>
        inTurn(
          'cart',
          (cartId) => cart(cartId, 1),
          (cartId) => cart(cartId, 2),
          (cartId) => {
            const { lineId: _new, ...line } = ordered;
            const order = { orderId: derivedId(cartId, 'order'), customerId, cartId, currency: 'EUR', lines: [line] };
            return random() < 0.5 ? cart(cartId, 3) : ['PlaceOrder', order];
          },
        ),
    ];
    const loyalty: readonly (() => Sent)[] = [
      ...Array<() => Sent>(4).fill(() => ['RedeemPoints', { customerId, points: pick([5, 50, 100]) }]),
      ...Array<() => Sent>(2).fill(() => ['AdjustPoints', { customerId, points: pick([-20, 30]), reason }]),
      () => ['EndMembership', { customerId, reason }],
      () => ['EnrolMember', { customerId, programmeId }],
      () => ['ReviseLoyaltyProgramme', { programmeId, tiers, expiresAfterDays: pick([30, 60]) }],
    ];
    const terms: readonly (() => Sent)[] = [
      () => ['AmendOrder', { orderId, lines: [{ ...ordered, quantity: 8 + below(3) }] }],
      () => ['HoldOrder', { orderId, reason }],
      ...Array<() => Sent>(2).fill(() => ['ReleaseOrder', { orderId, reason }]),
      () => ['InvoiceOrder', { orderId }],
      () => ['DefineProduct', { ...product, sku: `T-${below(2)}`, name: 'Thing' }],
      () => ['PriceProduct', { ...product, amount: amount(), currency: 'EUR' }],
    ];
    const step = begun.get(orderId) ?? 0;
    begun.set(orderId, step + 1);
    return (beginning[step] ?? pick(pick([money, money, money, money, goods, goods, returns, carts, terms, loyalty])))();
  };
}
