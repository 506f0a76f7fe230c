import { describe, expect, it } from '@jest/globals';
import { derivedId, type Fact } from '#kernel';
import { carried, givenView, recorded } from '#kernel/testing';
import * as loyalty from '../../loyalty/contract.js';
import * as orders from '../../orders/contract.js';
import * as retention from '../../retention/contract.js';
import * as sales from '../../sales/contract.js';
import * as service from '../../service/contract.js';
import * as customers from '../contract.js';
import { timelineFacts } from './facts.js';
import { timeline } from './timeline.view.js';

const { CustomerRegistered, InteractionLogged } = customers;
const customerId = derivedId('acme');
const orderId = derivedId('order');
const id = derivedId('fact');
const subject = carried('Where is my order?');
const stream = `interaction-main.${derivedId('call')}`;
const touchpointId = derivedId('hotline');

const call = InteractionLogged({
  interactionId: derivedId('call'),
  customerId,
  channel: 'PHONE',
  direction: 'INBOUND',
  subject,
  touchpointId,
  orderId,
});
const paid = orders.PaymentReceived({
  orderId,
  invoiceId: derivedId('invoice'),
  paymentId: derivedId('payment'),
  amount: 600_00,
  currency: 'EUR',
  open: 0,
  method: 'BANK_TRANSFER',
});

