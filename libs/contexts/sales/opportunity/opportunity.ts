import { addDays, aggregate, daysBetween, type Moment, refuse } from '#kernel';
import { type Customer, customer, registered } from '../../customers/contract.js';
import type { Phase, PhaseKind } from '../pipeline-definition/events.js';
import {
  defaultPipelineId,
  type PipelineDefinition,
  phaseNamed,
  phasesOf,
  pipelineDefinition,
} from '../pipeline-definition/pipeline-definition.js';
import {
  AdvanceOpportunity,
  AssignOpportunity,
  CorrectOpportunity,
  EraseOpportunityNotes,
  LoseOpportunity,
  MarkStalled,
  OpenOpportunity,
  RegressOpportunity,
  ReopenOpportunity,
  WinOpportunity,
} from './commands.js';
import {
  OpportunityAdvanced,
  OpportunityAssigned,
  OpportunityCorrected,
  OpportunityLost,
  OpportunityNotesErased,
  OpportunityOpened,
  OpportunityRegressed,
  OpportunityReopened,
  OpportunityStalled,
  OpportunityWon,
} from './events.js';

interface Known {
  readonly opportunityId: string;
  readonly customerId?: string;
  readonly ownerId?: string;
  readonly productId?: string;
  readonly leadId?: string;
  readonly pipelineId?: string;
  readonly amount: number;
  readonly currency: string;
  readonly expectedClose?: Moment;
  readonly openedAt: Moment;
  readonly phase: string;
  readonly phaseSince: Moment;
  /** When it counts as stalled; gone once that was said, or where the phase has no limit. */
  readonly stallsAt?: Moment;
  /** The phase to which it returns when it is reopened. */
  readonly lastOpenPhase: string;
  readonly wins: number;
  readonly notesErased?: boolean;
  /** From when on holds what can be corrected, where it was said after the opening. */
  readonly saidAt: Readonly<Partial<Record<Correctable, Moment>>>;
}
type Correctable = 'amount' | 'expectedClose' | 'productId';
export type Opportunity = { readonly status: 'NONE' } | ({ readonly status: PhaseKind } & Known);

/** What the decisions read beside their own stream: the pipeline definition in force, and whom the opportunity is to be with. */
interface References {
  readonly pipeline: PipelineDefinition;
  readonly customer: Customer;
}

