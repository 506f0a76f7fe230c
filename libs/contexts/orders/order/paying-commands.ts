import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { Command, Field, IsCurrency } from '#kernel';
import { paymentMethods } from './events.js';
import { most } from './line-fields.js';

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
  @IsCurrency()
  readonly currency?: string;

  @Field('how it was paid; data of a card or an account has no place here')
  @IsOptional()
  @IsIn(paymentMethods)
  readonly method?: (typeof paymentMethods)[number];
}

@Command({
  route: 'POST /orders/:orderId/refunds',
  roles: ['orders'],
  summary: 'Record that something was paid back which was paid beyond what a credited invoice asks for.',
  capabilities: ['ORD-05', 'ORD-08'],
})
export class RefundPayment {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the invoice that was paid and credited')
  @IsUUID()
  readonly invoiceId!: string;

  @Field('the refund', { assigned: true })
  @IsOptional()
  @IsUUID()
  readonly refundId?: string;

  @Field('what was paid back; all that is to be paid back if left out', {
    unit: "minor units of the order's currency",
    example: 100000,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(most.amount)
  readonly amount?: number;

  @Field('how it was paid back; data of a card or an account has no place here')
  @IsOptional()
  @IsIn(paymentMethods)
  readonly method?: (typeof paymentMethods)[number];
}

@Command({ summary: 'Settle an invoice with a part of a payment of the customer.', capabilities: ['ORD-05'] })
export class SettleInvoice {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the invoice')
  @IsUUID()
  readonly invoiceId!: string;

  @Field('the payment of the customer')
  @IsUUID()
  readonly customerPaymentId!: string;

  @Field('who paid')
  @IsOptional()
  @IsUUID()
  readonly customerId?: string;

  @Field('true: the invoice may be one of another customer')
  @IsOptional()
  @IsBoolean()
  readonly ofAnotherCustomer?: boolean;

  @Field('the allocation')
  @IsUUID()
  readonly allocationId!: string;

  @Field('what is allocated', { unit: 'minor units of its currency', example: 100000 })
  @IsInt()
  @Min(1)
  readonly amount!: number;

  @Field("the payment's currency", { example: 'EUR' })
  @IsCurrency()
  readonly currency!: string;

  @Field('how it was paid')
  @IsOptional()
  @IsIn(paymentMethods)
  readonly method?: (typeof paymentMethods)[number];
}

@Command({
  route: 'POST /orders/:orderId/payments/reverse',
  roles: ['orders'],
  summary: 'Take a payment of an invoice back that was recorded by mistake, or whose money did not stay with us.',
  capabilities: ['ORD-05'],
})
export class ReversePayment {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the payment; one that is a part of a payment of the customer is cancelled with that')
  @IsUUID()
  readonly paymentId!: string;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'cheque bounced' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
}

@Command({ summary: 'Take back what an invoice got of a payment that was cancelled.', capabilities: ['ORD-05'] })
export class WithdrawAllocation {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the allocation')
  @IsUUID()
  readonly allocationId!: string;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'cheque bounced' })
  @IsString()
  readonly reason!: string;
}
