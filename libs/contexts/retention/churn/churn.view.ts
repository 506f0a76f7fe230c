import { type Static, Type } from 'typebox';
import { Choice, Count, Text, view } from '#kernel';
import { CustomerChurned, CustomerWonBack, RelationshipBegan, RelationshipBound } from '../relationship/events.js';
import { type Bond, bonds } from '../words.js';
import { activeAfter, type Change, ChurnMonth, changed, monthOf } from './months.js';

const scopes = ['ALL', 'SEGMENT'] as const;

const Churn = Type.Object({
  bond: Choice(bonds, 'CONTRACT: customers with a contract, lost when it ends; PURCHASES: those without, lost by silence'),
  scope: Choice(scopes, 'all of these customers, or those of one segment'),
  segment: Type.Optional(Text('the market segment; left out where the customers have none', 60)),
  active: Count('number of customers now'),
  churned: Count('number of times that one was lost'),
  months: Type.Array(ChurnMonth, { description: 'from the first month to the last in which anything happened, without gaps' }),
});
type Churn = Static<typeof Churn>;

/** Rates for each bond, for all customers and for each segment. Each of the four has its own customers at risk. */
export const churn = view({
  name: 'churn',
  description:
    'How many customers were lost in each month, of those who could be lost in it: by contract and by silence apart, in all and by segment.',
  version: 1,
  capabilities: ['ANA-02'],
  roles: ['sales', 'care', 'orders', 'analyst', 'auditor'],
  document: Churn,
  facts: { RelationshipBegan, RelationshipBound, CustomerChurned, CustomerWonBack },
  key: (recorded) => {
    if (recorded.type === 'RelationshipBound') return bonds.flatMap((bond) => keysOf(bond, recorded.data.segment));
    return keysOf(recorded.data.bond, recorded.data.segment);
  },
  filters: ['bond', 'scope', 'segment', 'active', 'churned'],
  sums: { active: null, churned: null },
  sort: 'bond',
  initial: (key): Churn => {
    const [bond, scope, segment] = partsOf(key);
    return { bond, scope, ...(segment !== '' && { segment }), active: 0, churned: 0, months: [] };
  },
  apply: {
    RelationshipBegan: (group, { data: { since } }) => counted(group, since, 'began'),
    RelationshipBound: (group, { occurredAt }) => counted(group, occurredAt, 'bound'),
    CustomerChurned: (group, { data: { churnedAt } }) => counted(group, churnedAt, 'churned'),
    CustomerWonBack: (group, { occurredAt }) => counted(group, occurredAt, 'wonBack'),
  },
});

function counted(group: Churn, moment: string, change: Change): Churn {
  const bound = group.bond === 'CONTRACT' ? 1 : -1;
  const months = changed(group.months, monthOf(moment), change, bound);
  return { ...group, months, active: activeAfter(months, bound), churned: group.churned + (change === 'churned' ? 1 : 0) };
}

/** `CONTRACT` for all with a contract, `CONTRACT:retail` for those of a segment. */
const keysOf = (bond: Bond, segment = ''): readonly string[] => [bond, `${bond}:${segment}`];

function partsOf(key: string): [bond: Bond, scope: (typeof scopes)[number], segment: string] {
  const at = key.indexOf(':');
  return at === -1 ? [key as Bond, 'ALL', ''] : [key.slice(0, at) as Bond, 'SEGMENT', key.slice(at + 1)];
}
