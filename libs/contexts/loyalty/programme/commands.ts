import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Command, Field, IsCurrency } from '#kernel';

/** Bounds of what a programme says: minor units, and days of 24 hours. What all points of one command are worth is an exact integer. */
const most = { tiers: 20, amount: 1_000_000_000_000, pointWorth: 1_000_000, days: 36_500 } as const;

const AreTiers = (): PropertyDecorator => (target, name) => {
  ValidateNested({ each: true })(target, name);
  ArrayMaxSize(most.tiers)(target, name);
  ArrayMinSize(1)(target, name);
  IsArray()(target, name);
};
const IsAmount =
  (least: number, largest: number = most.amount): PropertyDecorator =>
  (target, name) => {
    Max(largest)(target, name);
    Min(least)(target, name);
    IsInt()(target, name);
  };
const AreDays = (): PropertyDecorator => (target, name) => {
  Max(most.days)(target, name);
  Min(1)(target, name);
  IsInt()(target, name);
};

/** A tier of a programme. */
export class ProgrammeTier {
  @Field('Name of the tier, unique in its programme.', { example: 'Gold' })
  @IsString()
  @Length(1, 60)
  readonly name!: string;

  @Field('What a member has to have spent to be in the tier; 0 for the lowest one.', {
    unit: 'minor units of the currency of the programme',
    example: 1000_00,
  })
  @IsAmount(0)
  readonly minSpent!: number;

  @Field('What earns one point.', { unit: 'minor units of the currency of the programme', example: 1_00 })
  @IsAmount(1)
  readonly pointFor!: number;
}

@Command({
  route: 'POST /loyalty-programmes',
  roles: ['sales', 'care'],
  summary: 'Define a loyalty programme: its tiers, what earns a point, what a point is worth and when it expires.',
  capabilities: ['MKT-16'],
  creates: true,
})
export class DefineLoyaltyProgramme {
  @Field('The id of the new programme.')
  @IsOptional()
  @IsUUID()
  readonly programmeId!: string;

  @Field('Name of the programme.', { example: 'Friends' })
  @IsString()
  @Length(1, 100)
  readonly name!: string;

  @Field('Currency of the programme, ISO 4217; orders in another one earn nothing.', { example: 'EUR' })
  @IsCurrency()
  readonly currency!: string;

  @Field('Its tiers, from the lowest, with 0 as minSpent, to the highest.', { of: () => ProgrammeTier })
  @AreTiers()
  readonly tiers!: readonly ProgrammeTier[];

  @Field('After how long points expire; left out: never.', { unit: 'days of 24 hours', example: 730 })
  @IsOptional()
  @AreDays()
  readonly expiresAfterDays?: number;

  @Field('What one point is worth when it is redeemed; left out: it is not said in money.', {
    unit: 'minor units of the currency of the programme',
    example: 1,
  })
  @IsOptional()
  @IsAmount(1, most.pointWorth)
  readonly pointWorth?: number;
}

@Command({
  route: 'POST /loyalty-programmes/:programmeId/revise',
  roles: ['sales', 'care'],
  summary: 'Give a loyalty programme other terms, all of them, for what its members earn from now on.',
  capabilities: ['MKT-16'],
})
export class ReviseLoyaltyProgramme {
  @Field('The programme.')
  @IsUUID()
  readonly programmeId!: string;

  @Field('Name of the programme; as it is if left out.', { example: 'Friends' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  readonly name?: string;

  @Field('Its tiers, from the lowest, with 0 as minSpent, to the highest.', { of: () => ProgrammeTier })
  @AreTiers()
  readonly tiers!: readonly ProgrammeTier[];

  @Field('After how long points expire; left out: never.', { unit: 'days of 24 hours', example: 730 })
  @IsOptional()
  @AreDays()
  readonly expiresAfterDays?: number;

  @Field('What one point is worth when it is redeemed; left out: it is not said in money.', {
    unit: 'minor units of the currency of the programme',
    example: 1,
  })
  @IsOptional()
  @IsAmount(1, most.pointWorth)
  readonly pointWorth?: number;
}

@Command({
  route: 'POST /loyalty-programmes/:programmeId/close',
  roles: ['sales', 'care'],
  summary: 'Close a loyalty programme: nobody is enrolled and nothing is earned any more; points stay until used or expired.',
  capabilities: ['MKT-16'],
})
export class CloseLoyaltyProgramme {
  @Field('The programme.')
  @IsUUID()
  readonly programmeId!: string;
}
