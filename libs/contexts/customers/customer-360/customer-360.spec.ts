import { describe, expect, it } from '@jest/globals';
import { derivedId, type Fact, type Moment, streamName } from '#kernel';
import { carried, givenView, recorded } from '#kernel/testing';
import {
  OrderCancelled,
  OrderConfirmed,
  OrderCredited,
  OrderHeld,
  OrderInvoiced,
  OrderPlaced,
  OrderReleased,
  PaymentReceived,
} from '../../orders/contract.js';
import {
  OpportunityAdvanced,
  OpportunityCorrected,
  OpportunityLost,
  OpportunityOpened,
  OpportunityReopened,
  OpportunityWon,
} from '../../sales/contract.js';
import {
  ContactAdded,
  CustomerErased,
  CustomerRegistered,
  IdentifierLinked,
  IdentifierUnlinked,
  OwnerAssigned,
  OwnershipTransferred,
  PreferenceRecorded,
  ShipmentPreferenceSet,
} from '../customer/events.js';
import { InteractionLogged } from '../interaction/events.js';
import { customer360 } from './customer-360.view.js';

const customerId = derivedId('acme');
const contactId = derivedId('ada');
const reservationId = derivedId('reservation');
const opportunityId = derivedId('opportunity');
const orderId = derivedId('order');
const anna = derivedId('anna');
const bert = derivedId('bert');
const name = carried('Acme');
const value = carried('office@acme.example');

const stream = streamName('customer', 'main', customerId);
const orderStream = streamName('order', 'main', orderId);
const january = '2026-01-05T09:00:00.000Z';
const march = '2026-03-02T09:00:00.000Z';

const past = (fact: Fact, revision: number, occurredAt: Moment = january, of = stream) =>
  recorded(fact, { stream: of, revision, occurredAt, refs: { customer: customerId } });
const ofOrder = (fact: Fact, revision: number, occurredAt: Moment = january) => past(fact, revision, occurredAt, orderStream);
const view = (...facts: ReturnType<typeof past>[]) => givenView(customer360).facts(...facts);

const registered = past(CustomerRegistered({ customerId, kind: 'ORGANISATION', name, segment: 'retail' }), 0);
const line = { lineId: derivedId('line'), description: 'GTX Pro', quantity: 2, unitPrice: 500_00, amount: 1000_00 };
const placedAs = (orderId: string) =>
  OrderPlaced({ orderId, customerId, channel: 'DIRECT', currency: 'EUR', lines: [line], amount: 1000_00, paymentTermDays: 30 });
const placed = ofOrder(placedAs(orderId), 0);
const invoiceId = derivedId('invoice');
const invoicedAs = (orderId: string, invoiceId: string) =>
  OrderInvoiced({
    orderId,
    customerId,
    invoiceId,
    lines: [line],
    amount: 1000_00,
    currency: 'EUR',
    dueAt: march,
    reminderAts: [],
  });
const invoiced = ofOrder(invoicedAs(orderId, invoiceId), 2);
const paid = ofOrder(
  PaymentReceived({ orderId, invoiceId, paymentId: derivedId('payment'), amount: 600_00, currency: 'EUR', open: 400_00 }),
  3,
);
const credited = ofOrder(
  OrderCredited({
    orderId,
    invoiceId,
    creditId: derivedId('credit'),
    amount: 100_00,
    currency: 'EUR',
    open: 300_00,
    reason: 'damage',
  }),
  4,
);

