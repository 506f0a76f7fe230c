import { type Static, Type } from 'typebox';
import { Choice, Id, MomentField, Text, view } from '#kernel';
import { RetentionActionAnswered, RetentionActionJudged, RetentionActionTaken } from '../relationship/events.js';
import { actionKinds, answers, outcomes } from '../words.js';

const RetentionAction = Type.Object({
  actionId: Id('the action'),
  customerId: Id('the customer'),
  segment: Type.Optional(Text('market segment of the customer', 60)),
  kind: Choice(actionKinds, 'what was done; HOLD_OUT: nothing, on purpose, to compare'),
  offer: Type.Optional(Text('what was offered or said', 500)),
  had: Choice(['ACTIVE', 'CHURNED'], 'whether it was still a customer then'),
  takenAt: MomentField('when it was done'),
  answer: Type.Optional(Choice(answers, 'what the customer said')),
  answeredAt: Type.Optional(MomentField('when the customer said so')),
  judgedAt: MomentField('when the outcome is judged, or was due to be'),
  outcome: Choice([...outcomes, 'OPEN'] as const, 'what became of the customer; OPEN: not judged yet'),
});
type RetentionAction = Static<typeof RetentionAction>;

/** Grouped by kind and outcome: what was worth it, compared with those for whom nothing was done. */
export const retentionActions = view({
  name: 'retention-actions',
  description: 'Everything that was done to keep customers or to win them back, and what came of it.',
  version: 1,
  capabilities: ['MKT-20'],
  roles: ['sales', 'care', 'analyst', 'auditor'],
  document: RetentionAction,
  facts: { RetentionActionTaken, RetentionActionAnswered, RetentionActionJudged },
  key: ({ data }) => data.actionId,
  filters: ['customerId', 'segment', 'kind', 'had', 'takenAt', 'answer', 'judgedAt', 'outcome'],
  sort: 'takenAt',
  customer: 'customerId',
  initial: (actionId): RetentionAction => ({
    actionId,
    customerId: '',
    kind: 'CALL',
    had: 'ACTIVE',
    takenAt: '',
    judgedAt: '',
    outcome: 'OPEN',
  }),
  apply: {
    RetentionActionTaken: (action, { data, occurredAt }) => ({ ...action, ...data, takenAt: occurredAt }),
    RetentionActionAnswered: (action, { data: { answer }, occurredAt }) => ({ ...action, answer, answeredAt: occurredAt }),
    RetentionActionJudged: (action, { data: { outcome } }) => ({ ...action, outcome }),
  },
});
