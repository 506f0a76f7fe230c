import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, type Circumstances, derivedId, type Fact, Refused } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import {
  type Order,
  OrderCredited,
  OrderInvoiced,
  OrderPlaced,
  order,
  PaymentReceived,
  PaymentReversed,
} from '../../orders/contract.js';
import { loyalty } from '../loyalty/loyalty.view.js';
import { countedOf } from './accounting.js';
import { member } from './member.js';
import { customer, customerId, programme, programmeId, now as start } from './member.samples.js';
import { facts } from './member-state.js';
import { balanceOf } from './points.js';

/** Orders of one member that are paid, credited and bounce; it hears of them at times, late, and often twice; and uses points meanwhile. */
const orderIds = ['first', 'second'].map((name) => derivedId('law', 'order', name));
const which = fc.constantFrom(...orderIds);
const amount = fc.integer({ min: 1, max: 700_00 });
const happens = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('buy' as const), orderId: which, amount }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('invoice' as const), orderId: which, amount }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pay' as const), orderId: which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('credit' as const), orderId: which, amount }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bounce' as const), orderId: which }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('hear' as const), orderId: which }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('redeem' as const), percent: fc.constantFrom(1, 30, 60, 100, 101) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('adjust' as const), points: fc.integer({ min: -300, max: 300 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rejoin' as const), really: fc.boolean() }) },
);
type Happens = typeof happens extends fc.Arbitrary<infer H> ? H : never;
const sequence = fc.array(fc.record({ happens, days: fc.integer({ min: 0, max: 20 }) }), {
  minLength: 10,
  maxLength: 40,
  size: 'max',
});

const terms = { ...programme, expiresAfterDays: 60 };
const currency = 'EUR';

class World {
  readonly orders = new Map<string, Order>();
  readonly facts: ReturnType<typeof recorded>[] = [];
  state = member.initial;
  now = start;
  #count = 0;

  constructor() {
    for (const orderId of orderIds) {
      const lines = [{ lineId: orderId, description: 'thing', quantity: 1, unitPrice: 1, amount: 1 }];
      const placed = { orderId, customerId, channel: 'DIRECT', currency, lines, amount: 1, paymentTermDays: 30 } as const;
      this.#evolve(orderId, OrderPlaced(placed));
    }
    this.send('EnrolMember', { programmeId });
  }

  placed(orderId: string) {
    const order = this.orders.get(orderId);
    if (!order?.exists) throw new Error('It was placed.');
    return order;
  }

  send(name: keyof typeof member.decide, payload: object): readonly Fact[] {
    const references = { customer, programme: terms, survivor: {}, order: { exists: false } as Order };
    const { orderId } = payload as { orderId?: string };
    const given = { now: this.now, ...references, ...(orderId && { order: this.placed(orderId) }) } as Circumstances &
      typeof references;
    try {
      const said = [member.decide[name]({ customerId, ...payload } as never, this.state, given)].flat() as Fact[];
      for (const fact of said) {
        const at = { occurredAt: this.now };
        this.state = member.evolve[fact.type as keyof typeof facts](this.state, fact.data as never, at);
        this.facts.push(recorded(fact, { ...at, revision: this.facts.length }));
      }
      return said;
    } catch (error) {
      if (error instanceof Refused) return [];
      throw error;
    }
  }

  /** The order changes as its own decisions would have it: paid and credited at most what there is. */
  happen(event: Happens): void {
    if (event.kind === 'redeem') {
      const balance = this.state.membership ? balanceOf(this.state.membership) : 0;
      this.send('RedeemPoints', { points: Math.max(1, Math.ceil((balance * event.percent) / 100)) });
    } else if (event.kind === 'adjust') this.send('AdjustPoints', { points: event.points, reason: 'law' });
    else if (event.kind === 'expire') this.send('ExpirePoints', {});
    else if (event.kind === 'rejoin') {
      if (!event.really) return;
      this.send('EndMembership', { reason: 'law' });
      this.send('EnrolMember', { programmeId });
    } else if (event.kind === 'hear') this.send('AccountForOrder', { orderId: event.orderId });
    else if (event.kind === 'buy') {
      this.#trade({ ...event, kind: 'invoice' });
      this.#trade({ ...event, kind: 'pay' });
    } else this.#trade(event);
  }

  #trade(event: Extract<Happens, { kind: 'invoice' | 'pay' | 'credit' | 'bounce' }>): void {
    this.#count += 1;
    const { orderId } = event;
    const { invoices, payments } = this.placed(orderId);
    const id = derivedId('law', String(this.#count));
    const invoice = invoices.at(-1);
    if (event.kind === 'invoice') {
      const issued = { orderId, customerId, invoiceId: id, lines: [{ lineId: orderId, quantity: 1, amount: event.amount }] };
      this.#evolve(orderId, OrderInvoiced({ ...issued, amount: event.amount, currency, dueAt: this.now, reminderAts: [] }));
    } else if (invoice !== undefined) {
      const { invoiceId } = invoice;
      const open = Math.max(0, invoice.amount - invoice.credited - invoice.paid);
      const about = { orderId, invoiceId, currency };
      const bounced = payments.findLast((payment) => payment.invoiceId === invoiceId && !payment.reversed);
      const credit = Math.min(event.kind === 'credit' ? event.amount : 0, invoice.amount - invoice.credited);
      if (event.kind === 'pay' && open > 0)
        this.#evolve(orderId, PaymentReceived({ ...about, paymentId: id, amount: open, open: 0 }));
      if (event.kind === 'credit' && credit > 0)
        this.#evolve(orderId, OrderCredited({ ...about, creditId: id, amount: credit, open: 0, reason: 'law' }));
      if (event.kind === 'bounce' && bounced)
        this.#evolve(
          orderId,
          PaymentReversed({
            ...about,
            customerId,
            paymentId: bounced.id,
            amount: bounced.amount,
            open: 0,
            reason: 'law',
            invoice: { amount: invoice.amount, invoicedAt: this.now, dueAt: this.now, overdue: false, aged: 0 },
          }),
        );
    }
  }

  #evolve(orderId: string, fact: Fact): void {
    const before = this.orders.get(orderId) ?? order.initial;
    const next = order.evolve[fact.type as keyof typeof order.evolve](before, fact.data as never, { occurredAt: this.now });
    this.orders.set(orderId, next);
  }
}

