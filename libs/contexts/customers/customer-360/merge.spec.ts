import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { derivedId, type Fact, momentOf, type Recorded, streamName } from '#kernel';
import { carried, givenView, recorded } from '#kernel/testing';
import { MemberEnrolled, MembershipEnded, PointsAdjusted } from '../../loyalty/contract.js';
import { OrderInvoiced, OrderPlaced } from '../../orders/contract.js';
import { ContractStarted, CustomerChurned, CustomerWonBack } from '../../retention/contract.js';
import { OpportunityOpened } from '../../sales/contract.js';
import { ServiceTierAssigned, TicketOpened } from '../../service/contract.js';
import {
  ContactAdded,
  CustomerRegistered,
  OwnerAssigned,
  PreferenceRecorded,
  ShipmentPreferenceSet,
} from '../customer/events.js';
import { InteractionLogged } from '../interaction/events.js';
import { customer360 } from './customer-360.view.js';
import type { Customer360 } from './document.js';
import { mergeCustomers } from './merge.js';

const names = ['acme', 'acme corporation', 'acme inc.'] as const;
const [acme, corporation, inc] = names.map((name) => derivedId(name)) as [string, string, string];
const ids = [acme, corporation, inc];
const day = (n: number) => momentOf(Date.UTC(2026, 0, 1 + n));

const facts = {
  registered: (customerId: string, n: number) =>
    CustomerRegistered({ customerId, kind: 'ORGANISATION', name: carried(`name ${n}`) }),
  contact: (customerId: string, n: number) =>
    ContactAdded({ customerId, contactId: derivedId('contact', `${n}`), name: carried('Ada') }),
  owner: (customerId: string, n: number) => OwnerAssigned({ customerId, ownerId: derivedId('owner', `${n}`) }),
  shipment: (customerId: string, n: number) => ShipmentPreferenceSet({ customerId, carrier: `carrier ${n}` }),
  wish: (customerId: string, n: number) =>
    PreferenceRecorded({ customerId, key: n % 2 ? 'packaging' : 'colour', value: carried(`wish ${n}`), source: 'CUSTOMER' }),
  interaction: (customerId: string, n: number) =>
    InteractionLogged({
      interactionId: derivedId('call', `${n}`),
      customerId,
      channel: 'PHONE',
      direction: 'INBOUND',
      subject: carried('?'),
    }),
  opportunity: (customerId: string, n: number) =>
    OpportunityOpened({
      opportunityId: derivedId('opportunity', `${n}`),
      customerId,
      amount: n,
      currency: 'EUR',
      phase: 'PROSPECTING',
      probability: 10,
    }),
  order: (customerId: string, n: number) =>
    OrderPlaced({
      orderId: derivedId('order', customerId, `${n % 3}`),
      customerId,
      channel: 'DIRECT',
      currency: n % 2 ? 'EUR' : 'USD',
      lines: [{ lineId: derivedId('line'), description: 'GTX Pro', quantity: 1, unitPrice: n, amount: n }],
      amount: n,
      paymentTermDays: 30,
    }),
  ticket: (customerId: string, n: number) =>
    TicketOpened({ ticketId: derivedId('ticket', `${n}`), customerId, channel: 'EMAIL', priority: 'LOW', subject: carried('?') }),
  tier: (customerId: string, n: number) => ServiceTierAssigned({ customerId, tier: `tier ${n}` }),
  invoice: (customerId: string, n: number) =>
    OrderInvoiced({
      orderId: derivedId('order', customerId, `${n % 3}`),
      customerId,
      invoiceId: derivedId('invoice', `${n}`),
      lines: [{ lineId: derivedId('line'), quantity: 1, amount: n }],
      amount: n,
      currency: 'EUR',
      dueAt: day(n),
      reminderAts: [],
    }),
  contract: (customerId: string, n: number) =>
    ContractStarted({
      customerId,
      contractId: derivedId('contract', customerId, `${n % 3}`),
      kind: `kind ${n}`,
      price: n,
      currency: 'EUR',
      interval: 'MONTH',
    }),
  lost: (customerId: string, n: number) =>
    CustomerChurned({
      customerId,
      bond: 'CONTRACT',
      reason: n % 2 ? 'PRICE' : 'SERVICE',
      churnedAt: day(n),
      since: day(0),
      days: n,
    }),
  enrolled: (customerId: string, n: number) =>
    MemberEnrolled({ customerId, programmeId: derivedId('programme', `${n % 2}`), currency: 'EUR', tier: 'Bronze' }),
  points: (customerId: string, n: number) =>
    PointsAdjusted({
      customerId,
      programmeId: derivedId('programme'),
      points: n + 1,
      reason: 'law',
      balance: n + 1,
      owed: 0,
      ...(n % 2 && { expiresAt: day(n) }),
    }),
  left: (customerId: string, _: number) =>
    MembershipEnded({ customerId, programmeId: derivedId('programme'), reason: 'law', points: 0, owed: 0 }),
  back: (customerId: string, n: number) => CustomerWonBack({ customerId, bond: 'CONTRACT', churnedAt: day(0), days: n }),
};

