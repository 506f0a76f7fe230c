import { type Ended, hasNothingToDeliver, hasNothingToInvoice, type Line, open } from './quantities.js';

export const orderStatuses = [
  'DRAFT',
  'ON_HOLD',
  'TO_DELIVER_AND_BILL',
  'TO_DELIVER',
  'TO_BILL',
  'COMPLETED',
  'CLOSED',
  'CANCELLED',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const nextSteps = ['CONFIRM', 'RELEASE', 'SHIP', 'DELIVER', 'INVOICE', 'PAY', 'NONE'] as const;
export type NextStep = (typeof nextSteps)[number];

/** All that the status of an order follows from. */
export interface Progress {
  readonly confirmed: boolean;
  readonly held: boolean;
  readonly ended?: Ended;
  readonly lines: readonly Line[];
}

/** Nobody sets a status; it follows from what was decided, delivered and invoiced. */
export function orderStatus(order: Progress): OrderStatus {
  if (order.ended) return order.ended;
  if (order.held) return 'ON_HOLD';
  if (!order.confirmed) return 'DRAFT';
  const billed = hasNothingToInvoice(order);
  if (hasNothingToDeliver(order)) return billed ? 'COMPLETED' : 'TO_BILL';
  return billed ? 'TO_DELIVER' : 'TO_DELIVER_AND_BILL';
}

/** What is expected next; `openAmount` (minor units) is what the customer has been invoiced and not yet paid. */
export function nextStep(order: Progress, openAmount: number): NextStep {
  const { lines, ended } = order;
  if (order.held && !ended) return 'RELEASE';
  if (!order.confirmed && !ended) return 'CONFIRM';
  if (lines.some((line) => open.shipped(line, ended) > 0)) return 'SHIP';
  if (lines.some((line) => open.delivered(line) > 0)) return 'DELIVER';
  if (!hasNothingToInvoice(order)) return 'INVOICE';
  return openAmount > 0 ? 'PAY' : 'NONE';
}
