import {
  ArrayMaxSize,
  IsArray,
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
import { Command, Field, IsCurrency, IsMoment, type Moment } from '#kernel';
import { IsQuantity, IsUnitPrice, most } from '../order/line-fields.js';

/** Something in a cart. */
export class CartItem {
  @Field('the product, where it is in the catalogue')
  @IsOptional()
  @IsUUID()
  readonly productId?: string;

  @Field('what it is, as the customer reads it', { example: 'GTX Pro' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  readonly description!: string;

  @Field('number of units', { example: 2 })
  @IsQuantity()
  readonly quantity!: number;

  @Field('price of one unit', { unit: "minor units of the cart's currency", example: 482100 })
  @IsUnitPrice()
  readonly unitPrice!: number;
}

@Command({
  route: 'POST /carts',
  roles: ['orders', 'sales'],
  summary: 'Say all that is in a cart now: a new one, or one that changed.',
  capabilities: ['ORD-07'],
  creates: true,
})
export class ChangeCart {
  @Field('the cart; that of a cart there is changes it')
  @IsOptional()
  @IsUUID()
  readonly cartId?: string;

  @Field('whose cart it is, where that is known; as before if left out')
  @IsOptional()
  @IsUUID()
  readonly customerId?: string;

  @Field('ISO 4217 code of the prices', { example: 'EUR' })
  @IsCurrency()
  readonly currency!: string;

  @Field('all that is in the cart now; none: it is empty', { of: () => CartItem })
  @IsArray()
  @ArrayMaxSize(most.lines)
  @ValidateNested({ each: true })
  readonly items!: readonly CartItem[];

  @Field('how long it may rest without a change before it counts as abandoned; as before if left out, and 24 at first', {
    unit: 'hours',
    example: 24,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(8760)
  readonly abandonAfterHours?: number;
}

@Command({
  summary: 'Note that a cart is abandoned, if nothing happened to it since its last change.',
  capabilities: ['ORD-07'],
})
export class MarkCartAbandoned {
  @Field('the cart')
  @IsUUID()
  readonly cartId!: string;

  @Field('when it counts as abandoned; names the change that is meant', { unit: 'UTC, milliseconds' })
  @IsMoment()
  readonly abandonsAt!: Moment;
}

@Command({ summary: 'Note that a cart was ordered.', capabilities: ['ORD-07'], keepsMoment: true })
export class NoteCartOrdered {
  @Field('the cart')
  @IsUUID()
  readonly cartId!: string;

  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('who ordered')
  @IsUUID()
  readonly customerId!: string;
}
