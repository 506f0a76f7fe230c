import { describe, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { OrderPicked, OrderPlaced, PaymentRefunded } from '../order/events.js';
import {
  cancelled,
  chair,
  chairs,
  confirmed,
  credited,
  delivered,
  invoiced,
  invoiceId,
  orderId,
  paid,
  placed,
  shipped,
  tables,
} from '../order/order.samples.js';
import { daily, day } from './testing/daily.js';

const twoChairs = [{ lineId: chair, quantity: 2 }];

describe('the milestones of an order (ORD-06)', () => {
  it('are none before they are reached, nor are the days until then', () =>
    daily(placed).then(orderId, {
      ...{ fullyPickedAt: undefined, fullyShippedAt: undefined, fullyInvoicedAt: undefined },
      ...{ daysToConfirm: undefined, daysToShip: undefined, daysToPay: undefined, daysOrderToCash: undefined },
    }));
  it('are not reached by one line of several', () => {
    const picked = OrderPicked({ orderId, lines: twoChairs });
    daily(placed, confirmed, picked, shipped(twoChairs), delivered(twoChairs), invoiced(twoChairs)).then(orderId, {
      ...{ pickedUnits: 2, fullyPickedAt: undefined, fullyShippedAt: undefined },
      ...{ fullyDeliveredAt: undefined, fullyInvoicedAt: undefined },
    });
  });
  it('need no invoice of what is free', () => {
    const lines = [
      { ...chairs, amount: 200_00 },
      { ...tables, unitPrice: 0, amount: 0 },
    ];
    daily(OrderPlaced({ ...placed.data, lines, amount: 200_00 }), confirmed, invoiced(twoChairs)).then(orderId, {
      fullyInvoicedAt: day(2),
    });
  });
  it('are not invoiced where the order was cancelled before', () =>
    daily(placed, confirmed, cancelled).then(orderId, { invoicedAmount: 0, fullyInvoicedAt: undefined }));
});

describe('when the next step of an order is expected (ORD-11)', () => {
  const wanted = OrderPlaced({ ...placed.data, requestedBy: day(9) });

  it('is when the customer wants the goods, until they arrived', () => {
    daily(wanted).then(orderId, { nextStep: 'CONFIRM', expectedBy: day(9) });
    daily(wanted, confirmed, shipped()).then(orderId, { nextStep: 'DELIVER', expectedBy: day(9) });
  });
  it('is not known of the invoice', () =>
    daily(wanted, confirmed, shipped(), delivered()).then(orderId, { nextStep: 'INVOICE', expectedBy: undefined }));
});

describe('what was paid back (ORD-05)', () => {
  it('is shown, and is not to be paid back again', () => {
    const refundId = derivedId('sample', 'refund');
    const refunded = PaymentRefunded({ orderId, invoiceId, refundId, amount: 60_00, currency: 'EUR', refundable: 40_00 });
    daily(placed, confirmed, invoiced(), paid(350_00, 0), credited(100_00, 0), refunded).then(orderId, {
      ...{ paidAmount: 350_00, creditedAmount: 100_00, refundedAmount: 60_00, refundableAmount: 40_00, openAmount: 0 },
    });
  });
});
