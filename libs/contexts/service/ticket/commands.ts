import { IsBoolean, IsIn, IsLocale, IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { Command, Field, type Sealed } from '#kernel';
import { channels } from '../../customers/contract.js';
import { type Priority, priorities } from '../words.js';
import { holdReasons, outcomes, sides } from './events.js';

export { MergeTicket, SplitTicket } from './division-commands.js';

@Command({
  route: 'POST /tickets',
  roles: ['care'],
  summary: 'Open a ticket: a customer needs something.',
  capabilities: ['SRV-01', 'SRV-03', 'SRV-06', 'SRV-07'],
  creates: true,
})
export class OpenTicket {
  @Field('The id of the new ticket.')
  @IsOptional()
  @IsUUID()
  readonly ticketId!: string;

  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The contact who speaks for the customer.')
  @IsOptional()
  @IsUUID()
  readonly contactId?: string;

  @Field('How it reached us.', { example: 'EMAIL' })
  @IsIn(channels)
  readonly channel!: (typeof channels)[number];

  @Field('What it is about, at most 500 characters.', { personal: true, example: 'The display stays dark.' })
  @IsString()
  @Length(1, 500)
  readonly subject!: Sealed<string>;

  @Field('What the customer says, at most 10,000 characters.', { personal: true, example: 'Since this morning.' })
  @IsOptional()
  @IsString()
  @Length(1, 10_000)
  readonly text?: Sealed<string>;

  @Field('Code of what it is about.', { example: 'HARDWARE' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  readonly category?: string;

  @Field('How urgent it is; left out: what the SLA policy says for the tier of the customer.', { example: 'HIGH' })
  @IsOptional()
  @IsIn(priorities)
  readonly priority?: Priority;

  @Field('The team that it belongs to, which then finds an agent.')
  @IsOptional()
  @IsUUID()
  readonly teamId?: string;

  @Field('The skill that it needs.', { example: 'HARDWARE' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  readonly skill?: string;

  @Field('The language that it needs, a BCP 47 tag: en is spoken by agents with en or en-GB, en-GB by those with en-GB only.', {
    example: 'de',
  })
  @IsOptional()
  @IsLocale()
  @MaxLength(35)
  readonly language?: string;

  @Field('The SLA policy; left out: the default one.')
  @IsOptional()
  @IsUUID()
  readonly policyId?: string;

  @Field('The order that it is about.')
  @IsOptional()
  @IsUUID()
  readonly orderId?: string;

  @Field('The ticket that it was a part of, of the same customer or of one that was merged with it.')
  @IsOptional()
  @IsUUID()
  readonly splitFrom?: string;

  @Field('The closed ticket that it follows, of the same customer or of one that was merged with it.')
  @IsOptional()
  @IsUUID()
  readonly follows?: string;
}

@Command({
  route: 'POST /tickets/:ticketId/categorise',
  roles: ['care'],
  summary: 'Say what a ticket is about.',
  capabilities: ['SRV-04'],
})
export class CategoriseTicket {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('Code of what it is about.', { example: 'BILLING' })
  @IsString()
  @Length(1, 60)
  readonly category!: string;
}

@Command({
  route: 'POST /tickets/:ticketId/prioritise',
  roles: ['care'],
  summary: 'Say how urgent a ticket is; promises that are not kept yet change with it.',
  capabilities: ['SRV-01', 'SRV-06'],
})
export class PrioritiseTicket {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('How urgent it is.', { example: 'URGENT' })
  @IsIn(priorities)
  readonly priority!: Priority;
}

@Command({
  route: 'POST /tickets/:ticketId/assign',
  roles: ['care'],
  summary: 'Give a ticket to an agent, or to a team that finds one.',
  capabilities: ['SRV-01'],
})
export class AssignTicket {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('The agent; left out: the team finds one.')
  @IsOptional()
  @IsUUID()
  readonly agentId?: string;

  @Field('The team; left out: as before.')
  @IsOptional()
  @IsUUID()
  readonly teamId?: string;
}

@Command({
  route: 'POST /tickets/:ticketId/reply',
  roles: ['care'],
  summary: 'Record what an agent or the customer said; a reply of the customer makes it our turn again.',
  capabilities: ['SRV-01', 'SRV-03'],
})
export class ReplyToTicket {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('Who said it.', { example: 'AGENT' })
  @IsIn(sides)
  readonly from!: (typeof sides)[number];

  @Field('What was said, at most 10,000 characters.', { personal: true, example: 'Please hold the power button for 10 seconds.' })
  @IsString()
  @Length(1, 10_000)
  readonly text!: Sealed<string>;

  @Field('Of a reply to the customer: who wrote it; left out: the agent who has the ticket.')
  @IsOptional()
  @IsUUID()
  readonly agentId?: string;

  @Field('Of a reply to the customer: whether we wait for an answer, and time stands still; left out: yes.', { example: true })
  @IsOptional()
  @IsBoolean()
  readonly awaitsCustomer?: boolean;
}

@Command({
  route: 'POST /tickets/:ticketId/hold',
  roles: ['care'],
  summary: 'Put a ticket on hold: nothing can be done for now.',
  capabilities: ['SRV-01', 'SRV-06'],
})
export class HoldTicket {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('What we wait for.', { example: 'SUPPLIER' })
  @IsIn(holdReasons)
  readonly reason!: (typeof holdReasons)[number];
}

@Command({
  route: 'POST /tickets/:ticketId/resume',
  roles: ['care'],
  summary: 'Go on with a ticket that waits.',
  capabilities: ['SRV-01', 'SRV-06'],
})
export class ResumeTicket {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;
}

@Command({
  route: 'POST /tickets/:ticketId/resolve',
  roles: ['care'],
  summary: 'Say that there is a solution.',
  capabilities: ['SRV-01', 'SRV-05', 'SRV-06'],
})
export class ResolveTicket {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('How it ended.', { example: 'SOLVED' })
  @IsIn(outcomes)
  readonly outcome!: (typeof outcomes)[number];

  @Field('The solution, in words, at most 10,000 characters.', { personal: true, example: 'The cable was loose.' })
  @IsOptional()
  @IsString()
  @Length(1, 10_000)
  readonly text?: Sealed<string>;
}

@Command({
  route: 'POST /tickets/:ticketId/reopen',
  roles: ['care'],
  summary: 'Open a resolved ticket again: it was not resolved after all.',
  capabilities: ['SRV-01'],
})
export class ReopenTicket {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;
}

@Command({
  route: 'POST /tickets/:ticketId/close',
  roles: ['care'],
  summary: 'Close a resolved ticket for good.',
  capabilities: ['SRV-01'],
})
export class CloseTicket {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;
}
