import { IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { Command, Field, IsMoment, type Moment } from '#kernel';

/** Points that one command can be about. */
const MOST_POINTS = 1_000_000_000;

@Command({
  route: 'POST /customers/:customerId/loyalty',
  roles: ['care', 'sales', 'orders'],
  summary: 'Enrol a customer in a loyalty programme: invoices that are paid in full from now on earn points.',
  capabilities: ['MKT-16'],
})
export class EnrolMember {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The programme; a customer is in one at a time.')
  @IsUUID()
  readonly programmeId!: string;
}

@Command({
  route: 'POST /customers/:customerId/loyalty/redeem',
  roles: ['care', 'sales', 'orders'],
  summary: 'Use points of a member, at most those that there are; the ones that expire first go first.',
  capabilities: ['MKT-16'],
})
export class RedeemPoints {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('How many.', { unit: 'points', example: 100 })
  @IsInt()
  @Min(1)
  @Max(MOST_POINTS)
  readonly points!: number;

  @Field('What the member gets for them; nothing about a person.', { example: 'Coffee mug' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  readonly reward?: string;

  @Field('The order in which they are used.')
  @IsOptional()
  @IsUUID()
  readonly orderId?: string;
}

@Command({
  route: 'POST /customers/:customerId/loyalty/adjust',
  roles: ['care'],
  summary: 'Set the points of a member right by hand, and say why.',
  capabilities: ['MKT-16'],
})
export class AdjustPoints {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('By how much; negative: it becomes less, at most by those that there are.', { unit: 'points', example: 50 })
  @IsInt()
  @Min(-MOST_POINTS)
  @Max(MOST_POINTS)
  readonly points!: number;

  @Field('Why, in a word or a short phrase; nothing about a person.', { example: 'sorry for the delay' })
  @IsString()
  @Length(1, 200)
  readonly reason!: string;

  @Field('When points that are given expire; as the programme says if left out.', { example: '2028-01-01T00:00:00.000Z' })
  @IsOptional()
  @IsMoment()
  readonly expiresAt?: Moment;
}

@Command({
  route: 'POST /customers/:customerId/loyalty/end',
  roles: ['care', 'sales'],
  summary: 'End the membership of a customer; points that were not used are gone with it.',
  capabilities: ['MKT-16'],
})
export class EndMembership {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('Why, in a word or a short phrase; nothing about a person.', { example: 'as the member asked' })
  @IsString()
  @Length(1, 200)
  readonly reason!: string;
}

@Command({
  summary: 'Account for what a member paid for an order, and for what was credited of it since.',
  capabilities: ['MKT-16', 'ORD-08'],
})
export class AccountForOrder {
  @Field('The customer.')
  readonly customerId!: string;

  @Field('The order.')
  readonly orderId!: string;
}

@Command({ summary: 'Let points of a member expire that are due.', capabilities: ['MKT-16'] })
export class ExpirePoints {
  @Field('The customer.')
  readonly customerId!: string;
}
