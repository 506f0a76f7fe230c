import { IsUUID } from 'class-validator';
import { Command, Field } from '#kernel';

@Command({ summary: 'Note that a lead is one of a customer, to be erased with it.', capabilities: ['CID-10'] })
export class NoteLead {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The lead.')
  @IsUUID()
  readonly leadId!: string;
}

@Command({ summary: 'Have the leads of an erased customer erased too.', capabilities: ['CID-10'] })
export class ForgetLeads {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;
}
