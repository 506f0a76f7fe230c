import { IsEmail, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { Command, Field, IsCurrency, IsMoment, type Sealed } from '#kernel';
import { LARGEST_AMOUNT } from '../shapes.js';
import { type DisqualificationReason, disqualificationReasons, type LeadSource, leadSources } from './words.js';

/** As customers accept it, so that a conversion is never refused for it. */
const PHONE = /^\+?[0-9][0-9 ()./-]{3,29}[0-9]$/;

@Command({
  route: 'POST /leads',
  roles: ['sales'],
  summary: 'Create a lead: somebody showed interest.',
  capabilities: ['SAL-02'],
  creates: true,
})
export class CreateLead {
  @Field('The id of the new lead.')
  @IsOptional()
  @IsUUID()
  readonly leadId!: string;

  @Field('The id of the person who is the lead.', { assigned: true })
  @IsOptional()
  @IsUUID()
  readonly personId!: string;

  @Field('Name of the person.', { personal: true, example: 'Ada Lovelace' })
  @IsString()
  @Length(1, 200)
  readonly name!: Sealed<string>;

  @Field('E-mail address of the person.', { personal: true, example: 'ada@acme.example' })
  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  readonly email?: Sealed<string>;

  @Field('Phone number of the person.', { personal: true, example: '+49 30 1234567' })
  @IsOptional()
  @IsString()
  @Matches(PHONE, { message: 'a phone number: digits, with blanks and ( ) . / - between them, a + first where it has one' })
  readonly phone?: Sealed<string>;

  @Field('What was said, at most 2,000 characters.', { personal: true, example: 'Asked for a quote at the fair.' })
  @IsOptional()
  @IsString()
  @Length(1, 2000)
  readonly notes?: Sealed<string>;

  @Field('Name of the company, where the person speaks for one.', { personal: true, example: 'Acme Corporation' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  readonly companyName?: Sealed<string>;

  @Field('Where the lead came from.', { example: 'TRADE_SHOW' })
  @IsIn(leadSources)
  readonly source!: LeadSource;

  @Field('Code of the campaign that brought it.', { example: 'spring-fair' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  readonly campaign?: string;

  @Field('The customer, where an existing one shows a new interest.')
  @IsOptional()
  @IsUUID()
  readonly customerId?: string;
}

@Command({
  route: 'POST /leads/:leadId/assign',
  roles: ['sales'],
  summary: 'Give a lead to a sales agent; a recycled one is taken up again.',
  capabilities: ['SAL-02'],
})
export class AssignLead {
  @Field('The lead.')
  @IsUUID()
  readonly leadId!: string;

  @Field('The sales agent.')
  @IsUUID()
  readonly ownerId!: string;
}

@Command({
  route: 'POST /leads/:leadId/qualify',
  roles: ['sales'],
  summary: 'Find an assigned lead worth working on.',
  capabilities: ['SAL-02', 'SAL-04'],
})
export class QualifyLead {
  @Field('The lead.')
  @IsUUID()
  readonly leadId!: string;
}

@Command({
  route: 'POST /leads/:leadId/disqualify',
  roles: ['sales'],
  summary: 'Give a lead up for good.',
  capabilities: ['SAL-02'],
})
export class DisqualifyLead {
  @Field('The lead.')
  @IsUUID()
  readonly leadId!: string;

  @Field('Why.', { example: 'NO_BUDGET' })
  @IsIn(disqualificationReasons)
  readonly reason!: DisqualificationReason;

  @Field('Why, in words, at most 2,000 characters; required for the reason OTHER.', { personal: true, example: 'Moved abroad.' })
  @IsOptional()
  @IsString()
  @Length(1, 2000)
  readonly notes?: Sealed<string>;
}

@Command({
  route: 'POST /leads/:leadId/recycle',
  roles: ['sales'],
  summary: 'Put a lead back, to be taken up again later.',
  capabilities: ['SAL-02'],
})
export class RecycleLead {
  @Field('The lead.')
  @IsUUID()
  readonly leadId!: string;
}

@Command({
  route: 'POST /leads/:leadId/convert',
  roles: ['sales'],
  summary: 'Turn a lead into a customer with a contact and an opportunity.',
  capabilities: ['SAL-04'],
  continues: 'lead-conversion',
})
export class ConvertLead {
  @Field('The lead.')
  @IsUUID()
  readonly leadId!: string;

  @Field('An existing customer that the contact and the opportunity belong to; left out: that of the lead, else a new one.')
  @IsOptional()
  @IsUUID()
  readonly customerId?: string;

  @Field('What the opportunity is expected to bring.', { unit: 'minor units of the currency', example: 550_00 })
  @IsInt()
  @Min(0)
  @Max(LARGEST_AMOUNT)
  readonly amount!: number;

  @Field('Currency of the amount, ISO 4217.', { example: 'EUR' })
  @IsCurrency()
  readonly currency!: string;

  @Field('The product the opportunity is about.')
  @IsOptional()
  @IsUUID()
  readonly productId?: string;

  @Field('The pipeline the opportunity goes through; left out: the default one.')
  @IsOptional()
  @IsUUID()
  readonly pipelineId?: string;

  @Field('When the opportunity is expected to close.', { example: '2026-03-31T00:00:00.000Z' })
  @IsOptional()
  @IsMoment()
  readonly expectedClose?: string;
}

@Command({ summary: 'Complete a conversion: customer, contact and opportunity exist.', capabilities: ['SAL-04'] })
export class CompleteLeadConversion {
  @Field('The lead.')
  @IsUUID()
  readonly leadId!: string;
}

@Command({
  route: 'POST /leads/:leadId/erase',
  roles: ['privacy'],
  summary: 'Destroy the personal data of a lead that is not a customer; counts stay.',
  capabilities: ['CID-10'],
})
export class EraseLead {
  @Field('The lead.')
  @IsUUID()
  readonly leadId!: string;
}