export const opportunity = aggregate<Opportunity, References>()({
  name: 'opportunity',
  description: 'A possibility of selling something, from its opening until it is won or lost.',
  id: 'opportunityId',
  commands: {
    OpenOpportunity,
    AdvanceOpportunity,
    RegressOpportunity,
    WinOpportunity,
    LoseOpportunity,
    ReopenOpportunity,
    AssignOpportunity,
    CorrectOpportunity,
    MarkStalled,
    EraseOpportunityNotes,
  },
  facts: {
    OpportunityOpened,
    OpportunityAdvanced,
    OpportunityRegressed,
    OpportunityWon,
    OpportunityLost,
    OpportunityReopened,
    OpportunityStalled,
    OpportunityAssigned,
    OpportunityCorrected,
    OpportunityNotesErased,
  },
  stateVersion: 2,
  initial: { status: 'NONE' },
  refs: (opportunity) =>
    opportunity.status === 'NONE'
      ? {}
      : {
          opportunity: opportunity.opportunityId,
          customer: opportunity.customerId,
          owner: opportunity.ownerId,
          lead: opportunity.leadId,
          product: opportunity.productId,
        },
  references: {
    pipeline: {
      aggregate: pipelineDefinition,
      id: (command: Partial<OpenOpportunity>, opportunity, { tenant }) =>
        (opportunity.status === 'NONE' ? command.pipelineId : opportunity.pipelineId) ?? defaultPipelineId(tenant),
    },
    customer: {
      aggregate: customer,
      id: (command: object) => (command instanceof OpenOpportunity ? command.customerId : undefined),
    },
  },

  decide: {
    OpenOpportunity: (command, opportunity, { pipeline, customer, now }) => {
      if (opportunity.status !== 'NONE') refuse('opportunity-exists', 'This opportunity was opened before.');
      if (command.customerId !== undefined) registered(customer);
      if (command.pipelineId !== undefined && !pipeline.defined) refuse('pipeline-unknown', 'There is no such pipeline.');
      const phase = phaseOf(pipeline, 'OPEN', command.phase);
      return OpportunityOpened({ ...entering(phase, now), ...command, phase: phase.name });
    },

    AdvanceOpportunity: ({ opportunityId, to }, opportunity, { pipeline, now }) => {
      const before = whileOpen(opportunity);
      const phase = phaseOf(pipeline, 'OPEN', to);
      if (place(pipeline, to) <= place(pipeline, before.phase))
        refuse('phase-not-ahead', `${to} does not come after ${before.phase}.`);
      return OpportunityAdvanced({ opportunityId, ...leaving(before, now), to, ...entering(phase, now) });
    },

    RegressOpportunity: ({ opportunityId, to }, opportunity, { pipeline, now }) => {
      const before = whileOpen(opportunity);
      const phase = phaseOf(pipeline, 'OPEN', to);
      if (place(pipeline, to) >= place(pipeline, before.phase))
        refuse('phase-not-behind', `${to} does not come before ${before.phase}.`);
      return OpportunityRegressed({ opportunityId, ...leaving(before, now), to, ...entering(phase, now) });
    },

    WinOpportunity: ({ opportunityId, amount, phase }, opportunity, { pipeline, now }) => {
      const before = whileOpen(opportunity);
      return OpportunityWon({
        ...parties(before),
        opportunityId,
        ...leaving(before, now),
        to: phaseOf(pipeline, 'WON', phase).name,
        amount: amount ?? before.amount,
        currency: before.currency,
        cycleDays: daysBetween(before.openedAt, now),
        wins: before.wins + 1,
      });
    },

    LoseOpportunity: ({ opportunityId, reason, competitor, notes, phase }, opportunity, { pipeline, now }) => {
      const before = whileOpen(opportunity);
      if (reason === 'OTHER' && notes === undefined) refuse('notes-required', 'The reason OTHER needs notes.');
      if (notes !== undefined && before.notesErased) refuse('notes-erased', 'What was said of it in words was erased.');
      return OpportunityLost({
        ...parties(before),
        opportunityId,
        ...leaving(before, now),
        to: phaseOf(pipeline, 'LOST', phase).name,
        reason,
        competitor,
        subjectId: before.customerId ?? opportunityId,
        notes,
      });
    },

    ReopenOpportunity: ({ opportunityId }, opportunity, { pipeline, now }) => {
      const before = known(opportunity);
      if (before.status === 'OPEN') return [];
      const lastOpen = phaseNamed(pipeline, before.lastOpenPhase);
      const phase = lastOpen?.kind === 'OPEN' ? lastOpen : phaseOf(pipeline, 'OPEN');
      return OpportunityReopened({ opportunityId, ...leaving(before, now), to: phase.name, ...entering(phase, now) });
    },

    AssignOpportunity: ({ opportunityId, ownerId }, opportunity) => {
      const { ownerId: previousOwnerId } = whileOpen(opportunity);
      return ownerId === previousOwnerId ? [] : OpportunityAssigned({ opportunityId, ownerId, previousOwnerId });
    },

    CorrectOpportunity: ({ opportunityId, ...right }, opportunity, { now }) => {
      const before = known(opportunity);
      if (now < before.openedAt)
        refuse('before-opening', 'Nothing can be corrected from a time on at which it was not open yet.');
      for (const field of ['amount', 'expectedClose', 'productId'] as const) {
        const { [field]: saidAt = '' } = before.saidAt;
        if (right[field] !== undefined && now < saidAt)
          refuse('said-later', `${field} was said anew at ${saidAt}: correct it from then on, or from later on.`);
      }
      const changed = {
        ...(right.amount !== undefined && right.amount !== before.amount && { amount: right.amount }),
        ...(right.expectedClose !== undefined &&
          right.expectedClose !== before.expectedClose && { expectedClose: right.expectedClose }),
        ...(right.productId !== undefined && right.productId !== before.productId && { productId: right.productId }),
      };
      return Object.keys(changed).length === 0 ? [] : OpportunityCorrected({ opportunityId, ...changed });
    },

    EraseOpportunityNotes: ({ opportunityId }, opportunity) => {
      const { customerId, notesErased } = known(opportunity);
      if (customerId !== undefined)
        refuse('notes-of-customer', `Its notes are about the customer ${customerId}: erase the customer.`);
      return notesErased ? [] : OpportunityNotesErased({ opportunityId, persons: [opportunityId] });
    },

    MarkStalled: ({ opportunityId, stallsAt }, opportunity, { now }) => {
      if (opportunity.status !== 'OPEN' || opportunity.stallsAt !== stallsAt || now < stallsAt) return [];
      const { phase, phaseSince } = opportunity;
      return OpportunityStalled({ opportunityId, phase, stalledAt: stallsAt, days: daysBetween(phaseSince, stallsAt) });
    },
  },

  evolve: {
    OpportunityOpened: (_, opened, { occurredAt }) => ({
      status: 'OPEN',
      openedAt: occurredAt,
      phaseSince: occurredAt,
      lastOpenPhase: opened.phase,
      wins: 0,
      saidAt: {},
      ...opened,
    }),
    OpportunityAdvanced: (opportunity, { to, stallsAt }, { occurredAt }) => inOpenPhase(opportunity, to, stallsAt, occurredAt),
    OpportunityRegressed: (opportunity, { to, stallsAt }, { occurredAt }) => inOpenPhase(opportunity, to, stallsAt, occurredAt),
    OpportunityWon: (opportunity, { to, amount, wins }, { occurredAt }) => ({
      ...known(opportunity),
      status: 'WON',
      amount,
      wins,
      saidAt: { ...known(opportunity).saidAt, amount: occurredAt },
      phase: to,
      phaseSince: occurredAt,
      stallsAt: undefined,
    }),
    OpportunityLost: (opportunity, { to }, { occurredAt }) => ({
      ...known(opportunity),
      status: 'LOST',
      phase: to,
      phaseSince: occurredAt,
      stallsAt: undefined,
    }),
    OpportunityReopened: (opportunity, { to, stallsAt }, { occurredAt }) => inOpenPhase(opportunity, to, stallsAt, occurredAt),
    OpportunityStalled: (opportunity) => ({ ...known(opportunity), stallsAt: undefined }),
    OpportunityNotesErased: (opportunity) => ({ ...known(opportunity), notesErased: true }),
    OpportunityAssigned: (opportunity, { ownerId }) => ({ ...known(opportunity), ownerId }),
    OpportunityCorrected: (opportunity, { opportunityId: _, ...changed }, { occurredAt }) => {
      const before = known(opportunity);
      const saidAt = Object.fromEntries(Object.keys(changed).map((field) => [field, occurredAt]));
      return { ...before, ...changed, saidAt: { ...before.saidAt, ...saidAt } };
    },
  },
});

