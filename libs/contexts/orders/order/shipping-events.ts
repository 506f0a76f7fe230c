import { Type } from 'typebox';
import { fact, Id, MomentField, Text } from '#kernel';

const OrderId = Id('the order');
const Reason = Text('why, in a word or a short phrase; nothing about a person', 200);
const Quantity = Type.Integer({ minimum: 1, description: 'number of units' });
const closed = { additionalProperties: false } as const;
const MovedLines = Type.Array(Type.Object({ lineId: Id('a line of the order'), quantity: Quantity }, closed), {
  minItems: 1,
  description: 'the lines and how many units of each',
});
const Found = (right: string) => Type.Optional(Type.Boolean({ description: `${right}; left out: nobody looked` }));

const Compared = Type.Optional(
  Type.Object(
    {
      placedAt: MomentField('when the order was placed'),
      shippedAt: MomentField('when the shipment left us'),
      requestedBy: Type.Optional(MomentField('when the customer wanted to have it at the latest')),
      inFull: Type.Boolean({ description: 'with it, all that is ordered of its lines has arrived' }),
      last: Type.Boolean({ description: 'with it, nothing of the order is left to deliver' }),
      asAgreed: Type.Boolean({ description: 'its lines have the prices with which they were confirmed, or added after that' }),
    },
    { ...closed, description: 'the delivery beside the order as it was then' },
  ),
);

/** An order hears of its goods from their package, when it may have gone on: what happened to them keeps its own moment (from version 2 on). */
export const OrderShipped = fact(
  'OrderShipped',
  'Goods of the order left us in one shipment.',
  {
    orderId: OrderId,
    shipmentId: Id('the shipment: a package, or goods that were sent without one'),
    carrier: Type.Optional(Text('who carries it', 100)),
    warehouse: Type.Optional(Text('which warehouse it left, in the words of the company', 60)),
    lines: MovedLines,
  },
  { version: 2, correction: true, upcast: { 1: (data) => data } },
);

export const OrderDelivered = fact(
  'OrderDelivered',
  'Goods of one shipment, or some of them, reached the customer.',
  {
    orderId: OrderId,
    shipmentId: Id('the shipment that they were part of'),
    lines: MovedLines,
    compared: Compared,
  },
  { version: 2, correction: true, upcast: { 1: (data) => data } },
);

export const OrderShipmentReturned = fact(
  'OrderShipmentReturned',
  'Goods of one shipment that could not be delivered are with us again, and can be shipped again.',
  {
    orderId: OrderId,
    shipmentId: Id('the shipment that they were part of'),
    lines: MovedLines,
    reason: Reason,
  },
  { correction: true },
);

/** What is not named was not looked at. */
export const DeliveryInspected = fact(
  'DeliveryInspected',
  'Somebody looked at a delivery, or the customer complained of it: what of it is right, and what is not.',
  {
    orderId: OrderId,
    shipmentId: Id('the shipment that was delivered'),
    product: Found('the goods are those that were ordered'),
    quantity: Found('they are as many as were ordered'),
    quality: Found('they are whole, and as good as promised'),
    place: Found('they came to the place where they were wanted'),
    customer: Found('they came to the one who was to have them'),
    costs: Found('they cost what was agreed'),
  },
  { correction: true },
);