describe('the timeline of a customer (CID-02, CID-03)', () => {
  it('has a document for each fact', () =>
    givenView(timeline)
      .facts(recorded(call, { id, stream, revision: 0, refs: { customer: customerId, order: orderId } }))
      .then(id, {
        factId: id,
        customerId,
        type: 'InteractionLogged',
        context: 'customers',
        occurredAt: '2026-01-05T09:00:00.000Z',
        summary: 'inbound interaction by phone',
        orderId,
        event: { stream, revision: 0 },
      }));

  it('carries what is personal as it is', () =>
    expect(
      givenView(timeline)
        .facts(recorded(call, { id, refs: { customer: customerId } }))
        .document(id)?.personal,
    ).toEqual({ subject }));

  it('says how much money it was about', () =>
    givenView(timeline)
      .facts(recorded(paid, { id, refs: { customer: customerId, order: orderId } }))
      .then(id, { context: 'orders', summary: 'Payment received by bank transfer', amount: 600_00, currency: 'EUR', orderId }));

  it('leaves out what concerns no customer', () =>
    givenView(timeline)
      .facts(recorded(sales.LeadQualified({ leadId: derivedId('lead') }), { id, refs: {} }))
      .isGone(id));

  it('has contracts, purchases and the loss of a customer, with their money (MKT-20)', () => {
    const recordedOf = (fact: Fact) => recorded(fact, { id: derivedId(fact.type), refs: { customer: customerId } });
    const terms = { kind: 'One year', price: 50_00, currency: 'EUR', interval: 'MONTH' } as const;
    const { documents } = givenView(timeline).facts(
      recordedOf(retention.ContractStarted({ customerId, contractId: orderId, ...terms })),
      recordedOf(retention.PurchaseRecorded({ customerId, purchaseId: orderId, amount: 30_00, currency: 'EUR', units: 2 })),
      recordedOf(
        retention.CustomerChurned({
          customerId,
          churnedAt: '2026-01-05T09:00:00.000Z',
          since: '2026-01-01T09:00:00.000Z',
          days: 4,
          bond: 'CONTRACT',
          reason: 'CHEAPER_ELSEWHERE',
          contractKind: 'One year',
        }),
      ),
    );
    expect([...documents.values()].map(({ context, summary, amount }) => [context, summary, amount])).toEqual([
      ['retention', 'Contract started: One year', undefined],
      ['retention', 'Purchase of 2', 30_00],
      ['retention', 'Customer lost: cheaper elsewhere', undefined],
    ]);
  });

  it('has what became of points (MKT-16)', () => {
    const about = { customerId, programmeId: derivedId('programme') };
    const redeemed = loyalty.PointsRedeemed({
      ...about,
      points: 120,
      reward: 'Voucher',
      amount: 1_20,
      currency: 'EUR',
      balance: 0,
    });
    const changed = loyalty.TierChanged({ ...about, from: 'Bronze', to: 'Gold', spent: 1000_00, currency: 'EUR' });
    const { documents } = givenView(timeline).facts(
      ...[redeemed, changed].map((fact: Fact) => recorded(fact, { id: derivedId(fact.type), refs: { customer: customerId } })),
    );
    expect([...documents.values()].map(({ context, summary, amount }) => [context, summary, amount])).toEqual([
      ['loyalty', 'Points redeemed: 120, Voucher', 1_20],
      ['loyalty', 'Tier changed from Bronze to Gold', undefined],
    ]);
  });

  it('says the role of a contact, and who carries an order, where that is known', () => {
    const summaryOf = (fact: Fact) =>
      givenView(timeline)
        .facts(recorded(fact, { id, refs: { customer: customerId } }))
        .document(id)?.summary;
    const contact = { customerId, contactId: id, name: subject };
    expect(summaryOf(customers.ContactAdded(contact))).toBe('Contact added');
    expect(summaryOf(customers.ContactAdded({ ...contact, role: 'BUYER' }))).toBe('Contact added: BUYER');
    const shipped = { orderId, shipmentId: id, lines: [{ lineId: id, quantity: 1 }] };
    expect(summaryOf(orders.OrderShipped(shipped))).toBe('Order shipped');
    expect(summaryOf(orders.OrderShipped({ ...shipped, carrier: 'DHL' }))).toBe('Order shipped by DHL');
  });

  it('has no field for what a fact does not say', () =>
    expect(
      Object.keys(
        givenView(timeline)
          .facts(
            recorded(CustomerRegistered({ customerId, kind: 'PERSON', name: subject }), { id, refs: { customer: customerId } }),
          )
          .document(id) ?? {},
      ),
    ).toEqual(['factId', 'customerId', 'type', 'context', 'occurredAt', 'summary', 'personal', 'event']));

  it('shows how a ticket reached us, and which it was', () =>
    givenView(timeline)
      .facts(
        recorded(service.TicketOpened({ ticketId: id, customerId, channel: 'EMAIL', priority: 'HIGH', subject }), {
          id,
          refs: { customer: customerId, ticket: orderId },
        }),
      )
      .then(id, {
        context: 'service',
        summary: 'Ticket opened by email, high priority',
        channel: 'EMAIL',
        ticketId: orderId,
        personal: { subject },
      }));

  it('has all facts of customers, sales, orders, service, retention and loyalty that can concern a customer', () => {
    const published = Object.values({ ...customers, ...sales, ...orders, ...service, ...retention, ...loyalty }).flatMap(
      (thing) => (typeof thing === 'function' && 'schema' in thing ? [thing.type] : []),
    );
    const ofNobody = ['PipelineDefined', 'TouchpointRegistered', 'SlaPolicyDefined', 'WorkingCalendarDefined'];
    ofNobody.push('LoyaltyProgrammeDefined', 'LoyaltyProgrammeRevised', 'LoyaltyProgrammeClosed');
    /** How we work, which customers never see; that a promise was broken they do. */
    const ofUs = [
      'CustomerServed',
      'OrderReturnDeclined',
      'RelationshipBegan',
      'RelationshipBound',
      'SlaAttached',
      'SlaRetargeted',
      'SlaPaused',
      'SlaResumed',
      'SlaEscalated',
      'SlaFulfilled',
      'SlaFailed',
    ];
    // Packages and numbers concern orders; their orders say what became of it to the customer.
    const ofOrders = published.filter((type) => /^Package|Numbered$|^AllocationDeclined$|^OrderClaimSettled$/.test(type));
    ofNobody.push(...ofUs, ...ofOrders);
    expect(Object.keys(timelineFacts).sort()).toEqual(published.filter((type) => !ofNobody.includes(type)).sort());
  });
});

describe('interactions for each touchpoint (CID-05)', () => {
  it('can be counted by touchpoint and time', () => {
    givenView(timeline)
      .facts(recorded(call, { id, refs: { customer: customerId } }))
      .then(id, { touchpointId, channel: 'PHONE' });
    expect(timeline.filters).toEqual(expect.arrayContaining(['touchpointId', 'occurredAt', 'type']));
  });
});