/** One happening: who, what, on which day. */
const happening = fc.record({
  customerId: fc.constantFrom(...ids),
  what: fc.constantFrom(...(Object.keys(facts) as (keyof typeof facts)[])),
  on: fc.nat({ max: 5 }),
});

const history = fc.array(happening, { maxLength: 40 }).map((happenings) =>
  happenings.map(
    ({ customerId, what, on }, n): Recorded =>
      recorded(facts[what](customerId, n) as Fact, {
        stream: streamName('customer', 'main', customerId),
        revision: n,
        occurredAt: day(on),
        refs: { customer: customerId },
      }),
  ),
);

const documentsOf = (history: readonly Recorded[]): Customer360[] => {
  const { document } = givenView(customer360).facts(...history);
  return ids.map((id) => document(id) ?? customer360.initial(id));
};
const one = (customerId: string, ...happened: Fact[]) =>
  documentsOf(happened.map((fact, n) => recorded(fact, { revision: n, refs: { customer: customerId } }))).filter(
    (document) => document.customerId === customerId,
  )[0] as Customer360;

describe('customers shown as one (CID-04)', () => {
  it('have the name of the survivor', () =>
    expect(mergeCustomers([one(acme, facts.registered(acme, 1)), one(inc, facts.registered(inc, 2))], inc)).toMatchObject({
      customerId: inc,
      members: [inc, acme],
      name: carried('name 2'),
    }));

  it('have the owner of another one where the survivor has none', () =>
    expect(mergeCustomers([one(acme, facts.owner(acme, 1)), one(inc, facts.registered(inc, 2))], inc)).toMatchObject({
      ownerId: derivedId('owner', '1'),
      owners: [{ ownerId: derivedId('owner', '1') }],
    }));

  it('have the wishes of the survivor before those of others', () =>
    expect(
      mergeCustomers([one(acme, facts.wish(acme, 1), facts.wish(acme, 2)), one(inc, facts.wish(inc, 3))], inc).preferences,
    ).toMatchObject([
      { key: 'colour', value: carried('wish 2') },
      { key: 'packaging', value: carried('wish 3') },
    ]));

  it('are one that stands alone, unchanged', () =>
    fc.assert(
      fc.property(history, (history) => {
        for (const document of documentsOf(history)) expect(mergeCustomers([document], document.customerId)).toEqual(document);
      }),
    ));

  it('are the same in whatever order they come', () =>
    fc.assert(
      fc.property(
        history,
        fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
        fc.constantFrom(...ids),
        (history, order, survivor) => {
          const documents = documentsOf(history);
          const shuffled = order.map((at) => documents[at] as Customer360);
          expect(mergeCustomers(shuffled, survivor)).toEqual(mergeCustomers(documents, survivor));
        },
      ),
    ));

  it('have the same contacts, opportunities and orders in the same order, whoever survives', () =>
    fc.assert(
      fc.property(history, fc.constantFrom(...ids), fc.constantFrom(...ids), (history, survivor, other) => {
        const { contacts, opportunities, orders, totals } = mergeCustomers(documentsOf(history), survivor);
        expect(mergeCustomers(documentsOf(history), other)).toMatchObject({ contacts, opportunities, orders, totals });
      }),
    ));

  it('lose nothing and count nothing twice', () =>
    fc.assert(
      fc.property(history, fc.constantFrom(...ids), (history, survivor) => {
        const documents = documentsOf(history);
        const merged = mergeCustomers(documents, survivor);
        const sum = (of: (document: Customer360) => number) => documents.reduce((total, document) => total + of(document), 0);
        expect(merged.interactions).toBe(sum(({ interactions }) => interactions));
        expect(merged.orderCount).toBe(sum(({ orderCount }) => orderCount));
        expect(merged.openOpportunities).toBe(sum(({ openOpportunities }) => openOpportunities));
        expect(merged.membershipCount).toBe(sum(({ membershipCount }) => membershipCount));
        expect(merged.contacts).toHaveLength(sum(({ contacts }) => contacts.length));
        for (const currency of ['EUR', 'USD'])
          for (const field of ['ordered', 'invoiced', 'open'] as const) {
            const total = ({ totals }: Customer360) => totals.find((entry) => entry.currency === currency)?.[field] ?? 0;
            expect(total(merged)).toBe(sum(total));
          }
      }),
    ));

  it('leave the documents that they are made of as they were, so that unmerging is exact', () =>
    fc.assert(
      fc.property(history, (history) => {
        const documents = documentsOf(history);
        const before = structuredClone(
          documents.map(({ totals, orders, members, owners }) => ({ totals, orders, members, owners })),
        );
        mergeCustomers(documents, acme);
        expect(documents).toMatchObject(before);
      }),
    ));
});
