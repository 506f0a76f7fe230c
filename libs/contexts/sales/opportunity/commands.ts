import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { Command, Field, IsCurrency, IsMoment, type Sealed } from '#kernel';
import { LARGEST_AMOUNT } from '../shapes.js';
import { type LossReason, lossReasons } from './events.js';

@Command({
  route: 'POST /opportunities',
  roles: ['sales'],
  summary: 'Open an opportunity: there is a possibility of selling something.',
  capabilities: ['SAL-05'],
  creates: true,
})
export class OpenOpportunity {
  @Field('The id of the new opportunity.')
  @IsOptional()
  @IsUUID()
  readonly opportunityId!: string;

  @Field('The customer, where one is known.')
  @IsOptional()
  @IsUUID()
  readonly customerId?: string;

  @Field('The sales agent who owns it.')
  @IsOptional()
  @IsUUID()
  readonly ownerId?: string;

  @Field('The product it is about.')
  @IsOptional()
  @IsUUID()
  readonly productId?: string;

  @Field('The lead it came from.')
  @IsOptional()
  @IsUUID()
  readonly leadId?: string;

  @Field('Code of the campaign that brought the lead.', { example: 'spring-fair' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  readonly campaign?: string;

  @Field('The pipeline it goes through; left out: the default one.')
  @IsOptional()
  @IsUUID()
  readonly pipelineId?: string;

  @Field('What it is expected to bring.', { unit: 'minor units of the currency', example: 550_00 })
  @IsInt()
  @Min(0)
  @Max(LARGEST_AMOUNT)
  readonly amount!: number;

  @Field('Currency of the amount, ISO 4217.', { example: 'EUR' })
  @IsCurrency()
  readonly currency!: string;

  @Field('The open phase it starts in; left out: the first one.', { example: 'PROSPECTING' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  readonly phase?: string;

  @Field('When it is expected to close.', { example: '2026-03-31T00:00:00.000Z' })
  @IsOptional()
  @IsMoment()
  readonly expectedClose?: string;
}

@Command({
  route: 'POST /opportunities/:opportunityId/advance',
  roles: ['sales'],
  summary: 'Move an opportunity on to a later open phase.',
  capabilities: ['SAL-05'],
})
export class AdvanceOpportunity {
  @Field('The opportunity.')
  @IsUUID()
  readonly opportunityId!: string;

  @Field('The phase to move to; phases in between may be left out.', { example: 'PROPOSAL' })
  @IsString()
  @Length(1, 100)
  readonly to!: string;
}

@Command({
  route: 'POST /opportunities/:opportunityId/regress',
  roles: ['sales'],
  summary: 'Move an opportunity back to an earlier open phase.',
  capabilities: ['SAL-05'],
})
export class RegressOpportunity {
  @Field('The opportunity.')
  @IsUUID()
  readonly opportunityId!: string;

  @Field('The phase to move back to.', { example: 'QUALIFICATION' })
  @IsString()
  @Length(1, 100)
  readonly to!: string;
}

@Command({
  route: 'POST /opportunities/:opportunityId/win',
  roles: ['sales'],
  summary: 'Close an opportunity as won.',
  capabilities: ['SAL-10'],
})
export class WinOpportunity {
  @Field('The opportunity.')
  @IsUUID()
  readonly opportunityId!: string;

  @Field('What it brought; left out: what was expected.', { unit: 'minor units of its currency', example: 500_00 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LARGEST_AMOUNT)
  readonly amount?: number;

  @Field('The won phase of the pipeline; left out: the first one.', { example: 'CLOSED_WON' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  readonly phase?: string;
}

@Command({
  route: 'POST /opportunities/:opportunityId/lose',
  roles: ['sales'],
  summary: 'Close an opportunity as lost.',
  capabilities: ['SAL-10', 'SAL-11'],
})
export class LoseOpportunity {
  @Field('The opportunity.')
  @IsUUID()
  readonly opportunityId!: string;

  @Field('Why.', { example: 'PRICE' })
  @IsIn(lossReasons)
  readonly reason!: LossReason;

  @Field('Who got the business.', { example: 'Globex' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  readonly competitor?: string;

  @Field('Why, in words, at most 2,000 characters; required for the reason OTHER.', { personal: true, example: 'Went bankrupt.' })
  @IsOptional()
  @IsString()
  @Length(1, 2000)
  readonly notes?: Sealed<string>;

  @Field('The lost phase of the pipeline; left out: the first one.', { example: 'CLOSED_LOST' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  readonly phase?: string;
}

@Command({
  route: 'POST /opportunities/:opportunityId/erase-notes',
  roles: ['privacy'],
  summary: 'Destroy what was said in words of an opportunity without a customer; amounts and reasons stay.',
  capabilities: ['CID-10'],
})
export class EraseOpportunityNotes {
  @Field('The opportunity.')
  @IsUUID()
  readonly opportunityId!: string;
}

@Command({
  route: 'POST /opportunities/:opportunityId/reopen',
  roles: ['sales'],
  summary: 'Open a closed opportunity again, in the phase it was in before.',
  capabilities: ['SAL-10'],
})
export class ReopenOpportunity {
  @Field('The opportunity.')
  @IsUUID()
  readonly opportunityId!: string;
}

@Command({
  route: 'POST /opportunities/:opportunityId/assign',
  roles: ['sales'],
  summary: 'Give an open opportunity to a sales agent.',
  capabilities: ['SAL-05', 'SAL-07'],
})
export class AssignOpportunity {
  @Field('The opportunity.')
  @IsUUID()
  readonly opportunityId!: string;

  @Field('The sales agent.')
  @IsUUID()
  readonly ownerId!: string;
}

@Command({
  route: 'POST /opportunities/:opportunityId/correct',
  roles: ['sales'],
  summary: 'Correct what was recorded wrongly, from the time on from which it should have been so.',
  capabilities: ['SAL-07'],
})
export class CorrectOpportunity {
  @Field('The opportunity.')
  @IsUUID()
  readonly opportunityId!: string;

  @Field('The right amount.', { unit: 'minor units of its currency', example: 600_00 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LARGEST_AMOUNT)
  readonly amount?: number;

  @Field('When it is really expected to close.', { example: '2026-04-30T00:00:00.000Z' })
  @IsOptional()
  @IsMoment()
  readonly expectedClose?: string;

  @Field('The product it is really about.')
  @IsOptional()
  @IsUUID()
  readonly productId?: string;
}

@Command({
  summary: 'Mark an opportunity as stalled if it is still in the phase in which its time ran out.',
  capabilities: ['SAL-09'],
})
export class MarkStalled {
  @Field('The opportunity.')
  @IsUUID()
  readonly opportunityId!: string;

  @Field('When its time in the phase is over; names the stay in the phase that is meant.', { unit: 'UTC, milliseconds' })
  @IsMoment()
  readonly stallsAt!: string;
}
