import { type Static, Type } from 'typebox';
import { Choice, Count, Currency, Id, MinorUnits, type Moment, MomentField, type RecordedAs, Text, view } from '#kernel';
import {
  lossReasons,
  OpportunityAdvanced,
  OpportunityAssigned,
  OpportunityCorrected,
  OpportunityLost,
  OpportunityOpened,
  OpportunityRegressed,
  OpportunityReopened,
  OpportunityStalled,
  OpportunityWon,
} from '../opportunity/events.js';
import { phaseKinds } from '../pipeline-definition/events.js';

const Days = (description: string) =>
  Type.Number({ minimum: 0, description: `${description}, in days of 24 hours, to 1/100 day` });

const document = Type.Object({
  opportunityId: Id('the opportunity'),
  customerId: Type.Optional(Id('the customer, where one is known')),
  ownerId: Type.Optional(Id('the sales agent who owns it')),
  productId: Type.Optional(Id('the product it is about')),
  leadId: Type.Optional(Id('the lead it came from')),
  campaign: Type.Optional(Text('code of the campaign that brought the lead', 100)),
  pipelineId: Type.Optional(Id('the pipeline it goes through; left out: the default one')),
  phase: Text('the phase it is in; a closed one is in its closing phase', 100),
  status: Choice(phaseKinds, 'whether it is open, won or lost'),
  amount: MinorUnits('what it is expected to bring; of a won one, what it brought'),
  weighted: MinorUnits('amount times probability, rounded half away from zero; of a lost one 0'),
  currency: Currency(),
  probability: Type.Integer({
    minimum: 0,
    maximum: 100,
    description: 'chance of winning, in percent, as its phase had it when it was entered',
  }),
  openedAt: MomentField('when it was opened'),
  phaseSince: MomentField('since when it is in its phase'),
  expectedClose: Type.Optional(MomentField('when it is expected to close')),
  closedAt: Type.Optional(MomentField('when it was won or lost; gone while it is open')),
  cycleDays: Type.Optional(Days('of a won one: from its opening to its closing')),
  daysIn: Type.Record(Type.String(), Days('how long it was there'), {
    description: 'by phase that it has left: how long it was there',
  }),
  lastOpenPhase: Text('the open phase it is in or was in last; of a lost one, where it was lost from', 100),
  stalled: Type.Boolean({ description: 'whether it has been in its phase for longer than the pipeline allows' }),
  stalledSince: Type.Optional(MomentField('since when it is stalled')),
  lossReason: Type.Optional(Choice(lossReasons, 'of a lost one: why')),
  competitor: Type.Optional(Text('of a lost one: who got the business', 200)),
  timesReopened: Count('how often it was opened again after it had been closed'),
});
export type PipelineEntry = Static<typeof document>;

export const pipeline = view({
  name: 'pipeline',
  description: 'One entry for each opportunity, open or closed: where it stands, what it is worth and how long it took.',
  version: 2,
  capabilities: ['SAL-05', 'SAL-07', 'SAL-08', 'SAL-09', 'SAL-10', 'SAL-11'],
  roles: ['sales', 'analyst', 'auditor'],
  document,
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
  },
  key: ({ data }) => data.opportunityId,
  filters: [
    'opportunityId',
    'customerId',
    'ownerId',
    'productId',
    'leadId',
    'campaign',
    'pipelineId',
    'phase',
    'status',
    'amount',
    'weighted',
    'currency',
    'probability',
    'openedAt',
    'phaseSince',
    'expectedClose',
    'closedAt',
    'cycleDays',
    'lastOpenPhase',
    'stalled',
    'stalledSince',
    'lossReason',
    'competitor',
    'timesReopened',
  ],
  sums: { amount: 'currency', weighted: 'currency', cycleDays: null },
  sort: '-openedAt',
  customer: 'customerId',

  initial: (opportunityId): PipelineEntry => ({
    opportunityId,
    phase: '',
    status: 'OPEN',
    amount: 0,
    weighted: 0,
    currency: '',
    probability: 0,
    openedAt: '',
    phaseSince: '',
    daysIn: {},
    lastOpenPhase: '',
    stalled: false,
    timesReopened: 0,
  }),

  apply: {
    OpportunityOpened: ({ status, weighted, daysIn, stalled, timesReopened }, { data, occurredAt }) => {
      const { stallsAt: _, ...opened } = data;
      const since = { openedAt: occurredAt, phaseSince: occurredAt, lastOpenPhase: opened.phase };
      return worth({ status, weighted, daysIn, stalled, timesReopened, ...since, ...opened });
    },
    OpportunityAdvanced: (entry, recorded) => intoOpenPhase(entry, recorded),
    OpportunityRegressed: (entry, recorded) => intoOpenPhase(entry, recorded),
    OpportunityReopened: ({ closedAt: _, cycleDays: __, lossReason: ___, competitor: ____, ...entry }, recorded) =>
      intoOpenPhase({ ...entry, timesReopened: entry.timesReopened + 1 }, recorded),
    OpportunityWon: (entry, { data, occurredAt }) =>
      worth({
        ...moved(entry, data, occurredAt),
        status: 'WON',
        amount: data.amount,
        probability: 100,
        closedAt: occurredAt,
        cycleDays: data.cycleDays,
      }),
    OpportunityLost: (entry, { data, occurredAt }) =>
      worth({
        ...moved(entry, data, occurredAt),
        status: 'LOST',
        probability: 0,
        closedAt: occurredAt,
        lossReason: data.reason,
        competitor: data.competitor,
      }),
    OpportunityStalled: (entry, { data }) => ({ ...entry, stalled: true, stalledSince: data.stalledAt }),
    OpportunityAssigned: (entry, { data }) => ({ ...entry, ownerId: data.ownerId }),
    OpportunityCorrected: (entry, { data }) => worth({ ...entry, ...data }),
  },
});

/** Entries whose amount or probability changed get their weighted amount anew. Amounts are at most 9e13, so the product is exact. */
const worth = (entry: PipelineEntry): PipelineEntry => ({
  ...entry,
  weighted: halfAwayFromZero((entry.amount * entry.probability) / 100),
});

const halfAwayFromZero = (value: number) => (value < 0 ? -Math.round(-value) : Math.round(value));

type Move = RecordedAs<typeof OpportunityAdvanced>['data'];

const intoOpenPhase = (entry: PipelineEntry, { data, occurredAt }: { readonly data: Move; readonly occurredAt: Moment }) =>
  worth({ ...moved(entry, data, occurredAt), status: 'OPEN', probability: data.probability, lastOpenPhase: data.to });

/** A change of phase begins a new stay: nothing is stalled in it yet. */
function moved(
  { stalledSince: _, ...entry }: PipelineEntry,
  { from, to, daysInPhase }: Omit<Move, 'probability'>,
  at: Moment,
): PipelineEntry {
  const daysIn = { ...entry.daysIn, [from]: sumOfDays(entry.daysIn[from] ?? 0, daysInPhase) };
  return { ...entry, phase: to, phaseSince: at, stalled: false, daysIn };
}

/** To 1/100 day, so that adding on another engine gives the same number. */
const sumOfDays = (one: number, other: number) => Math.round((one + other) * 100) / 100;
