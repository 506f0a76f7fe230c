import { daysBetween, type Moment } from '#kernel';
import type { Delivery, Right } from './document.js';
import { allOf, type Verdict } from './verdict.js';

/** Everything in the document that follows from the rest of it. */
export function judged(delivery: Delivery): Delivery {
  const { shippedUnits, deliveredUnits, cameBackUnits, failedDeliveries, placedAt, shippedAt, deliveredAt } = delivery;
  const status =
    shippedUnits === 0 || shippedUnits > deliveredUnits + cameBackUnits
      ? 'UNDER_WAY'
      : deliveredUnits > 0
        ? 'DELIVERED'
        : 'RETURNED';
  const right = status === 'DELIVERED' ? rightsOf(delivery) : unknown;
  const perfect = allOf(Object.values(right));
  const atFirst: Verdict = status === 'DELIVERED' ? failedDeliveries === 0 && cameBackUnits === 0 : null;
  const failed = (verdict: Verdict) => Number(verdict === false);
  return {
    ...delivery,
    status,
    rightProduct: right.product,
    rightQuantity: right.quantity,
    rightQuality: right.quality,
    rightPlace: right.place,
    rightTime: right.time,
    rightCustomer: right.customer,
    rightCosts: right.costs,
    perfect,
    onTimeInFull: allOf([right.time, right.quantity]),
    accurate: allOf([right.product, right.quantity, right.place, right.customer, atFirst]),
    processingDays: days(placedAt, shippedAt),
    transitDays: status === 'DELIVERED' ? days(shippedAt, deliveredAt) : undefined,
    leadDays: status === 'DELIVERED' ? days(placedAt, deliveredAt) : undefined,
    judgedDeliveries: Number(perfect !== null),
    perfectDeliveries: Number(perfect === true),
    productFailures: failed(right.product),
    quantityFailures: failed(right.quantity),
    qualityFailures: failed(right.quality),
    placeFailures: failed(right.place),
    timeFailures: failed(right.time),
    customerFailures: failed(right.customer),
    costsFailures: failed(right.costs),
  };
}

/** Of a delivery that has arrived. */
function rightsOf({ found, inFull, asAgreed, reachedAddress, requestedBy, deliveredAt }: Delivery): Record<Right, Verdict> {
  return {
    product: found.product ?? true,
    quantity: found.quantity ?? inFull,
    quality: found.quality,
    place: found.place ?? (reachedAddress ? true : null),
    time: requestedBy === undefined || deliveredAt === undefined ? null : deliveredAt <= requestedBy,
    customer: found.customer ?? true,
    costs: found.costs ?? asAgreed,
  };
}

const unknown: Record<Right, Verdict> = {
  product: null,
  quantity: null,
  quality: null,
  place: null,
  time: null,
  customer: null,
  costs: null,
};

const days = (from: Moment | undefined, to: Moment | undefined) =>
  from === undefined || to === undefined ? undefined : daysBetween(from, to);
