import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { carried, given } from '#kernel/testing';
import { OrderAmended, OrderConfirmed, OrderPlaced } from './events.js';
import { most } from './line-fields.js';
import { order } from './order.js';
import {
  arrived,
  cancelled,
  chair,
  chairs,
  closed,
  confirmed,
  credited,
  customerId,
  delivered,
  erased,
  held,
  invoiced,
  invoiceId,
  nobody,
  noLimit,
  oneChair,
  opportunityId,
  orderId,
  ownerId,
  placed,
  released,
  shipmentId,
  shipped,
  table,
  tables,
  unknownId,
} from './order.samples.js';

const reason = 'as asked';
const currency = 'EUR';
const withAmount = <L extends { quantity: number; unitPrice: number }>(line: L) => ({
  ...line,
  amount: line.quantity * line.unitPrice,
});
const _otherShipment = derivedId('sample', 'other shipment');

describe('placing an order (ORD-01, ORD-07)', () => {
  const command = { orderId, customerId, ownerId, opportunityId, currency, lines: [chairs, tables] };

  it('states its lines, its sum and its terms', () => given(order, noLimit).when('PlaceOrder', command).then(placed));

  it('gives each line an id where the caller brings none', () => {
    const { lineId: _, ...line } = chairs;
    given(order, noLimit)
      .when('PlaceOrder', { orderId, customerId, currency, lines: [line, line] }, { newId: (label) => `id of ${label}` })
      .then(
        OrderPlaced({
          orderId,
          customerId,
          currency,
          channel: 'DIRECT',
          paymentTermDays: 30,
          amount: 400_00,
          lines: [withAmount({ ...chairs, lineId: 'id of line 0' }), withAmount({ ...chairs, lineId: 'id of line 1' })],
        }),
      );
  });

  it('carries the shipping address and the note, sealed', () => {
    const sealed = { shippingAddress: carried('1 Long Lane'), note: carried('ring twice') };
    given(order, noLimit)
      .when('PlaceOrder', { ...command, ...sealed })
      .then(OrderPlaced({ ...placed.data, ...sealed }));
  });

  it('happens once', () => given(order, noLimit, placed).when('PlaceOrder', command).isRefused('order-exists', 'orderId'));

  it('is by a customer who is registered and not erased (ORD-07)', () => {
    given(order, { ...noLimit, customer: nobody })
      .when('PlaceOrder', command)
      .isRefused('customer-unknown');
    given(order, { ...noLimit, customer: erased })
      .when('PlaceOrder', command)
      .isRefused('customer-erased');
  });

  it('names a line once', () =>
    given(order, noLimit)
      .when('PlaceOrder', { ...command, lines: [chairs, chairs] })
      .isRefused('line-twice', 'lines[1].lineId'));

  it('refuses a sum that cannot be counted exactly', () =>
    given(order, noLimit)
      .when('PlaceOrder', {
        ...command,
        lines: Array.from({ length: 10 }, () => ({ ...chairs, lineId: undefined, quantity: 1e6, unitPrice: 1e9 })),
      })
      .isRefused('amount-too-large', 'lines'));
});

