import { describe, expect, it } from '@jest/globals';
import { addDays, at, derivedId, type Fact, send } from '#kernel';
import { given, givenProcess, givenView, recorded } from '#kernel/testing';
import { cartClock } from '../cart-clock/cart-clock.process.js';
import { carts } from '../carts/carts.view.js';
import { OrderPlaced } from '../order/events.js';
import { most } from '../order/line-fields.js';
import { order } from '../order/order.js';
import { buyer, customerId, erased, nobody, now, orderId, placed, unknownId } from '../order/order.samples.js';
import { orderedCarts } from '../ordered-carts/ordered-carts.process.js';
import { cart } from './cart.js';
import { MarkCartAbandoned, NoteCartOrdered } from './commands.js';
import { CartAbandoned, CartChanged, CartOrdered } from './events.js';

const cartId = derivedId('sample', 'cart');
const chair = { description: 'Chair', quantity: 2, unitPrice: 100_00 };
const lamp = { description: 'Lamp', quantity: 1, unitPrice: 25_00 };
const currency = 'EUR';
const abandonsAt = addDays(now, 1);

const changed = CartChanged({
  cartId,
  customerId,
  currency,
  items: [chair],
  units: 2,
  amount: 200_00,
  abandonAfterHours: 24,
  abandonsAt,
});
const abandoned = CartAbandoned({ cartId, customerId, abandonedAt: abandonsAt, units: 2, amount: 200_00, currency });
const ordered = CartOrdered({ cartId, customerId, orderId });
const known = { customer: buyer };

describe('a cart (ORD-07)', () => {
  const change = { cartId, customerId, currency, items: [chair] };

  it('is opened and changed by saying what is in it; it counts as abandoned a day after that', () => {
    given(cart, known).when('ChangeCart', change).then(changed);
    given(cart, known, changed)
      .when('ChangeCart', { cartId, currency, items: [chair, lamp] })
      .then(CartChanged({ ...changed.data, items: [chair, lamp], units: 3, amount: 225_00 }));
    given(cart, known, changed).when('ChangeCart', change).changesNothing();
  });
  it('may rest as long as its shop says', () => {
    const longer = CartChanged({ ...changed.data, abandonAfterHours: 72, abandonsAt: addDays(now, 3) });
    given(cart, known)
      .when('ChangeCart', { ...change, abandonAfterHours: 72 })
      .then(longer);
    given(cart, known, longer)
      .when('ChangeCart', { ...change, items: [lamp] })
      .then(CartChanged({ ...longer.data, items: [lamp], units: 1, amount: 25_00 }));
  });
  it('that is empty is not abandoned', () => {
    const { abandonsAt: _never, ...data } = changed.data;
    given(cart, known, changed)
      .when('ChangeCart', { ...change, items: [] })
      .then(CartChanged({ ...data, items: [], units: 0, amount: 0 }));
  });
  it('is of a sum that can be counted exactly', () =>
    given(cart, known)
      .when('ChangeCart', { ...change, items: [{ ...chair, quantity: most.quantity, unitPrice: most.unitPrice }] })
      .isRefused('amount-too-large', 'items'));
  it('is of a customer who is registered, or of nobody known', () => {
    given(cart, { customer: nobody }).when('ChangeCart', change).isRefused('customer-unknown');
    given(cart, { customer: erased }).when('ChangeCart', change).isRefused('customer-erased');
    given(cart, { customer: nobody })
      .when('ChangeCart', { ...change, customerId: undefined })
      .then(CartChanged({ ...changed.data, customerId: undefined }));
  });
  it('is abandoned where nothing happened to it since the change that the timer means', () => {
    const due = { cartId, abandonsAt };
    given(cart, known, changed).when('MarkCartAbandoned', due, { now: abandonsAt }).then(abandoned);
    given(cart, known, changed).when('MarkCartAbandoned', due, { now }).changesNothing();
    const later = CartChanged({ ...changed.data, items: [lamp], abandonsAt: addDays(now, 1.5) });
    for (const after of [later, abandoned, ordered])
      given(cart, known, changed, after)
        .when('MarkCartAbandoned', due, { now: addDays(now, 9) })
        .changesNothing();
    given(cart, known).when('MarkCartAbandoned', due, { now: abandonsAt }).changesNothing();
  });
  it('is taken up again by a change after it was abandoned, even as it was', () =>
    given(cart, known, changed, abandoned)
      .when('ChangeCart', change, { now: addDays(now, 5) })
      .then(CartChanged({ ...changed.data, abandonsAt: addDays(now, 6) })));
  it('was abandoned before the change or the order that came behind the due moment, however late its timer is', () => {
    const late = { now: addDays(now, 5) };
    const taken = CartChanged({ ...changed.data, abandonsAt: addDays(now, 6) });
    given(cart, known, changed).when('ChangeCart', change, late).then(abandoned, taken);
    given(cart, known, changed).when('NoteCartOrdered', { cartId, orderId, customerId }, late).then(abandoned, ordered);
    given(cart, known, changed, abandoned, taken).when('MarkCartAbandoned', { cartId, abandonsAt }, late).changesNothing();
  });
  it('of imported history without its clock is not abandoned before the cut-over', () => {
    const imported = (cutOver: string) => [changed, now, { cutOver, clock: false }] as const;
    const ordering = { cartId, orderId, customerId };
    const late = { now: addDays(now, 5) };
    given(cart, known, imported(addDays(now, 9)))
      .when('NoteCartOrdered', ordering, late)
      .then(ordered);
    given(cart, known, imported(abandonsAt)).when('NoteCartOrdered', ordering, late).then(abandoned, ordered);
  });
  it('is ordered once, also where nobody told of it before, and not changed after that', () => {
    const note = { cartId, orderId, customerId };
    for (const history of [[], [changed], [changed, abandoned]])
      given(cart, known, ...history)
        .when('NoteCartOrdered', note)
        .then(ordered);
    given(cart, known, changed, ordered).when('NoteCartOrdered', note).changesNothing();
    given(cart, known, changed, ordered).when('ChangeCart', change).isRefused('cart-ordered');
  });
});

