import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { Command, Field, type Sealed } from '#kernel';
import { channels, directions } from './events.js';

const DAY = 86_400;

@Command({
  route: 'POST /customers/:customerId/interactions',
  roles: ['care', 'sales', 'orders'],
  summary: 'Log that somebody of the company and a customer were in touch; its business time is when they were.',
  capabilities: ['CID-03', 'CID-05'],
  creates: true,
})
export class LogInteraction {
  @Field('The id of the new interaction.')
  @IsOptional()
  @IsUUID()
  readonly interactionId!: string;

  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The contact who spoke for the customer; one of it, or of one who was merged with it.')
  @IsOptional()
  @IsUUID()
  readonly contactId?: string;

  @Field('How they were in touch.', { example: 'PHONE' })
  @IsIn(channels)
  readonly channel!: (typeof channels)[number];

  @Field('From the customer (INBOUND) or to the customer (OUTBOUND).', { example: 'INBOUND' })
  @IsIn(directions)
  readonly direction!: (typeof directions)[number];

  @Field('What it was about, at most 500 characters.', { personal: true, example: 'Asked when the order arrives.' })
  @IsString()
  @Length(1, 500)
  readonly subject!: Sealed<string>;

  @Field('How long it took, at most a day.', { unit: 's', example: 240 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(DAY)
  readonly seconds?: number;

  @Field('The touchpoint where it took place; it must be registered.')
  @IsOptional()
  @IsUUID()
  readonly touchpointId?: string;

  @Field('The opportunity that it was about; it must be recorded, and with this customer or with none.')
  @IsOptional()
  @IsUUID()
  readonly opportunityId?: string;

  @Field('The order that it was about; it must be recorded, and of this customer.')
  @IsOptional()
  @IsUUID()
  readonly orderId?: string;
}
