import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO4217CurrencyCode,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Command, Field } from '#kernel';
import { paymentMethods } from './events.js';
import { LineQuantity, most } from './line-fields.js';

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

  @Field('number that people use for the invoice; no two invoices share one', { example: 'INV-2026-0001' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  readonly invoiceNumber?: string;

  @Field('the lines and how many units of each; all that was not invoiced if left out', { of: () => LineQuantity })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(most.lines)
  @ValidateNested({ each: true })
  readonly lines?: readonly LineQuantity[];
}

@Command({
  route: 'POST /orders/:orderId/payments',
  roles: ['orders'],
  summary: 'Record a payment of an invoice or a part of it, never more than is open.',
  capabilities: ['ORD-05'],
})
export class ReceivePayment {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the invoice that is paid')
  @IsUUID()
  readonly invoiceId!: string;

  @Field('the payment', { assigned: true })
  @IsOptional()
  @IsUUID()
  readonly paymentId?: string;

  @Field('what was paid', { unit: "minor units of the order's currency", example: 482100 })
  @IsInt()
  @Min(1)
  @Max(most.amount)
  readonly amount!: number;

  @Field("the payment's currency, to be sure that it is the order's", { example: 'EUR' })
  @IsOptional()
  @IsISO4217CurrencyCode()
  readonly currency?: string;

  @Field('how it was paid; data of a card or an account has no place here')
  @IsOptional()
  @IsIn(paymentMethods)
  readonly method?: (typeof paymentMethods)[number];
}

@Command({
  route: 'POST /orders/:orderId/credits',
  roles: ['orders'],
  summary: 'Credit an open invoice or a part of it.',
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

  @Field('what is credited, at most what is open', { unit: "minor units of the order's currency", example: 100000 })
  @IsInt()
  @Min(1)
  @Max(most.amount)
  readonly amount!: number;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'damaged on the way' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
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

@Command({ summary: 'Remind the customer of an invoice, if it is still open.', capabilities: ['ORD-04', 'ORD-06'] })
export class RemindPayment {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the invoice')
  @IsUUID()
  readonly invoiceId!: string;

  @Field('which reminder: 1, 2 or 3')
  @IsInt()
  @Min(1)
  @Max(3)
  readonly level!: number;
}
