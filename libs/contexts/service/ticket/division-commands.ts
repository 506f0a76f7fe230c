import { IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { Command, Field, type Sealed } from '#kernel';
import { type Priority, priorities } from '../words.js';

@Command({
  route: 'POST /tickets/:ticketId/split',
  roles: ['care'],
  summary: 'Make a second matter of a ticket a ticket of its own.',
  capabilities: ['SRV-01'],
  continues: 'ticket-split',
})
export class SplitTicket {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('What the second matter is about, at most 500 characters.', { personal: true, example: 'The invoice is wrong.' })
  @IsString()
  @Length(1, 500)
  readonly subject!: Sealed<string>;

  @Field('What the customer says of it, at most 10,000 characters.', { personal: true })
  @IsOptional()
  @IsString()
  @Length(1, 10_000)
  readonly text?: Sealed<string>;

  @Field('Code of what it is about.', { example: 'BILLING' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  readonly category?: string;

  @Field('How urgent it is; left out: as the ticket.', { example: 'LOW' })
  @IsOptional()
  @IsIn(priorities)
  readonly priority?: Priority;

  @Field('The team that it belongs to; left out: that of the ticket.')
  @IsOptional()
  @IsUUID()
  readonly teamId?: string;

  @Field('The skill that it needs.', { example: 'BILLING' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  readonly skill?: string;
}

@Command({
  route: 'POST /tickets/:ticketId/merge',
  roles: ['care'],
  summary: 'Go on with a ticket in another one of the same customer, or of one that was merged with it.',
  capabilities: ['SRV-01'],
  continues: 'ticket-merge',
})
export class MergeTicket {
  @Field('The ticket that goes on in the other one.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('The other one.')
  @IsUUID()
  readonly intoTicketId!: string;
}