describe('the 360° view of a customer (CID-01, CID-02)', () => {
  it('says who it is, and from which event that is known', () =>
    view(registered).then(customerId, {
      status: 'REGISTERED',
      kind: 'ORGANISATION',
      name,
      segment: 'retail',
      registeredAt: january,
      event: { stream, revision: 0 },
    }));

  it('names its contacts', () =>
    view(registered, past(ContactAdded({ customerId, contactId, name: carried('Ada'), role: 'BUYER' }), 1, march)).then(
      customerId,
      {
        contacts: [{ contactId, name: carried('Ada'), role: 'BUYER', since: march, event: { stream, revision: 1 } }],
      },
    ));

  it('names its identifiers', () =>
    view(registered, past(IdentifierLinked({ customerId, reservationId, kind: 'EMAIL', value }), 1)).then(customerId, {
      identifiers: [{ reservationId, kind: 'EMAIL', value, since: january, event: { stream, revision: 1 } }],
    }));

  it('forgets identifiers that were unlinked', () =>
    view(
      registered,
      past(IdentifierLinked({ customerId, reservationId, kind: 'EMAIL', value }), 1),
      past(IdentifierUnlinked({ customerId, reservationId, kind: 'EMAIL' }), 2),
    ).then(customerId, { identifiers: [] }));

  it('has the last shipment preference', () =>
    view(
      registered,
      past(ShipmentPreferenceSet({ customerId, carrier: 'DHL', window: '08:00-12:00' }), 1),
      past(ShipmentPreferenceSet({ customerId, carrier: 'UPS' }), 2),
    ).then(customerId, { shipmentPreference: { carrier: 'UPS', since: january, event: { stream, revision: 2 } } }));

  it('has the opportunities with what they are worth', () =>
    view(
      registered,
      past(
        OpportunityOpened({ opportunityId, customerId, amount: 500_00, currency: 'EUR', phase: 'PROSPECTING', probability: 10 }),
        0,
      ),
      past(OpportunityAdvanced({ opportunityId, from: 'PROSPECTING', to: 'PROPOSAL', daysInPhase: 3, probability: 65 }), 1),
    ).then(customerId, {
      openOpportunities: 1,
      opportunities: [
        {
          opportunityId,
          phase: 'PROPOSAL',
          status: 'OPEN',
          amount: 500_00,
          currency: 'EUR',
          since: january,
          event: { stream, revision: 1 },
        },
      ],
    }));

  it('has the orders with what was bought and the money', () =>
    view(registered, placed, ofOrder(OrderConfirmed({ orderId }), 1), invoiced, paid, credited).then(customerId, {
      orderCount: 1,
      orders: [
        {
          orderId,
          status: 'CONFIRMED',
          confirmed: true,
          bought: [{ description: 'GTX Pro', quantity: 2 }],
          currency: 'EUR',
          ordered: 1000_00,
          invoiced: 1000_00,
          paid: 600_00,
          credited: 100_00,
          open: 300_00,
          invoices: [
            {
              invoiceId,
              invoiced: 1000_00,
              paid: 600_00,
              credited: 100_00,
              open: 300_00,
              since: january,
              event: { stream: orderStream, revision: 4 },
            },
          ],
          since: january,
          event: { stream: orderStream, revision: 4 },
        },
      ],
      totals: [{ currency: 'EUR', ordered: 1000_00, invoiced: 1000_00, paid: 600_00, credited: 100_00, open: 300_00 }],
    }));

  it('does not take what was paid beyond one invoice off what is open of another', () => {
    const other = derivedId('order', 'other');
    const whole = { orderId, invoiceId, amount: 1000_00, currency: 'EUR', open: 0 };
    view(
      placed,
      invoiced,
      ofOrder(PaymentReceived({ ...whole, paymentId: derivedId('payment') }), 3),
      ofOrder(OrderCredited({ ...whole, creditId: derivedId('credit'), reason: 'goodwill' }), 4),
      ofOrder(invoicedAs(orderId, derivedId('invoice', 'second')), 5),
      past(placedAs(other), 0),
      past(invoicedAs(other, derivedId('invoice', 'other')), 1),
    ).then(customerId, {
      totals: [{ currency: 'EUR', ordered: 2000_00, invoiced: 3000_00, paid: 1000_00, credited: 1000_00, open: 2000_00 }],
    });
  });

  it('never adds up money of different currencies', () => {
    const inDollars = OrderPlaced({
      orderId: derivedId('order in dollars'),
      customerId,
      channel: 'DIRECT',
      currency: 'USD',
      lines: [line],
      amount: 70_00,
      paymentTermDays: 30,
    });
    expect(view(placed, past(inDollars, 0)).document(customerId)?.totals).toMatchObject([
      { currency: 'EUR', ordered: 1000_00 },
      { currency: 'USD', ordered: 70_00 },
    ]);
  });

  it('counts the interactions and shows the one that occurred last, in whatever order they were recorded', () => {
    const spoken = (interaction: string, channel: 'PHONE' | 'EMAIL') =>
      InteractionLogged({ interactionId: derivedId(interaction), customerId, channel, direction: 'INBOUND', subject: value });
    view(registered, past(spoken('mail', 'EMAIL'), 0, march), past(spoken('call', 'PHONE'), 0, january)).then(customerId, {
      interactions: 2,
      lastInteractionAt: march,
      lastInteraction: {
        interactionId: derivedId('mail'),
        channel: 'EMAIL',
        direction: 'INBOUND',
        subject: value,
        occurredAt: march,
        event: { stream, revision: 0 },
      },
    });
  });

  it('has a document as soon as anybody speaks of the customer', () =>
    view(placed).then(customerId, { status: 'UNKNOWN', orderCount: 1 }));

  it('does not show what concerns no customer', () => {
    const opened = OpportunityOpened({ opportunityId, amount: 1, currency: 'EUR', phase: 'PROSPECTING', probability: 10 });
    expect(view(recorded(opened)).documents.size).toBe(0);
  });

  it('keeps counts and sums of an erased customer (CID-10)', () =>
    view(registered, placed, past(CustomerErased({ customerId, persons: [customerId] }), 1)).then(customerId, {
      status: 'ERASED',
      orderCount: 1,
      totals: [{ currency: 'EUR', ordered: 1000_00, invoiced: 0, paid: 0, credited: 0, open: 0 }],
    }));
});

