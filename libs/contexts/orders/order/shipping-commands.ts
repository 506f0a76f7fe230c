import { IsBoolean, IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { Command, Field } from '#kernel';
import { AreLines, LineQuantity } from './line-fields.js';

@Command({
  route: 'POST /orders/:orderId/ship',
  roles: ['orders'],
  summary: 'Ship an order or a part of it, never more than was ordered.',
  capabilities: ['ORD-03'],
  keepsMoment: true,
})
export class ShipOrder {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the shipment', { assigned: true })
  @IsOptional()
  @IsUUID()
  readonly shipmentId?: string;

  @Field('who carries it; as the order says if left out', { example: 'DHL' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  readonly carrier?: string;

  @Field('which warehouse it leaves, in the words of the company', { example: 'Hamburg' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(60)
  readonly warehouse?: string;

  @Field('the lines and how many units of each; all that was not shipped if left out', { of: () => LineQuantity })
  @IsOptional()
  @AreLines()
  readonly lines?: readonly LineQuantity[];
}

@Command({
  route: 'POST /orders/:orderId/deliver',
  roles: ['orders'],
  summary: 'Record that shipped goods reached the customer.',
  capabilities: ['ORD-03'],
  keepsMoment: true,
})
export class DeliverOrder {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the shipment that arrived; if left out, goods count for the earliest shipments that they can be part of')
  @IsOptional()
  @IsUUID()
  readonly shipmentId?: string;

  @Field('the lines and how many units of each; all that is under way if left out', { of: () => LineQuantity })
  @IsOptional()
  @AreLines()
  readonly lines?: readonly LineQuantity[];
}

@Command({
  route: 'POST /orders/:orderId/take-back',
  roles: ['orders'],
  summary: 'Record that a shipment could not be delivered and is with us again; its goods can be shipped again.',
  capabilities: ['ORD-03'],
  keepsMoment: true,
})
export class TakeBackShipment {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the shipment')
  @IsUUID()
  readonly shipmentId!: string;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'address unknown' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
}

@Command({
  route: 'POST /orders/:orderId/inspections',
  roles: ['orders', 'care'],
  summary: 'Record what of a delivery is right and what is not, as somebody found or the customer says.',
  capabilities: ['ORD-10'],
})
export class InspectDelivery {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the shipment that was delivered')
  @IsUUID()
  readonly shipmentId!: string;

  @Field('true: the goods are those that were ordered; left out: nobody looked')
  @IsOptional()
  @IsBoolean()
  readonly product?: boolean;

  @Field('true: they are as many as were ordered; left out: nobody looked')
  @IsOptional()
  @IsBoolean()
  readonly quantity?: boolean;

  @Field('true: they are whole, and as good as promised; left out: nobody looked')
  @IsOptional()
  @IsBoolean()
  readonly quality?: boolean;

  @Field('true: they came to the place where they were wanted; left out: nobody looked')
  @IsOptional()
  @IsBoolean()
  readonly place?: boolean;

  @Field('true: they came to the one who was to have them; left out: nobody looked')
  @IsOptional()
  @IsBoolean()
  readonly customer?: boolean;

  @Field('true: they cost what was agreed; left out: nobody looked')
  @IsOptional()
  @IsBoolean()
  readonly costs?: boolean;
}
