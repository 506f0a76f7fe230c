import { IsArray, IsBoolean, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { Command, Field, IsMoment, type Moment } from '#kernel';
import { AreLines, LineQuantity } from './line-fields.js';

@Command({
  route: 'POST /orders/:orderId/allocations',
  roles: ['orders'],
  summary: 'Record that goods of an order were set aside for it in stock.',
  capabilities: ['ORD-02'],
})
export class AllocateStock {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the lines and how many units of each; all that is neither set aside nor shipped if left out', {
    of: () => LineQuantity,
  })
  @IsOptional()
  @AreLines()
  readonly lines?: readonly LineQuantity[];

  @Field('the warehouse that has them, in the words of the company; nothing about a person', { example: 'Hamburg' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  readonly warehouse?: string;

  @Field('when the customer was promised that all goods of the order have left us', { example: '2026-02-01T00:00:00.000Z' })
  @IsOptional()
  @IsMoment()
  readonly promisedAt?: Moment;
}

@Command({
  route: 'POST /orders/:orderId/picks',
  roles: ['orders'],
  summary: 'Record that goods of an order were taken from the shelf for it.',
  capabilities: ['ORD-02'],
})
export class PickGoods {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the lines and how many units of each; all that was not picked if left out', { of: () => LineQuantity })
  @IsOptional()
  @AreLines()
  readonly lines?: readonly LineQuantity[];

  @Field('the warehouse, in the words of the company; nothing about a person', { example: 'Hamburg' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  readonly warehouse?: string;
}

@Command({
  route: 'POST /orders/:orderId/backorders',
  roles: ['orders'],
  summary: 'Record that goods of an order are out of stock, so that it waits for them.',
  capabilities: ['ORD-02'],
})
export class BackorderGoods {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the lines and how many units of each; all that was not shipped if left out', { of: () => LineQuantity })
  @IsOptional()
  @AreLines()
  readonly lines?: readonly LineQuantity[];

  @Field('when they are expected in stock', { example: '2026-02-01T00:00:00.000Z' })
  @IsOptional()
  @IsMoment()
  readonly expectedAt?: Moment;
}

@Command({
  route: 'POST /orders/:orderId/backorders/end',
  roles: ['orders'],
  summary: 'Record that goods which an order waited for are in stock.',
  capabilities: ['ORD-02'],
})
export class EndBackorder {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the lines and how many units of each; all that wait if left out', { of: () => LineQuantity })
  @IsOptional()
  @AreLines()
  readonly lines?: readonly LineQuantity[];
}

@Command({ summary: 'Settle with the order what its customer sent back.', capabilities: ['ORD-08'] })
export class SettleReturn {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the return')
  @IsUUID()
  readonly returnId!: string;

  @Field('the lines and how many units of each came back', { of: () => LineQuantity })
  @IsArray()
  readonly lines!: readonly LineQuantity[];

  @Field('whether the goods are credited; replaced goods are not')
  @IsBoolean()
  readonly credit!: boolean;

  @Field('the order that replaces the goods, where they are replaced')
  @IsOptional()
  @IsUUID()
  readonly replacementId?: string;

  @Field('why they came back, in a word or a short phrase; nothing about a person', { example: 'damaged' })
  @IsString()
  readonly reason!: string;
}
