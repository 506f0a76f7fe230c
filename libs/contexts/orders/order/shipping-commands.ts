import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { Command, Field } from '#kernel';
import { LineQuantity, most } from './line-fields.js';

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

  @Field('who carries it', { example: 'DHL' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  readonly carrier?: string;

  @Field('the lines and how many units of each; all that was not shipped if left out', { of: () => LineQuantity })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(most.lines)
  @ValidateNested({ each: true })
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
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(most.lines)
  @ValidateNested({ each: true })
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
