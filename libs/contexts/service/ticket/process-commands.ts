import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { Command, Field, IsMoment } from '#kernel';
import { type RoutingRule, routingRules, type Target, targets } from '../words.js';

@Command({ summary: 'Give a ticket to the agent to whom its team routed it.', capabilities: ['SRV-02'] })
export class AcceptRouting {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('The team.')
  @IsUUID()
  readonly teamId!: string;

  @Field('The agent.')
  @IsUUID()
  readonly agentId!: string;

  @Field('Why this agent.')
  @IsIn(routingRules)
  readonly rule!: RoutingRule;

  @Field('The agent who had it and left the team; one that was given to another agent by hand since is left alone.')
  @IsOptional()
  @IsUUID()
  readonly leftBy?: string;
}

@Command({
  summary: 'Take a ticket from an agent who left its team, where nobody else can have it yet.',
  capabilities: ['SRV-02'],
})
export class UnassignTicket {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('The team.')
  @IsUUID()
  readonly teamId!: string;

  @Field('The agent who left.')
  @IsUUID()
  readonly agentId!: string;
}

@Command({ summary: 'Close a resolved ticket that nobody reopened for as long as its policy says.', capabilities: ['SRV-01'] })
export class CloseResolvedTicket {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('When it is to be closed; one that was resolved again has another moment.', { unit: 'UTC, milliseconds' })
  @IsMoment()
  readonly closesAt!: string;
}

@Command({ summary: 'Note that another ticket goes on in this one.', capabilities: ['SRV-01'] })
export class AbsorbTicket {
  @Field('The ticket that goes on.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('The ticket that was merged into it.')
  @IsUUID()
  readonly mergedTicketId!: string;
}

@Command({ summary: 'Go on with one of the tickets that were merged in a circle.', capabilities: ['SRV-01'] })
export class ReinstateTicket {
  @Field('The ticket that goes on.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('The ticket that was merged into it.')
  @IsUUID()
  readonly mergedTicketId!: string;

  @Field('The ticket into which it was merged; one that goes on elsewhere since is left alone.')
  @IsUUID()
  readonly intoTicketId!: string;
}

@Command({ summary: 'Escalate a promise if much of its time is used up and it is not kept.', capabilities: ['SRV-06'] })
export class EscalateSla {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('Which promise.')
  @IsIn(targets)
  readonly target!: Target;

  @Field('When it is to be escalated; a promise whose time was moved has another one.', { unit: 'UTC, milliseconds' })
  @IsMoment()
  readonly escalatesAt!: string;
}

@Command({ summary: 'Note that the time of a promise is over if it is not kept.', capabilities: ['SRV-06'] })
export class MarkSlaBreached {
  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('Which promise.')
  @IsIn(targets)
  readonly target!: Target;

  @Field('When its time is over; a promise whose time was moved has another one.', { unit: 'UTC, milliseconds' })
  @IsMoment()
  readonly dueAt!: string;
}