function known(opportunity: Opportunity) {
  return opportunity.status === 'NONE' ? refuse('opportunity-unknown', 'There is no such opportunity.') : opportunity;
}

function whileOpen(opportunity: Opportunity) {
  const it = known(opportunity);
  return it.status === 'OPEN' ? it : refuse('opportunity-not-open', `This needs an open opportunity; it is ${it.status}.`);
}

/** The named phase of the pipeline, of that kind; left out, the first of that kind. */
function phaseOf(pipeline: PipelineDefinition, kind: PhaseKind, name?: string): Phase {
  const [first] = phasesOf(pipeline, kind);
  const phase = name === undefined ? first : phaseNamed(pipeline, name);
  if (!phase) refuse('phase-unknown', `The pipeline ${pipeline.name} has no phase ${name ?? kind}.`);
  if (phase.kind !== kind) refuse('phase-of-other-kind', `${phase.name} is ${phase.kind}; this needs a phase that is ${kind}.`);
  return phase;
}

/** Where the phase stands in the pipeline. A phase that the pipeline does not have any more stands before all others. */
const place = ({ phases }: PipelineDefinition, name: string) => phases.findIndex((phase) => phase.name === name);

const entering = ({ probability, stallDays }: Phase, now: Moment) => ({
  probability,
  stallsAt: stallDays === undefined ? undefined : addDays(now, stallDays),
});

const leaving = ({ phase, phaseSince }: Known, now: Moment) => ({ from: phase, daysInPhase: daysBetween(phaseSince, now) });

const parties = ({ customerId, ownerId, productId }: Known) => ({ customerId, ownerId, productId });

const inOpenPhase = (opportunity: Opportunity, phase: string, stallsAt: Moment | undefined, phaseSince: Moment): Opportunity => ({
  ...known(opportunity),
  status: 'OPEN',
  phase,
  phaseSince,
  stallsAt,
  lastOpenPhase: phase,
});
