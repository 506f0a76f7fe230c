import { Type } from 'typebox';
import { Choice, Count, Currency, fact, Id, MinorUnits, MomentField, personal, Text } from '#kernel';
import { Replacement } from './replacement-shape.js';

export * from './billing-events.js';
export * from './claim-events.js';
export { Replacement } from './replacement-shape.js';
export * from './shipping-events.js';

export const channels = ['DIRECT', 'ONLINE', 'PHONE', 'FIELD', 'PARTNER'] as const;
/** What a customer may prefer of a shipment. */
export const preferredParts = ['carrier', 'window', 'address'] as const;
export const checkResults = ['PASSED', 'WAIVED'] as const;

const OrderId = Id('the order');
const CustomerId = Id('who ordered');
const Reason = Text('why, in a word or a short phrase; nothing about a person', 200);
const Quantity = Type.Integer({ minimum: 1, description: 'number of units' });
const closed = { additionalProperties: false } as const;

const Line = Type.Object(
  {
    lineId: Id('the line, the same through all amendments'),
    productId: Type.Optional(Id('the product, where it is in the catalogue')),
    description: Text('what is ordered, as the customer reads it'),
    quantity: Quantity,
    unitPrice: MinorUnits('price of one unit'),
    charge: Type.Optional(Type.Boolean({ description: 'not goods but what comes on top of them, such as freight' })),
    amount: MinorUnits('quantity times unit price'),
  },
  closed,
);
const Carrier = Type.Optional(Text('who is to carry it', 100));
const Window = Type.Optional(Text('time of day for deliveries at the address, HH:MM-HH:MM', 11));
const Preference = Type.Optional(
  Type.Object(
    {
      applied: Type.Array(Choice(preferredParts, 'a part'), { description: "taken from the customer's shipment preference" }),
      overridden: Type.Array(Choice(preferredParts, 'a part'), { description: 'another one than the customer prefers' }),
      reason: Type.Optional(Text('why the order departs from the preference; nothing about a person', 200)),
    },
    { ...closed, description: 'what of the shipment is as the customer prefers it; left out where the customer prefers nothing' },
  ),
);
const Lines = Type.Array(Line, { minItems: 1, description: 'all lines of the order, as they are now' });
const MovedLine = Type.Object({ lineId: Id('a line of the order'), quantity: Quantity }, closed);
const MovedLines = Type.Array(MovedLine, {
  minItems: 1,
  description: 'the lines and how many units of each',
});

export const OrderPlaced = fact('OrderPlaced', 'A customer ordered; the order is a draft until it is confirmed.', {
  orderId: OrderId,
  customerId: CustomerId,
  opportunityId: Type.Optional(Id('the won opportunity that led to the order')),
  ownerId: Type.Optional(Id('the sales agent whose order it is')),
  orderNumber: Type.Optional(Text('number that people use for the order; no two orders share one', 64)),
  channel: Choice(channels, 'how the order reached us'),
  cartId: Type.Optional(Id('the cart that it was ordered from; no two orders share one')),
  currency: Currency(),
  lines: Lines,
  amount: MinorUnits('sum of the lines'),
  paymentTermDays: Count('days from an invoice to its due moment'),
  requestedBy: Type.Optional(MomentField('when the customer wants to have it at the latest')),
  shippingAddress: Type.Optional(personal('customerId', 'contract', Text('where to deliver', 1000))),
  carrier: Carrier,
  window: Window,
  preference: Preference,
  note: Type.Optional(personal('customerId', 'contract', Text('what else was agreed', 2000))),
});

export const OrderAmended = fact('OrderAmended', 'Lines or terms of an order changed.', {
  orderId: OrderId,
  customerId: CustomerId,
  currency: Currency(),
  lines: Lines,
  amount: MinorUnits('sum of the lines'),
  previousAmount: MinorUnits('sum of the lines before the amendment'),
  requestedBy: Type.Optional(MomentField('the new moment by which the customer wants to have it')),
  shippingAddress: Type.Optional(personal('customerId', 'contract', Text('where to deliver from now on', 1000))),
  carrier: Carrier,
  window: Window,
  preference: Preference,
  note: Type.Optional(personal('customerId', 'contract', Text('what else was agreed', 2000))),
});

