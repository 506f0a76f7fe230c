import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { Command, Field, IsCurrency, IsMoment, type Moment, type Sealed } from '#kernel';
import { type Interval, intervals, type StatedReason, statedReasons } from '../words.js';

/** Minor units: 10 million of most currencies for one interval. */
const LARGEST_PRICE = 1_000_000_000;

@Command({
  route: 'POST /customers/:customerId/contracts',
  roles: ['sales', 'care', 'orders'],
  summary: 'Start a contract with a customer; one who was lost is won back by it.',
  capabilities: ['ANA-02', 'MKT-20'],
})
export class StartContract {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The id of the new contract.', { assigned: true })
  @IsOptional()
  @IsUUID()
  readonly contractId!: string;

  @Field('Kind of the contract, in the words of the company.', { example: 'One year' })
  @IsString()
  @Length(1, 100)
  readonly kind!: string;

  @Field('What the customer pays for each interval.', { unit: 'minor units of the currency', example: 5695 })
  @IsInt()
  @Min(0)
  @Max(LARGEST_PRICE)
  readonly price!: number;

  @Field('Currency of the price, ISO 4217.', { example: 'EUR' })
  @IsCurrency()
  readonly currency!: string;

  @Field('How often the price is due; MONTH if left out.', { example: 'MONTH' })
  @IsOptional()
  @IsIn(intervals)
  readonly interval?: Interval;

  @Field('When it ends unless it is continued; left out: it runs until somebody ends it.', {
    example: '2027-01-05T09:00:00.000Z',
  })
  @IsOptional()
  @IsMoment()
  readonly endsAt?: Moment;
}

@Command({
  route: 'POST /customers/:customerId/contracts/:contractId/change',
  roles: ['sales', 'care', 'orders'],
  summary: 'Change the terms or the price of a contract; what is left out stays.',
  capabilities: ['ANA-02'],
})
export class ChangeContract {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The contract.')
  @IsUUID()
  readonly contractId!: string;

  @Field('Kind of the contract from now on.', { example: 'Two year' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  readonly kind?: string;

  @Field('What the customer pays for each interval from now on.', { unit: 'minor units of the currency', example: 4995 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LARGEST_PRICE)
  readonly price?: number;

  @Field('Currency of the price, ISO 4217; needs a price.', { example: 'EUR' })
  @IsOptional()
  @IsCurrency()
  readonly currency?: string;

  @Field('How often the price is due from now on.', { example: 'YEAR' })
  @IsOptional()
  @IsIn(intervals)
  readonly interval?: Interval;
}

@Command({
  route: 'POST /customers/:customerId/contracts/:contractId/end',
  roles: ['sales', 'care', 'orders'],
  summary: 'End a contract, now or at a later moment; with the last one the customer is lost.',
  capabilities: ['ANA-02', 'ANA-03'],
})
export class EndContract {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The contract.')
  @IsUUID()
  readonly contractId!: string;

  @Field('Why.', { example: 'CHEAPER_ELSEWHERE' })
  @IsIn(statedReasons)
  readonly reason!: StatedReason;

  @Field('Why, in words; needed for the reason OTHER.', { personal: true })
  @IsOptional()
  @IsString()
  @Length(1, 2000)
  readonly notes?: Sealed<string>;

  @Field('When it is to end; left out: now.', { example: '2026-12-31T23:00:00.000Z' })
  @IsOptional()
  @IsMoment()
  readonly endsAt?: Moment;
}

@Command({
  route: 'POST /customers/:customerId/contracts/:contractId/continue',
  roles: ['sales', 'care', 'orders'],
  summary: 'Let a contract go on that was to end: the notice is taken back, or the term is longer.',
  capabilities: ['MKT-20'],
})
export class ContinueContract {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The contract.')
  @IsUUID()
  readonly contractId!: string;

  @Field('When it ends now; left out: it runs until somebody ends it.', { example: '2028-01-05T09:00:00.000Z' })
  @IsOptional()
  @IsMoment()
  readonly endsAt?: Moment;
}
