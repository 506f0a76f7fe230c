import { Type } from 'typebox';
import { Choice, Count, Currency, fact, Id, MinorUnits, MomentField, personal, Text } from '#kernel';

export const paymentMethods = ['BANK_TRANSFER', 'DIRECT_DEBIT', 'CARD', 'CASH', 'CHEQUE', 'OTHER'] as const;

const OrderId = Id('the order');
const CustomerId = Id('who ordered');
const InvoiceId = Id('the invoice');
const Reason = Text('why, in a word or a short phrase; nothing about a person', 200);
const Quantity = Type.Integer({ minimum: 1, description: 'number of units' });
const closed = { additionalProperties: false } as const;

export const OrderInvoiced = fact('OrderInvoiced', 'The customer was invoiced for the order or a part of it.', {
  orderId: OrderId,
  customerId: CustomerId,
  invoiceId: InvoiceId,
  invoiceNumber: Type.Optional(Text('number that people use for the invoice; no two invoices share one', 64)),
  series: Type.Optional(Text('series of gap-free numbers from which it gets its number, as InvoiceNumbered says', 20)),
  lines: Type.Array(
    Type.Object(
      { lineId: Id('a line of the order'), quantity: Quantity, amount: MinorUnits('quantity times unit price') },
      closed,
    ),
    { minItems: 1, description: 'the lines and how many units of each are invoiced' },
  ),
  billingName: Type.Optional(personal('customerId', 'billing', Text('whom the invoice names', 200))),
  billingAddress: Type.Optional(personal('customerId', 'billing', Text('where the invoice goes', 1000))),
  amount: MinorUnits('sum of the invoiced lines'),
  currency: Currency(),
  dueAt: MomentField('when it is to be paid at the latest'),
  reminderAts: Type.Array(MomentField('when a reminder goes out if the invoice is still open'), {
    description: 'one moment for each reminder level, from level 1',
  }),
});

/** A payment is often learnt of days later, when the clock has called the invoice overdue: it is entered with its own day. */
export const PaymentReceived = fact(
  'PaymentReceived',
  'The customer paid an invoice or a part of it.',
  {
    orderId: OrderId,
    invoiceId: InvoiceId,
    paymentId: Id('the payment'),
    amount: MinorUnits('what was paid'),
    currency: Currency(),
    open: MinorUnits('what is left to pay of the invoice'),
    method: Type.Optional(Choice(paymentMethods, 'how it was paid; data of a card or an account is never kept')),
    customerPaymentId: Type.Optional(Id('the payment of the customer that it is a part of')),
  },
  { correction: true },
);

/** A cheque bounces, a direct debit is called back: often learnt of late, as a payment is. */
export const PaymentReversed = fact(
  'PaymentReversed',
  'A payment of an invoice is none: it was recorded by mistake, or the money did not stay with us.',
  {
    orderId: OrderId,
    customerId: CustomerId,
    invoiceId: InvoiceId,
    paymentId: Id('the payment'),
    customerPaymentId: Type.Optional(Id('the payment of the customer that it was a part of')),
    amount: MinorUnits('what was recorded as paid'),
    currency: Currency(),
    open: MinorUnits('what is left to pay of the invoice'),
    reason: Reason,
    invoice: Type.Object(
      {
        amount: MinorUnits('what was invoiced'),
        invoicedAt: MomentField('when it was issued'),
        dueAt: MomentField('when it is to be paid at the latest'),
        overdue: Type.Boolean({ description: 'it was found to be open at its due moment' }),
        aged: Count('days since the due moment at which it was last found to be open; 0 before'),
      },
      { ...closed, description: 'the invoice, which is open again' },
    ),
  },
  { correction: true },
);

export const OrderCredited = fact('OrderCredited', 'We credited an invoice or a part of it.', {
  orderId: OrderId,
  invoiceId: InvoiceId,
  creditId: Id('the credit note'),
  amount: MinorUnits('what was credited'),
  currency: Currency(),
  open: MinorUnits('what is left to pay of the invoice'),
  refundable: Type.Optional(MinorUnits('what was paid beyond what the invoice asks for now, and is to be paid back')),
  returnId: Type.Optional(Id('the return whose goods are credited')),
  series: Type.Optional(Text('series of gap-free numbers from which it gets its number, as CreditNoteNumbered says', 20)),
  reopened: Type.Optional(
    Type.Array(Type.Object({ lineId: Id('a line of the order'), quantity: Quantity }, closed), {
      minItems: 1,
      description: 'units that can be invoiced again, since their invoice is credited in full',
    }),
  ),
  reason: Reason,
});

export const PaymentRefunded = fact('PaymentRefunded', 'We paid back what was paid beyond what an invoice asks for.', {
  orderId: OrderId,
  invoiceId: InvoiceId,
  refundId: Id('the refund'),
  amount: MinorUnits('what was paid back'),
  currency: Currency(),
  refundable: MinorUnits('what is left to pay back'),
  method: Type.Optional(Choice(paymentMethods, 'how it was paid back; data of a card or an account is never kept')),
});

export const AllocationDeclined = fact(
  'AllocationDeclined',
  'More was allocated to an invoice than was open; the rest stays with the payment.',
  {
    orderId: OrderId,
    invoiceId: InvoiceId,
    customerPaymentId: Id('the payment of the customer'),
    allocationId: Id('the allocation'),
    amount: MinorUnits('what was not taken'),
    currency: Currency(),
  },
  { visibility: 'internal' },
);

export const InvoiceBecameOverdue = fact('InvoiceBecameOverdue', 'An invoice was still open at its due moment.', {
  orderId: OrderId,
  invoiceId: InvoiceId,
  dueAt: MomentField('when the invoice was due'),
  open: MinorUnits('what was left to pay'),
  currency: Currency(),
});

export const InvoiceAged = fact('InvoiceAged', 'An invoice was still open 30, 60 or 90 days after its due moment.', {
  orderId: OrderId,
  invoiceId: InvoiceId,
  days: Type.Integer({ minimum: 1, description: 'days since the due moment' }),
  dueAt: MomentField('when the invoice was due'),
  open: MinorUnits('what was left to pay'),
  currency: Currency(),
});

export const PaymentReminded = fact(
  'PaymentReminded',
  'An invoice was still open some time after its due moment, and the customer was reminded.',
  {
    orderId: OrderId,
    invoiceId: InvoiceId,
    level: Type.Integer({ minimum: 1, description: 'first, second, third reminder' }),
    dueAt: MomentField('when the invoice was due'),
    reminderAt: MomentField('when the reminder was due'),
    open: MinorUnits('what was left to pay'),
    currency: Currency(),
  },
);