export const OrderConfirmed = fact('OrderConfirmed', 'We accepted the order; from now on it can be shipped and invoiced.', {
  orderId: OrderId,
  creditCheck: Type.Optional(Choice(checkResults, "result of the check of the customer's credit")),
  creditReason: Type.Optional(Text('why the credit limit was waived; nothing about a person', 200)),
  stockCheck: Type.Optional(Choice(checkResults, 'result of the check of our stock')),
});

export const OrderHeld = fact('OrderHeld', 'Nothing more is shipped or invoiced until the order is released.', {
  orderId: OrderId,
  reason: Reason,
  credit: Type.Optional(
    Type.Object(
      {
        limit: MinorUnits('credit limit of the customer'),
        open: MinorUnits('what the customer owed us'),
        committed: Type.Optional(MinorUnits('what was confirmed of other orders of the customer and not invoiced')),
        amount: MinorUnits('sum of the order; after an amendment, of what of it is not invoiced'),
        currency: Currency(),
      },
      { ...closed, description: 'why the credit check held the order: open, committed and this order are above the limit' },
    ),
  ),
});

export const OrderReleased = fact('OrderReleased', 'The order goes on after a hold.', {
  orderId: OrderId,
  reason: Type.Optional(Text('why it goes on, in a word or a short phrase; nothing about a person', 200)),
});

export const OrderCancelled = fact('OrderCancelled', 'The order came to nothing before anything was shipped.', {
  orderId: OrderId,
  reason: Reason,
  amount: MinorUnits('sum of the lines that will not be shipped'),
  currency: Currency(),
});

export const OrderClosed = fact(
  'OrderClosed',
  'What was not shipped will not be; what was shipped is still delivered, invoiced and paid.',
  {
    orderId: OrderId,
    reason: Reason,
  },
);

const Warehouse = Type.Optional(Text('which warehouse, in the words of the company', 60));

/** Told by the warehouse, late at times, as all that happens in it. */
export const OrderAllocated = fact(
  'OrderAllocated',
  'Goods of the order are set aside for it in stock.',
  {
    orderId: OrderId,
    lines: MovedLines,
    warehouse: Warehouse,
    promisedAt: Type.Optional(MomentField('when the customer was promised that all goods of the order have left us')),
  },
  { correction: true },
);

export const OrderPicked = fact(
  'OrderPicked',
  'Goods of the order were taken from the shelf; they wait for the stock no more.',
  { orderId: OrderId, lines: MovedLines, warehouse: Warehouse },
  { correction: true },
);

/** The warehouse tells us late what it ran out of, when the order has gone on: it is entered with its own moment. */
export const OrderBackordered = fact(
  'OrderBackordered',
  'Goods of the order are out of stock; the order waits for them.',
  {
    orderId: OrderId,
    lines: MovedLines,
    expectedAt: Type.Optional(MomentField('when they are expected in stock')),
  },
  { version: 2, correction: true, upcast: { 1: (data) => data } },
);

export const OrderBackorderEnded = fact(
  'OrderBackorderEnded',
  'Goods that the order waited for are in stock.',
  {
    orderId: OrderId,
    lines: MovedLines,
  },
  { version: 2, correction: true, upcast: { 1: (data) => data } },
);

export const OrderReturned = fact('OrderReturned', 'Goods that the customer sent back are settled with the order.', {
  orderId: OrderId,
  returnId: Id('the return'),
  lines: MovedLines,
  replacement: Type.Optional(Replacement),
  notInvoicedAgain: Type.Optional(
    Type.Array(MovedLine, {
      minItems: 1,
      description: 'units of them whose invoice was credited in full, and that could be invoiced again until they came back',
    }),
  ),
  settledBefore: Type.Optional(
    Type.Array(
      Type.Object(
        {
          claimId: Id('the claim'),
          lineId: Id('a line of the order'),
          quantity: Quantity,
          amount: MinorUnits('what it had credited or replaced of them, and is not credited again'),
        },
        closed,
      ),
      { minItems: 1, description: 'units of them that a claim had settled before they came back' },
    ),
  ),
});

export const OrderReturnDeclined = fact(
  'OrderReturnDeclined',
  'Goods that a return is to settle are not with the customer any more, or not to be replaced: another return or a claim settled them.',
  { orderId: OrderId, returnId: Id('the return') },
  { visibility: 'internal' },
);
