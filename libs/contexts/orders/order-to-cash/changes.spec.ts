import { describe, it } from '@jest/globals';
import { carried } from '#kernel/testing';
import { OrderAmended, OrderPlaced, OrderShipmentReturned } from '../order/events.js';
import { confirmed, customerId, oneChair, orderId, placed, shipmentId, shipped } from '../order/order.samples.js';
import { daily, day } from './testing/daily.js';

const shippingAddress = carried('1 Long Lane');
const wanted = { requestedBy: day(9), carrier: 'DHL', window: '08:00-12:00', shippingAddress };
const known = { orderId, customerId, currency: 'EUR', lines: placed.data.lines, amount: 350_00, previousAmount: 350_00 };

describe('an order that is amended (ORD-01, ORD-12)', () => {
  const asWanted = OrderPlaced({ ...placed.data, ...wanted });

  it('keeps what the amendment does not say: when, how, by whom and where to it goes', () =>
    daily(asWanted, OrderAmended(known)).then(orderId, wanted));
  it('goes where the amendment says', () => {
    const elsewhere = { carrier: 'UPS', shippingAddress: carried('2 Short Lane') };
    daily(asWanted, OrderAmended({ ...known, ...elsewhere })).then(orderId, { ...wanted, ...elsewhere });
  });
});

describe('a shipment that comes back (ORD-03)', () => {
  const back = OrderShipmentReturned({ orderId, shipmentId, lines: oneChair, reason: 'nobody there' });

  it('is under way no more, as far as it came back', () =>
    daily(placed, confirmed, shipped(), back).then(orderId, {
      nextStep: 'SHIP',
      shippedAmount: 250_00,
      fullyShippedAt: undefined,
      shipments: [{ shipmentId, shippedAt: day(2), underWay: 4 }],
    }));
});
