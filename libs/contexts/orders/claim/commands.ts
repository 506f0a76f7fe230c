import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, IsUUID, Length, Max, MaxLength, Min } from 'class-validator';
import { Command, Field, type Sealed } from '#kernel';
import { AreLines, LineQuantity, most } from '../order/line-fields.js';
import { claimKinds, settlements } from './events.js';

@Command({
  route: 'POST /claims',
  roles: ['orders', 'care'],
  summary: 'File a claim of a customer about an order.',
  capabilities: ['ORD-08'],
  creates: true,
})
export class FileClaim {
  @Field('the claim')
  @IsOptional()
  @IsUUID()
  readonly claimId?: string;

  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('what is wrong, as the customer says')
  @IsIn(claimKinds)
  readonly kind!: (typeof claimKinds)[number];

  @Field('the shipment that it is about: a package, or goods that were sent without one')
  @IsOptional()
  @IsUUID()
  readonly shipmentId?: string;

  @Field('the lines that it is about, and how many units of each, at most what left us', { of: () => LineQuantity })
  @IsOptional()
  @AreLines()
  readonly lines?: readonly LineQuantity[];

  @Field('what is claimed; what its lines cost if left out', { unit: "minor units of the order's currency", example: 100000 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(most.amount)
  readonly amount?: number;

  @Field('what is wrong, in words; needed where the kind is OTHER', { personal: true, example: 'A leg of the chair is broken.' })
  @IsOptional()
  @IsString()
  @Length(1, 2000)
  readonly notes?: Sealed<string>;
}

@Command({
  route: 'POST /claims/:claimId/settle',
  roles: ['orders'],
  summary: 'Decide on a claim: credit it, replace its goods, or reject it.',
  capabilities: ['ORD-08'],
})
export class SettleClaim {
  @Field('the claim')
  @IsUUID()
  readonly claimId!: string;

  @Field('what is decided')
  @IsIn(settlements)
  readonly settlement!: (typeof settlements)[number];

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'broken on the way' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;

  @Field('of a CREDIT: the invoice that is credited; may be left out where the order has one only')
  @IsOptional()
  @IsUUID()
  readonly invoiceId?: string;

  @Field('of a CREDIT: what is credited; what is claimed if left out', {
    unit: "minor units of the order's currency",
    example: 100000,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(most.amount)
  readonly amount?: number;
}

@Command({
  route: 'POST /claims/:claimId/withdraw',
  roles: ['orders', 'care'],
  summary: 'Record that the customer claims it no more.',
  capabilities: ['ORD-08'],
})
export class WithdrawClaim {
  @Field('the claim')
  @IsUUID()
  readonly claimId!: string;
}

@Command({ summary: 'Open a claim again if its order did not take what was decided.', capabilities: ['ORD-08'] })
export class ReopenClaim {
  @Field('the claim')
  @IsUUID()
  readonly claimId!: string;
}