const played = (seen: (world: World) => void, atTheEnd: (world: World) => void) =>
  fc.assert(
    fc.property(sequence, (events) => {
      const world = new World();
      for (const { happens, days } of events) {
        world.now = addDays(world.now, days);
        world.happen(happens);
        seen(world);
      }
      atTheEnd(world);
    }),
    { numRuns: 500 },
  );
const always = (law: (world: World) => void) => played(law, () => {});
/** Sequences end anywhere, so that their ends are states like any other. */
const atTheEnd = (law: (world: World) => void) => played(() => {}, law);

const pointsOf = (world: World, type: 'PointsEarned' | 'PointsTakenBack', orderId: string) =>
  world.facts
    .filter((fact) => fact.type === type && (fact.data as { orderId: string }).orderId === orderId)
    .reduce((sum, { data }) => sum + (data as { points: number }).points, 0);

describe('whatever happens to the orders and points of a member', () => {
  it('is much of what can', () => {
    const seen = new Set<string>();
    atTheEnd(({ facts }) => {
      for (const { type, data } of facts) {
        seen.add(type);
        const { owed = 0, expired = 0 } = data as { readonly owed?: number; readonly expired?: number };
        if (owed > 0) seen.add(`${type} and something owed`);
        if (expired > 0) seen.add(`${type} of what had expired`);
      }
    });
    const parts = ['PointsTakenBack and something owed', 'PointsTakenBack of what had expired'];
    expect([...seen]).toEqual(expect.arrayContaining(['PointsRedeemed', 'PointsExpired', 'TierChanged', ...parts]));
  });

  it('its balance is never below zero, and nothing is owed while there is a balance (MKT-16)', () =>
    always(({ state: { membership } }) => {
      if (!membership) throw new Error('It is always a member.');
      expect(balanceOf(membership)).toBeGreaterThanOrEqual(0);
      expect(membership.owed).toBeGreaterThanOrEqual(0);
      expect(Math.min(balanceOf(membership), membership.owed)).toBe(0);
      for (const { points } of membership.lots) expect(points).toBeGreaterThan(0);
    }));

  it('no more is taken back of an order than it earned (ORD-08)', () =>
    atTheEnd((world) => {
      for (const orderId of orderIds)
        expect(pointsOf(world, 'PointsTakenBack', orderId)).toBeLessThanOrEqual(pointsOf(world, 'PointsEarned', orderId));
    }));

  it('an order has the points of what counts of it as soon as it is heard of, whatever was not, or twice (MKT-16, ORD-08)', () =>
    atTheEnd((world) => {
      for (const orderId of orderIds) {
        world.send('AccountForOrder', { orderId });
        const { membership } = world.state;
        const counted = membership ? countedOf(world.placed(orderId), membership, {}) : 0;
        const entry = membership?.orders[orderId];
        expect(entry?.counted ?? 0).toBe(counted);
        expect(entry?.points ?? 0).toBe(entry ? Math.floor(counted / entry.pointFor) : 0);
        expect(entry?.expired ?? 0).toBeLessThanOrEqual(entry?.points ?? 0);
        expect(world.send('AccountForOrder', { orderId })).toEqual([]);
      }
      const counts = Object.values(world.state.membership?.orders ?? {}).reduce((sum, { counted }) => sum + counted, 0);
      expect(world.state.membership?.spent).toBe(counts);
    }));

  it('the view has the balance of the decisions, and it is the sum of what became of the points (MKT-16)', () =>
    atTheEnd(({ facts, state: { membership } }) => {
      const entry = givenView(loyalty)
        .facts(...facts)
        .document(customerId);
      if (!membership || !entry) throw new Error('It is always a member.');
      const { balance, owed, spent, tier, earned, takenBack, redeemed, expired, adjusted, lapsed, forgiven } = entry;
      const stated = { balance: balanceOf(membership), owed: membership.owed, spent: membership.spent, tier: membership.tier };
      expect({ balance, owed, spent, tier }).toEqual(stated);
      expect(entry.lots).toEqual(membership.lots);
      expect(balance - owed).toBe(earned - takenBack - redeemed - expired + adjusted - lapsed + forgiven);
    }));
});
