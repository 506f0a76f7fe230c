import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Field } from '#kernel';

/** Bounds that keep every sum of an order an exact integer or let its decision refuse it. */
export const most = { lines: 200, quantity: 1_000_000, unitPrice: 90_000_000_000_000, amount: Number.MAX_SAFE_INTEGER } as const;

/** A list of lines, at least one. */
export const AreLines = (): PropertyDecorator => (target, name) => {
  ValidateNested({ each: true })(target, name);
  ArrayMaxSize(most.lines)(target, name);
  ArrayMinSize(1)(target, name);
  IsArray()(target, name);
};

/** Units of a line, at least one. */
export const IsQuantity = (): PropertyDecorator => (target, name) => {
  Max(most.quantity)(target, name);
  Min(1)(target, name);
  IsInt()(target, name);
};

/** A price of one unit in minor units; it may be nothing. */
export const IsUnitPrice = (): PropertyDecorator => (target, name) => {
  Max(most.unitPrice)(target, name);
  Min(0)(target, name);
  IsInt()(target, name);
};

/** A line of a new order, or a line as an amendment wants it. */
export class OrderedLine {
  @Field('the line; of an amendment: a line of the order to replace it, left out to add one')
  @IsOptional()
  @IsUUID()
  readonly lineId?: string;

  @Field('the product, where it is in the catalogue')
  @IsOptional()
  @IsUUID()
  readonly productId?: string;

  @Field('what is ordered, as the customer reads it', { example: 'GTX Pro' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  readonly description!: string;

  @Field('number of units', { example: 2 })
  @IsQuantity()
  readonly quantity!: number;

  @Field('price of one unit', { unit: "minor units of the order's currency", example: 482100 })
  @IsUnitPrice()
  readonly unitPrice!: number;

  @Field('true: not goods but what comes on top of them, such as freight; it is invoiced, never shipped')
  @IsOptional()
  @IsBoolean()
  readonly charge?: boolean;
}

/** Units of a line that are shipped, delivered or invoiced. */
export class LineQuantity {
  @Field('a line of the order')
  @IsUUID()
  readonly lineId!: string;

  @Field('number of units', { example: 1 })
  @IsQuantity()
  readonly quantity!: number;
}
