import { IsUUID } from 'class-validator';
import { Command, Field } from '#kernel';

@Command({ summary: 'Note that somebody became a customer, to be reviewed when silence is defined.', capabilities: ['ANA-02'] })
export class EnrolCustomer {
  @Field('The roll on which the customer is.')
  @IsUUID()
  readonly rollId!: string;

  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;
}

@Command({ summary: 'Have all customers of a roll reviewed: silence was defined.', capabilities: ['ANA-02'] })
export class CallRoll {
  @Field('The roll.')
  @IsUUID()
  readonly rollId!: string;
}
