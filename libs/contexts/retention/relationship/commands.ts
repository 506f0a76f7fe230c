import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { Command, Field, IsCurrency, type Moment, type Sealed } from '#kernel';
import {
  type ActionKind,
  type Answer,
  actionKinds,
  answers,
  type MemberSign,
  type StatedReason,
  statedReasons,
} from '../words.js';

/** Minor units: 100 million of most currencies for one purchase. */
const LARGEST_PURCHASE = 10_000_000_000;

@Command({
  route: 'POST /customers/:customerId/purchases',
  roles: ['sales', 'orders', 'care'],
  summary: 'Record what a customer bought and paid at once, such as in a shop; an order counts as a purchase by itself.',
  capabilities: ['SAL-26', 'ANA-02'],
})
export class RecordPurchase {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The id of the purchase.', { assigned: true })
  @IsOptional()
  @IsUUID()
  readonly purchaseId!: string;

  @Field('What was paid.', { unit: 'minor units of the currency', example: 2933 })
  @IsInt()
  @Min(0)
  @Max(LARGEST_PURCHASE)
  readonly amount!: number;

  @Field('Currency of the amount, ISO 4217.', { example: 'EUR' })
  @IsCurrency()
  readonly currency!: string;

  @Field('How many pieces were bought.', { unit: 'pieces', example: 2 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  readonly units?: number;
}

@Command({
  summary: 'Note that an order of a customer was confirmed, or that it was in touch.',
  capabilities: ['ANA-02'],
})
export class NoteSignOfLife {
  @Field('The customer.')
  readonly customerId!: string;

  @Field('What the sign was.')
  readonly sign!: 'ORDER' | 'INTERACTION';

  @Field('The order or the interaction.')
  readonly signId!: string;

  @Field('When it was given.')
  readonly at!: Moment;
}

@Command({ summary: 'Take back that an order was a purchase: it was cancelled.', capabilities: ['ANA-02', 'SAL-26'] })
export class TakeBackSignOfLife {
  @Field('The customer.')
  readonly customerId!: string;

  @Field('The order.')
  readonly signId!: string;
}

@Command({
  summary: 'Hear of a customer that is shown under this one, or is no more, what may keep this one.',
  capabilities: ['ANA-02', 'CID-04'],
})
export class HearOfMember {
  @Field('The customer.')
  readonly customerId!: string;

  @Field('The other one.')
  readonly memberId!: string;

  @Field('What happened.')
  readonly sign!: MemberSign;

  @Field('When it happened.')
  readonly at!: Moment;
}

@Command({
  route: 'POST /customers/:customerId/review',
  roles: ['sales', 'care'],
  summary:
    'See what the clock says about a customer: contracts at their end, a silence that lasted too long, actions to be judged. Timers do so by themselves.',
  capabilities: ['ANA-02', 'MKT-20'],
})
export class ReviewRelationship {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;
}

@Command({
  route: 'POST /customers/:customerId/churn-reason',
  roles: ['sales', 'care'],
  summary: 'Say why a customer was lost, once that is known.',
  capabilities: ['ANA-03'],
})
export class LearnChurnReason {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('Why.', { example: 'BETTER_ELSEWHERE' })
  @IsIn(statedReasons)
  readonly reason!: StatedReason;

  @Field('Why, in words; needed for the reason OTHER.', { personal: true })
  @IsOptional()
  @IsString()
  @Length(1, 2000)
  readonly notes?: Sealed<string>;
}

@Command({
  route: 'POST /customers/:customerId/retention-actions',
  roles: ['sales', 'care'],
  summary: 'Record an offer, a call or another action to keep a customer or to win it back; its outcome is judged later.',
  capabilities: ['MKT-20'],
})
export class TakeRetentionAction {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The id of the action.', { assigned: true })
  @IsOptional()
  @IsUUID()
  readonly actionId!: string;

  @Field('What is done; HOLD_OUT: nothing, on purpose, to compare.', { example: 'OFFER' })
  @IsIn(actionKinds)
  readonly kind!: ActionKind;

  @Field('What is offered or said; nothing about a person.', { example: 'three months free' })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  readonly offer?: string;

  @Field('After how long the outcome is judged; 30 if left out.', { unit: 'days of 24 hours', example: 30 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(730)
  readonly days?: number;
}

@Command({
  route: 'POST /customers/:customerId/retention-actions/:actionId/answer',
  roles: ['sales', 'care'],
  summary: 'Record what a customer answered to a retention action.',
  capabilities: ['MKT-20'],
})
export class AnswerRetentionAction {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The action.')
  @IsUUID()
  readonly actionId!: string;

  @Field('What the customer said.', { example: 'ACCEPTED' })
  @IsIn(answers)
  readonly answer!: Answer;
}
