import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Command, Field } from '#kernel';
import { type Priority, priorities } from '../words.js';

/** Minutes of 10,000 working hours. */
const MOST_MINUTES = 600_000;

/** What is promised to tickets of one kind. */
export class SlaPromise {
  @Field('For tickets of this priority.', { example: 'HIGH' })
  @IsIn(priorities)
  readonly priority!: Priority;

  @Field('For customers of this service tier; left out: for all others.', { example: 'GOLD' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  readonly tier?: string;

  @Field('Until the first answer of an agent.', { unit: 'minutes of working time', example: 60 })
  @IsInt()
  @Min(1)
  @Max(MOST_MINUTES)
  readonly firstResponseMinutes!: number;

  @Field('Until the solution.', { unit: 'minutes of working time', example: 480 })
  @IsInt()
  @Min(1)
  @Max(MOST_MINUTES)
  readonly resolutionMinutes!: number;
}

/** The priority of the tickets of a tier that were opened without one. */
export class PriorityOfTier {
  @Field('The service tier.', { example: 'GOLD' })
  @IsString()
  @Length(1, 60)
  readonly tier!: string;

  @Field('The priority of its tickets.', { example: 'HIGH' })
  @IsIn(priorities)
  readonly priority!: Priority;
}

@Command({
  route: 'POST /sla-policies',
  roles: ['care'],
  summary: 'Define an SLA policy, or define it anew: what new tickets are promised, in working time.',
  capabilities: ['SRV-06', 'SRV-07'],
  creates: true,
})
export class DefineSlaPolicy {
  @Field('The id of the policy; that of an existing one defines it anew.')
  @IsOptional()
  @IsUUID()
  readonly policyId!: string;

  @Field('Name of the policy.', { example: 'Standard' })
  @IsString()
  @Length(1, 100)
  readonly name!: string;

  @Field('The calendar in which targets are measured; left out: the default one.')
  @IsOptional()
  @IsUUID()
  readonly calendarId?: string;

  @Field('What is promised: one entry without a tier for each priority, and more for tiers that get something else.', {
    of: () => SlaPromise,
  })
  @IsArray()
  @ArrayMinSize(4)
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  readonly promises!: readonly SlaPromise[];

  @Field('The priority of tickets that are opened without one, by tier; MEDIUM for all others.', { of: () => PriorityOfTier })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  readonly tierPriorities?: readonly PriorityOfTier[];

  @Field('How much of a target may be used before it is escalated; left out: 80.', { unit: 'percent', example: 80 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(99)
  readonly escalationPercent?: number;

  @Field('The employee to whom escalations go.')
  @IsOptional()
  @IsUUID()
  readonly escalatesTo?: string;

  @Field('After how long a resolved ticket closes by itself; left out: never.', { unit: 'days of 24 hours', example: 7 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(365)
  readonly closesAfterDays?: number;
}
