import { IsArray, IsIn, IsInt, IsOptional, IsString, IsUUID, Min } from 'class-validator';
import { Command, Field } from '#kernel';
import { type ClaimKind, claimKinds } from '../claim/kinds.js';
import { LineQuantity } from './line-fields.js';

@Command({
  summary: 'Settle with the order what was decided on a claim: credit it, or have its goods replaced.',
  capabilities: ['ORD-08'],
})
export class SettleClaimedGoods {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the claim')
  @IsUUID()
  readonly claimId!: string;

  @Field('what was wrong', { example: 'DAMAGED' })
  @IsIn(claimKinds)
  readonly kind!: ClaimKind;

  @Field('the shipment that it was about')
  @IsOptional()
  @IsUUID()
  readonly shipmentId?: string;

  @Field('the lines that it was about, and how many units of each', { of: () => LineQuantity })
  @IsArray()
  readonly lines!: readonly LineQuantity[];

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'broken on the way' })
  @IsString()
  readonly reason!: string;

  @Field('of a credit: the invoice')
  @IsOptional()
  @IsUUID()
  readonly invoiceId?: string;

  @Field('of a credit: the credit note')
  @IsOptional()
  @IsUUID()
  readonly creditId?: string;

  @Field('of a credit: how much', { unit: "minor units of the order's currency", example: 10000 })
  @IsOptional()
  @IsInt()
  @Min(1)
  readonly amount?: number;

  @Field('of a replacement: the order that replaces the goods')
  @IsOptional()
  @IsUUID()
  readonly replacementId?: string;
}
