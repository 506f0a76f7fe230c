import { IsBoolean, IsInt, IsNotEmpty, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { Command, Field, type Sealed } from '#kernel';
import { AreLines, LineQuantity, most } from './line-fields.js';

@Command({
  route: 'POST /orders/:orderId/invoice',
  roles: ['orders'],
  summary: 'Invoice an order or a part of it, never more than was ordered.',
  capabilities: ['ORD-04'],
})
export class InvoiceOrder {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the invoice', { assigned: true })
  @IsOptional()
  @IsUUID()
  readonly invoiceId?: string;

  @Field(
    'number that people use for the invoice; no two invoices share one, and one of the form of a series, INV-2026-000001, was given elsewhere before',
    {
      example: 'RE-4711',
    },
  )
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  readonly invoiceNumber?: string;

  @Field('series from which the invoice gets its gap-free number; INV if left out, unless it has a number of its own', {
    example: 'INV',
  })
  @IsOptional()
  @Matches(/^[A-Z][A-Z0-9]{0,9}$/, { message: '1 to 10 capitals and digits, a capital first' })
  readonly series?: string;

  @Field('whom the invoice names; a law keeps it beyond an erasure', { personal: true })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly billingName?: Sealed<string>;

  @Field('where the invoice goes; a law keeps it beyond an erasure', { personal: true })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  readonly billingAddress?: Sealed<string>;

  @Field('the lines and how many units of each; all that was not invoiced if left out', { of: () => LineQuantity })
  @IsOptional()
  @AreLines()
  readonly lines?: readonly LineQuantity[];
}

@Command({
  route: 'POST /orders/:orderId/credits',
  roles: ['orders'],
  summary: 'Credit an invoice or a part of it.',
  capabilities: ['ORD-04'],
})
export class CreditOrder {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the invoice that is credited')
  @IsUUID()
  readonly invoiceId!: string;

  @Field('the credit note', { assigned: true })
  @IsOptional()
  @IsUUID()
  readonly creditId?: string;

  @Field('what is credited, at most what is open, or with evenIfPaid what the invoice asks for', {
    unit: "minor units of the order's currency",
    example: 100000,
  })
  @IsInt()
  @Min(1)
  @Max(most.amount)
  readonly amount!: number;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'damaged on the way' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;

  @Field('true: what was paid may be credited too, and is then to be refunded')
  @IsOptional()
  @IsBoolean()
  readonly evenIfPaid?: boolean;

  @Field(
    'true: what the invoice asked for is given up; otherwise the units of an invoice that is credited in full can be invoiced again',
  )
  @IsOptional()
  @IsBoolean()
  readonly forGood?: boolean;

  @Field('series from which the credit note gets its gap-free number; CN if left out', { example: 'CN' })
  @IsOptional()
  @Matches(/^[A-Z][A-Z0-9]{0,9}$/, { message: '1 to 10 capitals and digits, a capital first' })
  readonly series?: string;
}

@Command({ summary: 'Note that an invoice is still open some days after its due moment.', capabilities: ['ORD-04'] })
export class AgeInvoice {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the invoice')
  @IsUUID()
  readonly invoiceId!: string;

  @Field('days since the due moment', { unit: 'days', example: 30 })
  @IsInt()
  @Min(1)
  readonly days!: number;
}

@Command({ summary: 'Note that an invoice is overdue, if it is still open.', capabilities: ['ORD-04'] })
export class MarkInvoiceOverdue {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the invoice')
  @IsUUID()
  readonly invoiceId!: string;
}

@Command({
  route: 'POST /orders/:orderId/reminders',
  roles: ['orders'],
  summary: 'Remind the customer of an invoice, if it is still open.',
  capabilities: ['ORD-04', 'ORD-06'],
})
export class RemindPayment {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the invoice')
  @IsUUID()
  readonly invoiceId!: string;

  @Field('number of the reminder, of those that the clock sends: 1, 2 or 3; the next one, now, if left out', { example: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3)
  readonly level?: number;
}
