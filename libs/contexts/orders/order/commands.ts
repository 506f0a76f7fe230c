import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Command, Field, IsCurrency, IsMoment, type Moment, type Sealed } from '#kernel';
import { channels, checkResults } from './events.js';
import { AreLines, most, OrderedLine } from './line-fields.js';

const deliveryWindow = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/;

@Command({
  route: 'POST /orders',
  roles: ['orders', 'sales'],
  summary: 'Place an order for a customer; it is a draft until it is confirmed.',
  capabilities: ['ORD-01', 'ORD-07', 'ORD-12'],
  creates: true,
})
export class PlaceOrder {
  @Field('the order')
  @IsOptional()
  @IsUUID()
  readonly orderId?: string;

  @Field('who orders')
  @IsUUID()
  readonly customerId!: string;

  @Field('the won opportunity that led to the order')
  @IsOptional()
  @IsUUID()
  readonly opportunityId?: string;

  @Field('the sales agent whose order it is')
  @IsOptional()
  @IsUUID()
  readonly ownerId?: string;

  @Field('number that people use for the order; no two orders share one', { example: 'SO-2026-0001' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  readonly orderNumber?: string;

  @Field('how the order reaches us; DIRECT if left out')
  @IsOptional()
  @IsIn(channels)
  readonly channel?: (typeof channels)[number];

  @Field('the cart that is ordered; there is one order of a cart, whatever becomes of it')
  @IsOptional()
  @IsUUID()
  readonly cartId?: string;

  @Field('ISO 4217 code of the prices', { example: 'EUR' })
  @IsCurrency()
  readonly currency!: string;

  @Field('what is ordered', { of: () => OrderedLine })
  @AreLines()
  readonly lines!: readonly OrderedLine[];

  @Field('days from an invoice to its due moment; 30 if left out', { unit: 'days', example: 30 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(365)
  readonly paymentTermDays?: number;

  @Field('when the customer wants to have it at the latest', { example: '2026-02-01T00:00:00.000Z' })
  @IsOptional()
  @IsMoment()
  readonly requestedBy?: Moment;

  @Field('where to deliver; as the customer prefers if left out', { personal: true })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  readonly shippingAddress?: Sealed<string>;

  @Field('who is to carry it; as the customer prefers if left out', { example: 'DHL' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  readonly carrier?: string;

  @Field('time of day for deliveries at the address; as the customer prefers if left out', { example: '08:00-12:00' })
  @IsOptional()
  @Matches(deliveryWindow, { message: 'two times of day, such as 08:00-12:00' })
  readonly window?: string;

  @Field('why the order departs from what the customer prefers, where it does; nothing about a person', { example: 'trade fair' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly overrideReason?: string;

  @Field('what else is agreed; no card or account data', { personal: true })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  readonly note?: Sealed<string>;
}

@Command({
  route: 'POST /orders/:orderId/amend',
  roles: ['orders', 'sales'],
  summary: 'Add, replace or remove lines of an order, or change its terms.',
  capabilities: ['ORD-01', 'ORD-12'],
})
export class AmendOrder {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('lines to replace (with a lineId of the order) or to add', { of: () => OrderedLine })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(most.lines)
  @ValidateNested({ each: true })
  readonly lines?: readonly OrderedLine[];

  @Field('lines to remove; nothing of them may have been shipped or invoiced')
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(most.lines)
  @IsUUID(undefined, { each: true })
  readonly remove?: readonly string[];

  @Field('when the customer wants to have it at the latest', { example: '2026-02-01T00:00:00.000Z' })
  @IsOptional()
  @IsMoment()
  readonly requestedBy?: Moment;

  @Field('where to deliver from now on', { personal: true })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  readonly shippingAddress?: Sealed<string>;

  @Field('who is to carry it; as before if left out', { example: 'DHL' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  readonly carrier?: string;

  @Field('time of day for deliveries at the address; as before if left out', { example: '08:00-12:00' })
  @IsOptional()
  @Matches(deliveryWindow, { message: 'two times of day, such as 08:00-12:00' })
  readonly window?: string;

  @Field('why the order departs from what the customer prefers, where it does; nothing about a person', { example: 'trade fair' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly overrideReason?: string;

  @Field('what else is agreed; no card or account data', { personal: true })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  readonly note?: Sealed<string>;
}

@Command({
  route: 'POST /orders/:orderId/confirm',
  roles: ['orders', 'sales'],
  summary: 'Accept an order, so that it can be shipped and invoiced.',
  capabilities: ['ORD-01'],
})
export class ConfirmOrder {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field("result of a check of the customer's credit elsewhere; a credit limit here counts beside it unless it is WAIVED")
  @IsOptional()
  @IsIn(checkResults)
  readonly creditCheck?: (typeof checkResults)[number];

  @Field('why the credit limit is waived, where it is; nothing about a person', { example: 'paid in advance' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly creditReason?: string;

  @Field('result of the check of our stock')
  @IsOptional()
  @IsIn(checkResults)
  readonly stockCheck?: (typeof checkResults)[number];
}

@Command({
  route: 'POST /orders/:orderId/hold',
  roles: ['orders', 'sales'],
  summary: 'Hold an order: nothing more is shipped or invoiced until it is released.',
  capabilities: ['ORD-01'],
})
export class HoldOrder {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'credit limit' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
}

@Command({
  route: 'POST /orders/:orderId/release',
  roles: ['orders', 'sales'],
  summary: 'Let a held order go on.',
  capabilities: ['ORD-01'],
})
export class ReleaseOrder {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('why it goes on; needed where the credit limit held it, as that is waived. Nothing about a person', {
    example: 'paid in advance',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason?: string;
}

@Command({
  route: 'POST /orders/:orderId/cancel',
  roles: ['orders', 'sales'],
  summary: 'Cancel an order of which nothing was shipped and nothing is invoiced that was not credited.',
  capabilities: ['ORD-01'],
})
export class CancelOrder {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'ordered by mistake' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
}

@Command({
  route: 'POST /orders/:orderId/close',
  roles: ['orders'],
  summary: 'Close an order short: what was not shipped will not be.',
  capabilities: ['ORD-01'],
})
export class CloseOrder {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'out of production' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
}
