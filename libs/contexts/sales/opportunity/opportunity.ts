import { aggregate, daysBetween, type Moment, refuse } from '#kernel';
import { type Customer, customer, registered } from '../../customers/contract.js';
import { mustExplainOther } from '../notes.js';
import type { PhaseKind } from '../pipeline-definition/events.js';
import {
  defaultPipelineId,
  mustBeDefinedPipeline,
  type PipelineDefinition,
  phaseNamed,
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
import { type Correctable, mustBeSaidLast } from './correcting.js';
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
import { entering, firstPhaseOf, phaseAfter, phaseBefore, phaseOf } from './phases.js';

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
      if (opportunity.status !== 'NONE') refuseAgain();
      if (command.customerId !== undefined) registered(customer);
      mustBeDefinedPipeline(command.pipelineId, pipeline);
      const phase = phaseOf(pipeline, 'OPEN', 'phase', command.phase);
      return OpportunityOpened({ ...entering(phase, now), ...command, phase: phase.name });
    },

    AdvanceOpportunity: ({ opportunityId, to }, opportunity, { pipeline, now }) => {
      const before = whileOpen(opportunity);
      const phase = phaseAfter(before.phase, pipeline, to);
      return OpportunityAdvanced({ opportunityId, ...leaving(before, now), to, ...entering(phase, now) });
    },

    RegressOpportunity: ({ opportunityId, to }, opportunity, { pipeline, now }) => {
      const before = whileOpen(opportunity);
      const phase = phaseBefore(before.phase, pipeline, to);
      return OpportunityRegressed({ opportunityId, ...leaving(before, now), to, ...entering(phase, now) });
    },

    WinOpportunity: ({ opportunityId, amount, phase }, opportunity, { pipeline, now }) => {
      const before = whileOpen(opportunity);
      return OpportunityWon({
        ...parties(before),
        opportunityId,
        ...leaving(before, now),
        to: phaseOf(pipeline, 'WON', 'phase', phase).name,
        amount: amount ?? before.amount,
        currency: before.currency,
        cycleDays: daysBetween(before.openedAt, now),
        wins: before.wins + 1,
      });
    },

    LoseOpportunity: ({ opportunityId, reason, competitor, notes, phase }, opportunity, { pipeline, now }) => {
      const before = whileOpen(opportunity);
      mustExplainOther(reason, notes);
      if (notes !== undefined && before.notesErased)
        refuse(
          'notes-erased',
          'The notes of this opportunity were erased for good; leave notes out, and send another reason than OTHER.',
          'notes',
        );
      return OpportunityLost({
        ...parties(before),
        opportunityId,
        ...leaving(before, now),
        to: phaseOf(pipeline, 'LOST', 'phase', phase).name,
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
      const phase = lastOpen?.kind === 'OPEN' ? lastOpen : firstPhaseOf(pipeline, 'OPEN');
      return OpportunityReopened({ opportunityId, ...leaving(before, now), to: phase.name, ...entering(phase, now) });
    },

    AssignOpportunity: ({ opportunityId, ownerId }, opportunity) => {
      const { ownerId: previousOwnerId } = whileOpen(opportunity);
      return ownerId === previousOwnerId ? [] : OpportunityAssigned({ opportunityId, ownerId, previousOwnerId });
    },

    CorrectOpportunity: ({ opportunityId, ...right }, opportunity, { now }) => {
      const before = known(opportunity);
      mustBeSaidLast(right, before, now);
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
        refuse('notes-of-customer', `Its notes are about the customer ${customerId}; erase the customer.`);
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
  return opportunity.status === 'NONE'
    ? refuse(
        'opportunity-unknown',
        'There is no such opportunity; check opportunityId, or open the opportunity first.',
        'opportunityId',
      )
    : opportunity;
}

function refuseAgain(): never {
  refuse(
    'opportunity-exists',
    'This opportunity was opened before; send another opportunityId for another one. A retry takes the same Idempotency-Key.',
    'opportunityId',
  );
}

function whileOpen(opportunity: Opportunity) {
  const it = known(opportunity);
  return it.status === 'OPEN' ? it : refuse('opportunity-not-open', `This opportunity is ${it.status}; reopen it first.`);
}

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
