import { IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min } from 'class-validator';
import { Command, Field, IsCurrency } from '#kernel';

/** Minor units: 10 million of most currencies for one piece. */
const LARGEST_PRICE = 1_000_000_000;

@Command({
  route: 'POST /products',
  roles: ['sales', 'orders'],
  summary: 'Add a product to the catalogue.',
  capabilities: ['PRC-01'],
  creates: true,
})
export class DefineProduct {
  @Field('The id of the new product.')
  @IsOptional()
  @IsUUID()
  readonly productId!: string;

  @Field('Stock keeping unit: the code by which people know the product; no two products share one.', { example: 'GTX-PRO' })
  @IsString()
  @Length(1, 64)
  @Matches(/^\S(.*\S)?$/, { message: 'text without blanks around it' })
  readonly sku!: string;

  @Field('Name as shown to customers.', { example: 'GTX Pro' })
  @IsString()
  @Length(1, 200)
  readonly name!: string;

  @Field('Product line or family.', { example: 'GTX' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  readonly series?: string;
}

@Command({
  route: 'POST /products/:productId/price',
  roles: ['sales', 'orders'],
  summary: 'Set the list price of a product in one currency, in place of the one before.',
  capabilities: ['PRC-01'],
})
export class PriceProduct {
  @Field('The product.')
  @IsUUID()
  readonly productId!: string;

  @Field('List price of one piece, before discounts and tax.', { unit: 'minor units of the currency', example: 4821_00 })
  @IsInt()
  @Min(0)
  @Max(LARGEST_PRICE)
  readonly amount!: number;

  @Field('Currency of the price, ISO 4217.', { example: 'EUR' })
  @IsCurrency()
  readonly currency!: string;
}

@Command({
  route: 'POST /products/:productId/revise',
  roles: ['sales', 'orders'],
  summary: 'Change the description of a product.',
  capabilities: ['PRC-01'],
})
export class ReviseProduct {
  @Field('The product.')
  @IsUUID()
  readonly productId!: string;

  @Field('Name as shown to customers; left out: as it is.', { example: 'GTX Pro II' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  readonly name?: string;

  @Field('Product line or family; left out: as it is.', { example: 'GTX' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  readonly series?: string;
}

@Command({
  route: 'POST /products/:productId/retire',
  roles: ['sales', 'orders'],
  summary: 'Stop selling a product.',
  capabilities: ['PRC-01'],
})
export class RetireProduct {
  @Field('The product.')
  @IsUUID()
  readonly productId!: string;
}

@Command({
  route: 'POST /products/:productId/reintroduce',
  roles: ['sales', 'orders'],
  summary: 'Sell a retired product again.',
  capabilities: ['PRC-01'],
})
export class ReintroduceProduct {
  @Field('The product.')
  @IsUUID()
  readonly productId!: string;
}
