import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsLocale,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Command, Field } from '#kernel';
import { type AgentStatus, agentStates, type Priority, priorities } from '../words.js';

@Command({
  route: 'POST /teams',
  roles: ['care'],
  summary: 'Form a team that tickets can be routed to, or give it another name.',
  capabilities: ['SRV-01', 'SRV-02'],
  creates: true,
})
export class FormTeam {
  @Field('The id of the team; that of an existing one renames it.')
  @IsOptional()
  @IsUUID()
  readonly teamId!: string;

  @Field('Name of the team.', { example: 'First line' })
  @IsString()
  @Length(1, 100)
  readonly name!: string;
}

@Command({
  route: 'POST /teams/:teamId/agents',
  roles: ['care'],
  summary: 'Say what an agent of a team can take; the agent joins it if need be.',
  capabilities: ['SRV-02'],
})
export class ProfileAgent {
  @Field('The team.')
  @IsUUID()
  readonly teamId!: string;

  @Field('The agent.')
  @IsUUID()
  readonly agentId!: string;

  @Field('The skills of the agent.', { example: ['BILLING', 'HARDWARE'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 60, { each: true })
  readonly skills?: readonly string[];

  @Field(
    'The languages of the agent, BCP 47 tags. By basic filtering of RFC 4647 who has en-GB gets tickets that need en-GB or en; who has en, only en.',
    { example: ['de', 'en-GB'] },
  )
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsLocale({ each: true })
  @MaxLength(35, { each: true })
  readonly languages?: readonly string[];

  @Field('The service tiers that the agent serves; left out: all.', { example: ['GOLD'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 60, { each: true })
  readonly tiers?: readonly string[];

  @Field('How many tickets the agent takes at most at a time; left out: 10.', { unit: 'tickets', example: 10 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  readonly capacity?: number;
}

@Command({
  route: 'POST /teams/:teamId/agents/status',
  roles: ['care'],
  summary: 'Say whether an agent takes tickets.',
  capabilities: ['SRV-02'],
})
export class SetAgentStatus {
  @Field('The team.')
  @IsUUID()
  readonly teamId!: string;

  @Field('The agent.')
  @IsUUID()
  readonly agentId!: string;

  @Field('ACTIVE: takes tickets. AWAY for a while, UNAVAILABLE for longer: does not.', { example: 'ACTIVE' })
  @IsIn(agentStates)
  readonly status!: AgentStatus;
}

@Command({
  route: 'POST /teams/:teamId/agents/remove',
  roles: ['care'],
  summary: 'Take an agent out of a team; its tickets are routed anew.',
  capabilities: ['SRV-02'],
})
export class RemoveAgent {
  @Field('The team.')
  @IsUUID()
  readonly teamId!: string;

  @Field('The agent.')
  @IsUUID()
  readonly agentId!: string;
}

@Command({ summary: 'Route a ticket to the agent of a team who fits best, or let it wait.', capabilities: ['SRV-02'] })
export class RouteTicket {
  @Field('The team.')
  @IsUUID()
  readonly teamId!: string;

  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('Its customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('How urgent it is.')
  @IsIn(priorities)
  readonly priority!: Priority;

  @Field('The skill that it needs.')
  @IsOptional()
  @IsString()
  @Length(1, 60)
  readonly skill?: string;

  @Field('The language that it needs, as the ticket says.')
  @IsOptional()
  @IsString()
  @Length(1, 35)
  readonly language?: string;

  @Field('The service tier of the customer.')
  @IsOptional()
  @IsString()
  @Length(1, 60)
  readonly tier?: string;
}

@Command({ summary: 'Note that a ticket of a team is more or less urgent than it was.', capabilities: ['SRV-02'] })
export class RankTicket {
  @Field('The team.')
  @IsUUID()
  readonly teamId!: string;

  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;

  @Field('How urgent it is.')
  @IsIn(priorities)
  readonly priority!: Priority;
}

@Command({ summary: 'Note that an agent got a ticket of a team by hand.', capabilities: ['SRV-02'] })
export class TakeTicket extends RouteTicket {
  @Field('The agent.')
  @IsUUID()
  readonly agentId!: string;
}

@Command({
  summary:
    'Note that an agent has a ticket of a team again that was solved; it is routed anew if the agent left the team meanwhile.',
  capabilities: ['SRV-02'],
})
export class TakeTicketAgain extends RouteTicket {
  @Field('The agent.')
  @IsUUID()
  readonly agentId!: string;
}

@Command({ summary: 'Note that a ticket is no concern of a team any more, and route what waits.', capabilities: ['SRV-02'] })
export class ReleaseTicket {
  @Field('The team.')
  @IsUUID()
  readonly teamId!: string;

  @Field('The ticket.')
  @IsUUID()
  readonly ticketId!: string;
}
