import { describe, expect, it } from '@jest/globals';
import type { Ended, Line } from './quantities.js';
import { nextStep, orderStatus } from './status.js';

/** A confirmed order of ten units. */
const order = (line: Partial<Line> = {}, decided: { confirmed?: boolean; held?: boolean; ended?: Ended } = {}) => ({
  confirmed: true,
  held: false,
  lines: [
    {
      lineId: 'line',
      description: 'Chair',
      quantity: 10,
      unitPrice: 1,
      allocated: 0,
      picked: 0,
      shipped: 0,
      delivered: 0,
      invoiced: 0,
      backordered: 0,
      returned: 0,
      ...line,
    },
  ],
  ...decided,
});

describe('the status of an order (ORD-01)', () => {
  it.each([
    ['DRAFT', order({}, { confirmed: false })],
    ['ON_HOLD', order({}, { held: true })],
    ['ON_HOLD', order({}, { confirmed: false, held: true })],
    ['TO_DELIVER_AND_BILL', order()],
    ['TO_DELIVER_AND_BILL', order({ shipped: 10, delivered: 9, invoiced: 9 })],
    ['TO_DELIVER', order({ invoiced: 10 })],
    ['TO_DELIVER', order({ shipped: 10, delivered: 9, invoiced: 10 })],
    ['TO_BILL', order({ shipped: 10, delivered: 10, invoiced: 9 })],
    ['COMPLETED', order({ shipped: 10, delivered: 10, invoiced: 10 })],
    ['TO_BILL', order({ charge: true })],
    ['COMPLETED', order({ charge: true, invoiced: 10 })],
    ['TO_DELIVER', order({ unitPrice: 0, shipped: 10, delivered: 9 })],
    ['COMPLETED', order({ unitPrice: 0, shipped: 10, delivered: 10 })],
    ['CLOSED', order({ shipped: 5 }, { ended: 'CLOSED' })],
    ['CANCELLED', order({}, { ended: 'CANCELLED' })],
  ] as const)('is %s after %j', (status, progress) => expect(orderStatus(progress)).toBe(status));
});

describe('the next expected step (ORD-11)', () => {
  it.each([
    ['CONFIRM', order({}, { confirmed: false }), 0],
    ['RELEASE', order({}, { held: true }), 0],
    ['SHIP', order({ shipped: 9 }), 0],
    ['DELIVER', order({ shipped: 10, delivered: 9 }), 0],
    ['INVOICE', order({ shipped: 10, delivered: 10 }), 0],
    ['PAY', order({ shipped: 10, delivered: 10, invoiced: 10 }), 1],
    ['NONE', order({ shipped: 10, delivered: 10, invoiced: 10 }), 0],
    ['NONE', order({}, { ended: 'CANCELLED' }), 0],
    ['INVOICE', order({ charge: true }), 0],
    ['NONE', order({ unitPrice: 0, shipped: 10, delivered: 10 }), 0],
    ['DELIVER', order({ shipped: 5 }, { ended: 'CLOSED' }), 0],
    ['INVOICE', order({ shipped: 5, delivered: 5 }, { ended: 'CLOSED' }), 0],
    ['NONE', order({ shipped: 5, delivered: 5, invoiced: 5 }, { ended: 'CLOSED' }), 0],
  ] as const)('is %s after %j with %i open', (step, progress, open) => expect(nextStep(progress, open)).toBe(step));
});
