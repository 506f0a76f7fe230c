import { describe, it } from '@jest/globals';
import { derivedId, type Fact } from '#kernel';
import { carried, given, givenView, recorded } from '#kernel/testing';
import type { RegisteredCustomer, ShipmentPreference } from '../../customers/contract.js';
import { orderToCash } from '../order-to-cash/order-to-cash.view.js';
import * as facts from './events.js';
import { order } from './order.js';
import { both, chairs, confirmed, customerId, noLimit, orderId, placed, shipmentId, tables } from './order.samples.js';

const customer = (shipment?: ShipmentPreference): RegisteredCustomer => ({
  status: 'REGISTERED',
  customerId,
  contacts: [],
  identifiers: {},
  merged: [],
  ...(shipment && { shipment }),
});
const address = carried('1 Long Lane');
const preferred = { carrier: 'DHL', window: '08:00-12:00', address };
const { amount: _amount, ...terms } = placed.data;
const command = { ...terms, lines: [chairs, tables] };
const { address: shippingAddress, ...said } = { ...preferred };

describe('the shipment preference of a customer (ORD-12)', () => {
  const prefers = (shipment?: ShipmentPreference) => given(order, { ...noLimit, customer: customer(shipment) });
  const asPreferred = facts.OrderPlaced({
    ...placed.data,
    ...said,
    shippingAddress,
    preference: { applied: ['carrier', 'window', 'address'], overridden: [] },
  });

  it('is applied to an order of which nobody says otherwise', () => {
    prefers(preferred).when('PlaceOrder', command).then(asPreferred);
    prefers({ carrier: 'DHL' })
      .when('PlaceOrder', { ...command, window: '13:00-17:00' })
      .then(
        facts.OrderPlaced({
          ...placed.data,
          carrier: 'DHL',
          window: '13:00-17:00',
          preference: { applied: ['carrier'], overridden: [] },
        }),
      );
  });
  it('is none of a customer who prefers nothing', () => prefers().when('PlaceOrder', command).then(placed));
  it('is the one of the customer under whom a merged one is shown', () =>
    given(order, { ...noLimit, customer: customer({ carrier: 'UPS' }), survivor: customer(preferred) })
      .when('PlaceOrder', command)
      .then(asPreferred));
  it('is departed from with a reason only, which is recorded', () => {
    const other = { ...command, carrier: 'UPS', window: '08:00-12:00' };
    prefers(preferred).when('PlaceOrder', other).isRefused('override-without-reason', 'overrideReason');
    prefers(preferred)
      .when('PlaceOrder', { ...other, overrideReason: 'trade fair' })
      .then(
        facts.OrderPlaced({
          ...placed.data,
          carrier: 'UPS',
          window: '08:00-12:00',
          shippingAddress,
          preference: { applied: ['address'], overridden: ['carrier'], reason: 'trade fair' },
        }),
      );
  });
  it('is departed from by any address that is given: two of them cannot be compared', () =>
    prefers(preferred)
      .when('PlaceOrder', { ...command, shippingAddress })
      .isRefused('override-without-reason', 'overrideReason'));
  it('counts for an amendment too', () => {
    const known = given(order, { ...noLimit, customer: customer(preferred) }, asPreferred);
    const lines = [chairs, tables].map((line) => ({ ...line, amount: line.quantity * line.unitPrice }));
    const about = { orderId, customerId, currency: 'EUR', lines, amount: 350_00, previousAmount: 350_00 };
    known.when('AmendOrder', { orderId, carrier: 'DHL' }).changesNothing();
    known.when('AmendOrder', { orderId, carrier: 'UPS' }).isRefused('override-without-reason', 'overrideReason');
    known.when('AmendOrder', { orderId, carrier: 'UPS', overrideReason: 'trade fair' }).then(
      facts.OrderAmended({
        ...about,
        carrier: 'UPS',
        preference: { applied: [], overridden: ['carrier'], reason: 'trade fair' },
      }),
    );
  });
  it('has a window that ends after it begins', () =>
    prefers()
      .when('PlaceOrder', { ...command, window: '12:00-08:00' })
      .isRefused('window-empty'));
  it('names who carries a shipment where nobody else is named', () =>
    given(order, noLimit, asPreferred, confirmed)
      .when('ShipOrder', { orderId, shipmentId })
      .then(facts.OrderShipped({ orderId, shipmentId, carrier: 'DHL', lines: both })));
  it('names the carrier still after something else was amended', () => {
    const known = { orderId, customerId, currency: 'EUR', lines: placed.data.lines, amount: 350_00, previousAmount: 350_00 };
    const shipping = (...more: Fact[]) =>
      given(order, noLimit, asPreferred, confirmed, ...more).when('ShipOrder', { orderId, shipmentId });
    shipping(facts.OrderAmended(known)).then(facts.OrderShipped({ orderId, shipmentId, carrier: 'DHL', lines: both }));
    shipping(facts.OrderAmended({ ...known, carrier: 'UPS' })).then(
      facts.OrderShipped({ orderId, shipmentId, carrier: 'UPS', lines: both }),
    );
  });
  it('is shown with the order, and what departs from it', () => {
    const amended = facts.OrderAmended({
      orderId,
      customerId,
      currency: 'EUR',
      amount: 350_00,
      previousAmount: 350_00,
      carrier: 'UPS',
      lines: placed.data.lines,
      preference: { applied: [], overridden: ['carrier'], reason: 'trade fair' },
    });
    givenView(orderToCash)
      .facts(recorded(asPreferred))
      .then(orderId, {
        carrier: 'DHL',
        window: '08:00-12:00',
        asPreferred: ['carrier', 'window', 'address'],
        notAsPreferred: [],
      });
    givenView(orderToCash)
      .facts(recorded(asPreferred), recorded(amended))
      .then(orderId, {
        carrier: 'UPS',
        window: '08:00-12:00',
        overrideReason: 'trade fair',
        asPreferred: ['window', 'address'],
        notAsPreferred: ['carrier'],
      });
  });
  it('is none of an order of a customer who has none', () =>
    given(order, noLimit)
      .when('PlaceOrder', { ...command, orderId: derivedId('other') })
      .then(facts.OrderPlaced({ ...placed.data, orderId: derivedId('other') })));
});