describe('amending an order (ORD-01)', () => {
  const amended = (lines: (typeof chairs)[], amount: number) =>
    OrderAmended({ orderId, customerId, currency, lines: lines.map(withAmount), amount, previousAmount: 350_00 });
  const lamps = { lineId: derivedId('sample', 'line', 'lamp'), description: 'Lamp', quantity: 1, unitPrice: 25_00 };

  it('replaces a line', () =>
    given(order, noLimit, placed)
      .when('AmendOrder', { orderId, lines: [{ ...chairs, quantity: 4 }] })
      .then(amended([{ ...chairs, quantity: 4 }, tables], 550_00)));

  it('adds a line', () =>
    given(order, noLimit, placed)
      .when('AmendOrder', { orderId, lines: [lamps] })
      .then(amended([chairs, tables, lamps], 375_00)));

  it('removes a line', () =>
    given(order, noLimit, placed)
      .when('AmendOrder', { orderId, remove: [chair] })
      .then(amended([tables], 150_00)));

  it('changes nothing where all is as it was', () =>
    given(order, noLimit, placed)
      .when('AmendOrder', { orderId, lines: [chairs] })
      .changesNothing());

  it('changes the address alone', () =>
    given(order, noLimit, placed)
      .when('AmendOrder', { orderId, shippingAddress: carried('2 Short Lane') })
      .then(OrderAmended({ ...amended([chairs, tables], 350_00).data, shippingAddress: carried('2 Short Lane') })));

  it('keeps a line', () =>
    given(order, noLimit, placed)
      .when('AmendOrder', { orderId, remove: [chair, table] })
      .isRefused('no-lines', 'remove'));

  it('removes no line that it does not have', () =>
    given(order, noLimit, placed)
      .when('AmendOrder', { orderId, remove: [unknownId] })
      .isRefused('line-unknown', 'remove[0]'));

  it('does not both replace and remove a line', () =>
    given(order, noLimit, placed)
      .when('AmendOrder', { orderId, lines: [chairs], remove: [chair] })
      .isRefused('line-twice', 'remove[0]'));

  it('has no more lines than an order may have', () =>
    given(order, noLimit, placed)
      .when('AmendOrder', { orderId, lines: Array.from({ length: most.lines - 1 }, () => ({ ...lamps, lineId: undefined })) })
      .isRefused('too-many-lines', 'lines'));

  it('may have as many lines as an order may have', () => {
    const more = Array.from({ length: most.lines - 2 }, (_, index) => ({ ...lamps, lineId: derivedId('lamp', `${index}`) }));
    given(order, noLimit, placed)
      .when('AmendOrder', { orderId, lines: more })
      .then(amended([chairs, tables, ...more], 350_00 + more.length * 25_00));
  });

  it('goes not below what was shipped', () =>
    given(order, noLimit, placed, confirmed, shipped())
      .when('AmendOrder', { orderId, lines: [{ ...chairs, quantity: 1 }] })
      .isRefused('below-shipped', 'lines[0].quantity'));

  it('goes not below what was invoiced', () =>
    given(order, noLimit, placed, confirmed, invoiced())
      .when('AmendOrder', { orderId, lines: [{ ...chairs, quantity: 1 }] })
      .isRefused('below-invoiced', 'lines[0].quantity'));

  it('goes down to what was invoiced', () =>
    given(order, noLimit, placed, confirmed, invoiced(oneChair))
      .when('AmendOrder', { orderId, lines: [{ ...chairs, quantity: 1 }] })
      .then(amended([{ ...chairs, quantity: 1 }, tables], 250_00)));

  it('removes no line of which something was shipped', () =>
    given(order, noLimit, placed, confirmed, shipped(oneChair))
      .when('AmendOrder', { orderId, remove: [chair] })
      .isRefused('line-in-use', 'remove[0]'));

  it('keeps the price of what was invoiced', () =>
    given(order, noLimit, placed, confirmed, invoiced(oneChair))
      .when('AmendOrder', { orderId, lines: [{ ...chairs, unitPrice: 90_00 }] })
      .isRefused('price-invoiced', 'lines[0].unitPrice'));

  it('keeps the product of what was shipped', () =>
    given(order, noLimit, placed, confirmed, shipped(oneChair))
      .when('AmendOrder', { orderId, lines: [{ ...chairs, productId: unknownId }] })
      .isRefused('line-in-use', 'lines[0].productId'));
  it('keeps goods that were shipped goods, and no charge', () =>
    given(order, noLimit, placed, confirmed, shipped(oneChair))
      .when('AmendOrder', { orderId, lines: [{ ...chairs, charge: true }] })
      .isRefused('line-in-use', 'lines[0].charge'));

  it('is too late when all was delivered and invoiced', () =>
    given(order, noLimit, placed, confirmed, shipped(), delivered(), invoiced())
      .when('AmendOrder', { orderId, lines: [lamps] })
      .isRefused('order-completed'));
});

