import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { Command, Field, IsCurrency } from '#kernel';
import { paymentMethods } from '../order/events.js';
import { AreLines, most } from '../order/line-fields.js';

@Command({
  route: 'POST /payments',
  roles: ['orders'],
  summary: 'Record a payment of a customer; allocate it to invoices then.',
  capabilities: ['ORD-05'],
  creates: true,
})
export class RecordPayment {
  @Field('the payment')
  @IsOptional()
  @IsUUID()
  readonly paymentId?: string;

  @Field('who paid')
  @IsUUID()
  readonly customerId!: string;

  @Field('what was paid', { unit: 'minor units of its currency', example: 482100 })
  @IsInt()
  @Min(1)
  @Max(most.amount)
  readonly amount!: number;

  @Field('ISO 4217 code', { example: 'EUR' })
  @IsCurrency()
  readonly currency!: string;

  @Field('how it was paid; data of a card or an account has no place here')
  @IsOptional()
  @IsIn(paymentMethods)
  readonly method?: (typeof paymentMethods)[number];
}

/** What one invoice gets of a payment. */
export class Allocation {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the invoice')
  @IsUUID()
  readonly invoiceId!: string;

  @Field('how much of the payment', { unit: "minor units of the payment's currency", example: 100000 })
  @IsInt()
  @Min(1)
  @Max(most.amount)
  readonly amount!: number;

  @Field('true: the invoice may be one of another customer, of whom the payer takes it over; otherwise it is not settled')
  @IsOptional()
  @IsBoolean()
  readonly ofAnotherCustomer?: boolean;
}

@Command({
  route: 'POST /payments/:paymentId/allocate',
  roles: ['orders'],
  summary: 'Allocate a payment to invoices, never more than is left of it; what an invoice does not need comes back.',
  capabilities: ['ORD-05'],
})
export class AllocatePayment {
  @Field('the payment')
  @IsUUID()
  readonly paymentId!: string;

  @Field('which invoices, and how much each gets', { of: () => Allocation })
  @AreLines()
  readonly allocations!: readonly Allocation[];
}

@Command({
  route: 'POST /payments/:paymentId/refund',
  roles: ['orders'],
  summary: 'Record that what of a payment was not allocated was paid back.',
  capabilities: ['ORD-05'],
})
export class RefundRemainder {
  @Field('the payment')
  @IsUUID()
  readonly paymentId!: string;

  @Field('what was paid back; all that is not allocated if left out', {
    unit: "minor units of the payment's currency",
    example: 100000,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(most.amount)
  readonly amount?: number;
}

@Command({
  route: 'POST /payments/:paymentId/cancel',
  roles: ['orders'],
  summary: 'Cancel a payment that was recorded by mistake, or whose money did not stay with us; its invoices are open again.',
  capabilities: ['ORD-05'],
})
export class CancelPayment {
  @Field('the payment')
  @IsUUID()
  readonly paymentId!: string;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'cheque bounced' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
}

@Command({ summary: 'Take back what an invoice did not need of an allocation.', capabilities: ['ORD-05'] })
export class ReturnAllocation {
  @Field('the payment')
  @IsString()
  readonly paymentId!: string;

  @Field('the allocation')
  @IsString()
  readonly allocationId!: string;

  @Field('what was not needed', { unit: "minor units of the payment's currency", example: 100000 })
  @IsInt()
  readonly amount!: number;
}
