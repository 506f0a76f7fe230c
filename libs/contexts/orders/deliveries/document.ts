import { type Static, Type } from 'typebox';
import { Choice, Count, Id, MomentField, Text } from '#kernel';
import { VerdictField } from './verdict.js';

export const deliveryStatuses = ['UNDER_WAY', 'DELIVERED', 'RETURNED'] as const;
/** The seven R's: what of a delivery can be right. */
export const rights = ['product', 'quantity', 'quality', 'place', 'time', 'customer', 'costs'] as const;
export type Right = (typeof rights)[number];

const Days = (description: string) => Type.Optional(Type.Number({ description: `${description}, in days of 24 hours` }));
const Failure = (right: string) =>
  Count(`number of deliveries without ${right}: 1 where this one is known to be one, otherwise 0`);

/** What an inspection said, the latest one of each part. */
const Found = Type.Object(
  {
    product: VerdictField('the goods are those that were ordered; null: nobody looked'),
    quantity: VerdictField('they are as many as were ordered; null: nobody looked'),
    quality: VerdictField('they are whole, and as good as promised; null: nobody looked'),
    place: VerdictField('they came to the place where they were wanted; null: nobody looked'),
    customer: VerdictField('they came to the one who was to have them; null: nobody looked'),
    costs: VerdictField('they cost what was agreed; null: nobody looked'),
  },
  { description: 'what an inspection found, or the customer said; it goes before what other facts say' },
);

export const Delivery = Type.Object({
  deliveryId: Id('the delivery: goods of one order in one shipment'),
  orderId: Id('the order'),
  shipmentId: Id('the shipment: a package, or goods that were sent without one'),
  customerId: Type.Optional(Id('who ordered')),
  ownerId: Type.Optional(Id('the sales agent whose order it is')),
  status: Choice(deliveryStatuses, 'UNDER_WAY until nothing of it is; then DELIVERED where something of it arrived, or RETURNED'),
  carrier: Type.Optional(Text('who carries it')),
  warehouse: Type.Optional(Text('which warehouse it left')),
  shippedUnits: Count('units that left us'),
  deliveredUnits: Count('units that arrived'),
  cameBackUnits: Count('units that could not be delivered and are with us again'),
  failedDeliveries: Count('how many tries to deliver it failed'),
  shippedAt: Type.Optional(MomentField('when it left us')),
  deliveredAt: Type.Optional(MomentField('when goods of it last arrived')),
  placedAt: Type.Optional(MomentField('when the order was placed')),
  requestedBy: Type.Optional(MomentField('when the customer wanted to have it at the latest, as known when it arrived')),
  reachedAddress: Type.Boolean({ description: 'its package is recorded as having reached its address' }),
  inFull: VerdictField('with it, all that is ordered of its lines had arrived; null: it is to arrive, or no fact says'),
  asAgreed: VerdictField('its lines have the prices that were agreed; null: it is to arrive, or no fact says'),
  found: Found,

  rightProduct: VerdictField(
    'what arrived are goods of the lines of the order, unless an inspection found others; null: it is to arrive',
  ),
  rightQuantity: VerdictField(
    'all that is ordered of its lines had arrived with it, unless an inspection found otherwise; null: as inFull',
  ),
  rightQuality: VerdictField('as an inspection found; null: nobody looked'),
  rightPlace: VerdictField(
    'its package reached its address, unless an inspection found otherwise; null: it had no package, and nobody looked',
  ),
  rightTime: VerdictField(
    'it arrived by the moment at which the customer wanted it; null: it is to arrive, or the customer named none',
  ),
  rightCustomer: VerdictField(
    'it is recorded as having reached the customer, unless an inspection found otherwise; null: it is to arrive',
  ),
  rightCosts: VerdictField('its prices are those that were agreed, unless an inspection found otherwise; null: as asAgreed'),
  perfect: VerdictField('all seven are right; false: one is known not to be; null: one is not known, and none is false'),
  onTimeInFull: VerdictField('right time and right quantity; null: one is not known, and none is false'),
  accurate: VerdictField(
    'the right goods, in the right quantity, to the right place and customer, at the first try; null: one is not known, and none is false',
  ),

  processingDays: Days('from the placing of the order until it left us'),
  transitDays: Days('from when it left us until its goods last arrived'),
  leadDays: Days('from the placing of the order until its goods last arrived'),

  judgedDeliveries: Count('number of deliveries of which it is known whether they are perfect: 1 or 0'),
  perfectDeliveries: Count('number of perfect deliveries: 1 or 0; their sum by that of judgedDeliveries is the rate'),
  productFailures: Failure('the right product'),
  quantityFailures: Failure('the right quantity'),
  qualityFailures: Failure('the right quality'),
  placeFailures: Failure('the right place'),
  timeFailures: Failure('the right time'),
  customerFailures: Failure('the right customer'),
  costsFailures: Failure('the right costs'),
});
export type Delivery = Static<typeof Delivery>;