describe('the order of a cart (ORD-07)', () => {
  it('claims its cart, beside its number', () => {
    const ordering = { customerId, currency, lines: [chair] };
    const claims = order.reserve?.PlaceOrder?.({ ...ordering, orderNumber: ' so-1 ', cartId });
    expect(claims?.map(({ scope, value }) => [scope, value])).toEqual([
      ['order.number', 'SO-1'],
      ['order.cart', cartId],
    ]);
    expect(order.reserve?.PlaceOrder?.(ordering)).toEqual([]);
  });
  it('tells the cart that it was ordered', () => {
    givenProcess(orderedCarts)
      .when(recorded(OrderPlaced({ ...placed.data, cartId })))
      .sends(send(NoteCartOrdered, { cartId, orderId, customerId }, { alsoImported: true }));
    givenProcess(orderedCarts).when(recorded(placed)).sendsNothing();
  });
});

describe('the clock of carts (ORD-07)', () => {
  it('looks at a cart when it has rested for as long as it may', () =>
    givenProcess(cartClock)
      .when(recorded(changed))
      .sends(at(abandonsAt, send(MarkCartAbandoned, { cartId, abandonsAt }))));
  it('leaves an empty one alone', () =>
    givenProcess(cartClock)
      .when(recorded(CartChanged({ ...changed.data, items: [], units: 0, amount: 0, abandonsAt: undefined })))
      .sendsNothing());
});

describe('the view of carts (ORD-07)', () => {
  const told = (...facts: (readonly [day: number, Fact])[]) =>
    givenView(carts).facts(...facts.map(([day, fact]) => recorded(fact, { occurredAt: addDays(now, day) })));
  const again = CartChanged({ ...changed.data, items: [chair, lamp], units: 3, amount: 225_00, abandonsAt: addDays(now, 4) });

  it('shows what is in a cart, and when it counts as abandoned', () =>
    told([0, changed]).then(cartId, {
      status: 'OPEN',
      customerId,
      currency,
      items: [chair],
      units: 2,
      amount: 200_00,
      openedAt: now,
      changedAt: now,
      abandonsAt,
      abandonments: 0,
    }));
  it('shows what was abandoned, taken up again and ordered', () => {
    told([0, changed], [1, abandoned]).then(cartId, { status: 'ABANDONED', abandonedAt: abandonsAt, abandonments: 1 });
    const taken = told([0, changed], [1, abandoned], [3, again]);
    taken.then(cartId, { status: 'OPEN', abandonments: 1, units: 3, openedAt: now, changedAt: addDays(now, 3) });
    expect(taken.document(cartId)).not.toHaveProperty('abandonedAt');
    told([0, changed], [1, abandoned], [3, again], [3.5, ordered]).then(cartId, {
      status: 'ORDERED',
      orderId,
      orderedAt: addDays(now, 3.5),
      abandonments: 1,
      abandonsAt: undefined,
    });
  });
  it('takes an abandonment back where a change or the order is told late', () => {
    for (const late of [again, ordered]) {
      const { document } = told([0, changed], [1, abandoned], [0.5, late]);
      expect(document(cartId)).toMatchObject({ status: late === again ? 'OPEN' : 'ORDERED', abandonments: 0 });
      expect(document(cartId)).not.toHaveProperty('abandonedAt');
    }
  });
  it('shows the order of a cart that nobody told of', () =>
    told([0, ordered]).then(cartId, { status: 'ORDERED', orderId, customerId, units: 0 }));
  it('knows carts by their own id', () => told([0, changed]).isGone(unknownId));
});
