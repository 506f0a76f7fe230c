import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { carried, givenView, recorded } from '#kernel/testing';
import * as orders from '../../orders/contract.js';
import * as sales from '../../sales/contract.js';
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

  it('has all facts of customers, sales and orders that can concern a customer', () => {
    const published = Object.values({ ...customers, ...sales, ...orders }).flatMap((thing) =>
      typeof thing === 'function' && 'schema' in thing ? [thing.type] : [],
    );
    // Packages and numbers concern orders; their orders say what became of it to the customer.
    const ofOrders = published.filter((type) => /^Package|Numbered$|^AllocationDeclined$/.test(type));
    const ofNobody = ['PipelineDefined', 'TouchpointRegistered', ...ofOrders];
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