describe('an opportunity in the 360° view (CID-02)', () => {
  const opened = past(
    OpportunityOpened({ opportunityId, customerId, amount: 500_00, currency: 'EUR', phase: 'PROPOSAL', probability: 65 }),
    0,
  );
  const from = { opportunityId, from: 'PROPOSAL', daysInPhase: 3 };
  const won = past(OpportunityWon({ ...from, to: 'CLOSED_WON', amount: 450_00, currency: 'EUR', cycleDays: 3, wins: 1 }), 1);
  const lost = past(OpportunityLost({ ...from, to: 'CLOSED_LOST', reason: 'PRICE', subjectId: customerId }), 1);
  const opportunities = (...facts: ReturnType<typeof past>[]) => view(opened, ...facts).document(customerId)?.opportunities;

  it('is worth what it brought once it is won', () =>
    expect(opportunities(won)).toMatchObject([{ status: 'WON', phase: 'CLOSED_WON', amount: 450_00 }]));

  it('may be lost', () => expect(opportunities(lost)).toMatchObject([{ status: 'LOST', phase: 'CLOSED_LOST', amount: 500_00 }]));

  it('is open again when it is reopened', () =>
    expect(
      opportunities(lost, past(OpportunityReopened({ ...from, from: 'CLOSED_LOST', to: 'PROPOSAL', probability: 65 }), 2)),
    ).toMatchObject([{ status: 'OPEN', phase: 'PROPOSAL' }]));

  it('is worth what a correction says', () =>
    expect(opportunities(past(OpportunityCorrected({ opportunityId, amount: 480_00 }), 1))).toMatchObject([{ amount: 480_00 }]));

  it('has no correction as of a day before it was opened', () =>
    view(past(OpportunityCorrected({ opportunityId, amount: 480_00 }), 1)).then(customerId, { opportunities: [] }));
});

describe('the status of an order in the 360° view (CID-02)', () => {
  const confirmed = ofOrder(OrderConfirmed({ orderId }), 1);
  const held = ofOrder(OrderHeld({ orderId, reason: 'credit' }), 2);
  const released = ofOrder(OrderReleased({ orderId }), 3);
  const order = (...facts: ReturnType<typeof past>[]) => view(placed, ...facts).document(customerId)?.orders[0];

  it('is a draft at first', () => expect(order()).toMatchObject({ status: 'DRAFT' }));
  it('is on hold until it is released', () => expect(order(confirmed, held)).toMatchObject({ status: 'ON_HOLD' }));
  it('goes back to what it was', () => expect(order(confirmed, held, released)).toMatchObject({ status: 'CONFIRMED' }));
  it('goes back to a draft if it was never confirmed', () => expect(order(held, released)).toMatchObject({ status: 'DRAFT' }));
  it('is cancelled, and nothing is ordered then', () =>
    expect(
      order(ofOrder(OrderCancelled({ orderId, reason: 'changed mind', amount: 1000_00, currency: 'EUR' }), 1)),
    ).toMatchObject({
      status: 'CANCELLED',
      ordered: 0,
    }));
});

describe('the owner of a customer as of a day (CID-07)', () => {
  const assigned = past(OwnerAssigned({ customerId, ownerId: anna }), 1, january);
  const transferred = past(OwnershipTransferred({ customerId, from: anna, to: bert }), 2, march);

  it('is who owned it that day', () => view(registered, assigned).then(customerId, { ownerId: anna }));

  it('is the new one after a transfer, and the former ones stay with their dates', () =>
    view(registered, assigned, transferred).then(customerId, {
      ownerId: bert,
      owners: [
        { ownerId: anna, since: january, until: march, event: { stream, revision: 1 } },
        { ownerId: bert, since: march, event: { stream, revision: 2 } },
      ],
    }));
});

describe('the preferences of a customer (CID-08)', () => {
  const wish = (key: string, value: string) => PreferenceRecorded({ customerId, key, value: carried(value), source: 'CUSTOMER' });

  it('are the last ones of each key, in the order of the keys', () =>
    view(past(wish('packaging', 'any'), 1), past(wish('colour', 'green'), 2), past(wish('packaging', 'no plastics'), 3)).then(
      customerId,
      {
        preferences: [
          { key: 'colour', value: carried('green'), source: 'CUSTOMER', since: january, event: { stream, revision: 2 } },
          { key: 'packaging', value: carried('no plastics'), source: 'CUSTOMER', since: january, event: { stream, revision: 3 } },
        ],
      },
    ));
});
