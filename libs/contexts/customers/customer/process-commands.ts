import { IsString, IsUUID } from 'class-validator';
import { Command, Field, type KeptRetention, type Moment } from '#kernel';

@Command({ summary: 'Note that another customer is shown under this one.', capabilities: ['CID-04', 'CID-10'] })
export class AcceptMerge {
  @Field('The customer under whom both are shown.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The customer that was merged away.')
  @IsUUID()
  readonly mergedId!: string;
}

@Command({ summary: 'Note that another customer is no longer shown under this one.', capabilities: ['CID-04', 'CID-10'] })
export class EndMerge {
  @Field('The customer under whom both were shown.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The customer that was merged away before.')
  @IsUUID()
  readonly mergedId!: string;
}

@Command({
  summary: 'Destroy the personal data of a customer with the one it is merged into, unless it is on its own again.',
  capabilities: ['CID-10'],
})
export class EraseMergedCustomer {
  @Field('The customer that was merged away.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The customer under whom both are shown, and who was erased.')
  @IsUUID()
  readonly survivorId!: string;
}

@Command({ summary: 'Note until when a law keeps personal fields of a customer.', capabilities: ['CID-10'] })
export class NoteRetention {
  @Field('the customer')
  @IsUUID()
  readonly customerId!: string;

  @Field('class of the fields')
  @IsString()
  readonly retention!: KeptRetention;

  @Field('until when the law keeps them', { example: '2037-01-01T00:00:00.000Z' })
  @IsString()
  readonly until!: Moment;
}

@Command({ summary: 'Destroy what a law kept of an erased customer, when its date has come.', capabilities: ['CID-10'] })
export class EndRetention {
  @Field('the customer')
  @IsUUID()
  readonly customerId!: string;

  @Field('class of the fields')
  @IsString()
  readonly retention!: KeptRetention;
}