describe('confirming, holding and releasing an order (ORD-01)', () => {
  it('is confirmed with its checks', () =>
    given(order, noLimit, placed)
      .when('ConfirmOrder', { orderId, creditCheck: 'PASSED', stockCheck: 'WAIVED' })
      .then(OrderConfirmed({ orderId, creditCheck: 'PASSED', stockCheck: 'WAIVED' })));
  it('is confirmed once', () => given(order, noLimit, placed, confirmed).when('ConfirmOrder', { orderId }).changesNothing());
  it('is not confirmed on hold', () =>
    given(order, noLimit, placed, held).when('ConfirmOrder', { orderId }).isRefused('order-on-hold'));
  it('is not confirmed before it is placed', () =>
    given(order, noLimit).when('ConfirmOrder', { orderId }).isRefused('order-unknown', 'orderId'));
  it('is held', () => given(order, noLimit, placed, confirmed).when('HoldOrder', { orderId, reason }).then(held));
  it('is held once', () => given(order, noLimit, placed, held).when('HoldOrder', { orderId, reason }).changesNothing());
  it('is released', () => given(order, noLimit, placed, held).when('ReleaseOrder', { orderId }).then(released));
  it('is released once', () => given(order, noLimit, placed, held, released).when('ReleaseOrder', { orderId }).changesNothing());
  it('ships nothing on hold', () =>
    given(order, noLimit, placed, confirmed, held).when('ShipOrder', { orderId }).isRefused('order-on-hold'));
  it('invoices nothing on hold', () =>
    given(order, noLimit, placed, confirmed, held).when('InvoiceOrder', { orderId }).isRefused('order-on-hold'));
});

describe('cancelling and closing an order (ORD-01)', () => {
  it('is cancelled', () => given(order, noLimit, placed).when('CancelOrder', { orderId, reason }).then(cancelled));
  it('is cancelled once', () =>
    given(order, noLimit, placed, cancelled).when('CancelOrder', { orderId, reason }).changesNothing());
  it('is not cancelled after a shipment', () =>
    given(order, noLimit, placed, confirmed, shipped(oneChair))
      .when('CancelOrder', { orderId, reason })
      .isRefused('order-shipped'));
  it('is not cancelled while something is invoiced', () =>
    given(order, noLimit, placed, confirmed, invoiced(oneChair))
      .when('CancelOrder', { orderId, reason })
      .isRefused('order-invoiced'));
  it('is cancelled when all its invoices are credited', () =>
    given(order, noLimit, placed, confirmed, invoiced(oneChair), credited(100_00, 0))
      .when('CancelOrder', { orderId, reason })
      .then(cancelled));
  it('stays cancelled', () =>
    given(order, noLimit, placed, cancelled).when('ConfirmOrder', { orderId }).isRefused('order-cancelled'));
  it('invoices nothing when cancelled', () =>
    given(order, noLimit, placed, confirmed, cancelled).when('InvoiceOrder', { orderId }).isRefused('order-cancelled'));

  it('is closed short', () =>
    given(order, noLimit, placed, confirmed, shipped(oneChair)).when('CloseOrder', { orderId, reason }).then(closed));
  it('is closed once', () =>
    given(order, noLimit, placed, confirmed, shipped(oneChair), closed).when('CloseOrder', { orderId, reason }).changesNothing());
  it('is not closed before a shipment', () =>
    given(order, noLimit, placed, confirmed).when('CloseOrder', { orderId, reason }).isRefused('nothing-shipped'));
  it('is not closed while more is invoiced than was shipped', () =>
    given(order, noLimit, placed, confirmed, shipped(oneChair), invoiced())
      .when('CloseOrder', { orderId, reason })
      .isRefused('invoiced-beyond-shipped'));
  it('is not closed when completed', () =>
    given(order, noLimit, placed, confirmed, shipped(), delivered(), invoiced())
      .when('CloseOrder', { orderId, reason })
      .isRefused('order-completed'));
  it('ships nothing when closed', () =>
    given(order, noLimit, placed, confirmed, shipped(oneChair), closed).when('ShipOrder', { orderId }).isRefused('order-closed'));
  it('still delivers and invoices what was shipped', () => {
    const short = given(order, noLimit, placed, confirmed, shipped(oneChair), closed);
    short.when('DeliverOrder', { orderId }).then(arrived(oneChair, shipmentId, { inFull: false }));
    short.when('InvoiceOrder', { orderId, invoiceId }).then(invoiced(oneChair));
  });
});

describe('an order', () => {
  it('stamps the ids of what it belongs to', () =>
    expect(order.refs?.(given(order, noLimit, placed).state)).toEqual({
      order: orderId,
      customer: customerId,
      owner: ownerId,
      opportunity: opportunityId,
    }));

  it('claims its number whatever its case and the spaces around it', () =>
    expect(order.reserve?.PlaceOrder?.({ customerId, currency, lines: [], orderNumber: ' so-1 ' })).toEqual([
      { scope: 'order.number', value: 'SO-1', label: 'this order number', field: 'orderNumber' },
    ]));

  it('claims nothing without a number', () =>
    expect(order.reserve?.PlaceOrder?.({ customerId, currency, lines: [] })).toEqual([]));
});
