import { daysBetween, laterOf } from '#kernel';
import { allOf, type Verdict } from '../deliveries/verdict.js';
import { isFullyDelivered, isFullyShipped, type Quantities } from '../order/quantities.js';
import type { OrderToCash } from './document.js';

/** How the customer was served: judged when all that was shipped for good has arrived, by the moments at which that happened. */
export function serviceOf({ placedAt, requestedBy, shipments }: OrderToCash, progress: Quantities) {
  const arrivedAt = shipments.reduce((last, { lastDeliveredAt = '' }) => laterOf(last, lastDeliveredAt), '');
  const leftAt = shipments.reduce((last, { shippedAt }) => laterOf(last, shippedAt), '');
  const arrived = isFullyDelivered(progress) && arrivedAt !== '';
  const onTime: Verdict = arrived && requestedBy !== undefined ? arrivedAt <= requestedBy : null;
  const complete: Verdict = arrived ? progress.lines.every((line) => line.charge || line.delivered === line.quantity) : null;
  return {
    onTime,
    complete,
    onTimeAndComplete: allOf([onTime, complete]),
    leadDays: arrived && placedAt !== undefined ? daysBetween(placedAt, arrivedAt) : undefined,
    processingDays:
      isFullyShipped(progress) && placedAt !== undefined && leftAt !== '' ? daysBetween(placedAt, leftAt) : undefined,
  };
}
