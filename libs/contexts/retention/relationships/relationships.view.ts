import { daysBetween, laterOf, type Moment, type Recorded, view } from '#kernel';
import { bondFacts } from '../relationship/relationship-evolve.js';
import { type ContractPiece, RelationshipDocument } from './document.js';

/** A document for each customer: who is at risk, who was lost and why, and how recently and how often each bought. */
export const relationships = view({
  name: 'relationships',
  description:
    'Whether each customer is still one: its contracts, how recently and how often it bought, when it was lost and why.',
  version: 3,
  capabilities: ['ANA-02', 'ANA-03', 'MKT-20', 'SAL-26'],
  roles: ['sales', 'care', 'orders', 'analyst', 'auditor'],
  document: RelationshipDocument,
  facts: bondFacts,
  key: ({ data }) => data.customerId,
  filters: [
    'customerId',
    'status',
    'bond',
    'segment',
    'since',
    'runningContracts',
    'contractKind',
    'endsAt',
    'purchases',
    'firstPurchaseAt',
    'lastPurchaseAt',
    'silentAt',
    'churnedAt',
    'churnedBy',
    'reason',
    'churns',
    'wonBack',
  ],
  sums: { runningContracts: null, purchases: null, churns: null, wonBack: null },
  sort: 'since',
  customer: 'customerId',

  initial: (customerId): RelationshipDocument => ({
    customerId,
    status: 'ACTIVE',
    bond: 'PURCHASES',
    since: '',
    contracts: [],
    runningContracts: 0,
    purchases: 0,
    daysOfPurchases: 0,
    spent: [],
    churns: 0,
    wonBack: 0,
  }),

  apply: {
    RelationshipBegan: (relationship, { data: { bond, segment, since } }) => ({
      ...relationship,
      bond,
      ...(segment !== undefined && { segment }),
      since,
    }),
    RelationshipBound: ({ silentAt: _, ...relationship }): RelationshipDocument => ({ ...relationship, bond: 'CONTRACT' }),
    CustomerChurned: (
      { silentAt: _, notes: __, ...relationship },
      { data: { bond, reason, churnedAt } },
    ): RelationshipDocument => ({
      ...relationship,
      status: 'CHURNED',
      churnedAt,
      churnedBy: bond,
      reason,
      churns: relationship.churns + 1,
    }),
    ChurnReasonLearnt: ({ notes: _, ...relationship }, { data: { reason, notes } }) => ({
      ...relationship,
      reason,
      ...(notes !== undefined && { notes }),
    }),
    CustomerWonBack: (relationship, { data: { bond, segment }, occurredAt }): RelationshipDocument => {
      const { churnedAt: _, churnedBy: __, reason: ___, notes: ____, segment: _____, ...left } = relationship;
      return {
        ...left,
        status: 'ACTIVE',
        bond,
        ...(segment !== undefined && { segment }),
        since: occurredAt,
        wonBack: left.wonBack + 1,
      };
    },

    ContractStarted: (relationship, { data, occurredAt }) => {
      const { customerId: _, ...terms } = data;
      const status = terms.endsAt === undefined ? 'RUNNING' : 'ENDING';
      return withContracts(relationship, [...relationship.contracts, { ...terms, status, startedAt: occurredAt }]);
    },
    ContractChanged: (relationship, { data: { contractId, kind, price, currency, interval } }) =>
      withContract(relationship, contractId, (contract) => ({ ...contract, kind, price, currency, interval })),
    ContractNoticeGiven: (relationship, { data: { contractId, endsAt, reason } }) =>
      withContract(relationship, contractId, (contract) => ({ ...contract, status: 'ENDING', endsAt, reason })),
    ContractContinued: (relationship, { data: { contractId, endsAt } }) =>
      withContract(relationship, contractId, ({ endsAt: _, reason: __, ...contract }) =>
        endsAt === undefined ? { ...contract, status: 'RUNNING' } : { ...contract, status: 'ENDING', endsAt },
      ),
    ContractEnded: (relationship, { data: { contractId, endedAt, reason } }) =>
      withContract(relationship, contractId, ({ endsAt: _, ...contract }) => ({ ...contract, status: 'ENDED', endedAt, reason })),

    PurchaseRecorded: (relationship, { data: { amount, currency, silentAt }, occurredAt }) =>
      heardOf(bought(relationship, occurredAt, { amount, currency }), occurredAt, silentAt),
    SignOfLifeNoted: (relationship, { data: { sign, at, silentAt, ...money } }) =>
      heardOf(sign === 'ORDER' ? bought(relationship, at, money) : relationship, at, silentAt),
    SignOfLifeTakenBack: ({ lastSignAt: _, silentAt: __, ...relationship }, { data: { lastSignAt, silentAt, ...purchase } }) => ({
      ...neverBought(relationship, purchase),
      ...(lastSignAt !== undefined && { lastSignAt }),
      ...(silentAt !== undefined && { silentAt }),
    }),
    SilenceWatched: (relationship, { data: { silentAt } }) => ({ ...relationship, silentAt }),
    MemberHeardOf: ({ silentAt: _, ...relationship }, { data: { silentAt } }) => ({
      ...relationship,
      ...(silentAt !== undefined && { silentAt }),
    }),
  },
});

interface Money {
  readonly amount?: number;
  readonly currency?: string;
}

function bought(relationship: RelationshipDocument, at: Recorded['occurredAt'], money: Money): RelationshipDocument {
  const { firstPurchaseAt = at, lastPurchaseAt = at, purchases } = relationship;
  const [first, last] = [firstPurchaseAt < at ? firstPurchaseAt : at, laterOf(lastPurchaseAt, at)];
  return {
    ...relationship,
    purchases: purchases + 1,
    firstPurchaseAt: first,
    lastPurchaseAt: last,
    daysOfPurchases: daysBetween(first, last),
    spent: spentWith(relationship.spent, money, 1),
  };
}

/** Without an order that came to nothing. */
function neverBought(
  { firstPurchaseAt, lastPurchaseAt: _, ...relationship }: RelationshipDocument,
  taken: Money & { readonly firstPurchaseAt?: Moment; readonly lastPurchaseAt?: Moment },
): RelationshipDocument {
  const last = taken.lastPurchaseAt;
  const first = taken.firstPurchaseAt ?? firstPurchaseAt;
  const left = last === undefined || first === undefined ? {} : { firstPurchaseAt: first, lastPurchaseAt: last };
  return {
    ...relationship,
    ...left,
    purchases: relationship.purchases - 1,
    daysOfPurchases: last === undefined || first === undefined ? 0 : daysBetween(first, last),
    spent: spentWith(relationship.spent, taken, -1),
  };
}

function spentWith(
  spent: RelationshipDocument['spent'],
  { amount, currency }: Money,
  sign: 1 | -1,
): RelationshipDocument['spent'] {
  if (amount === undefined || currency === undefined) return spent;
  const before = spent.find((one) => one.currency === currency)?.amount ?? 0;
  const after = before + sign * amount;
  return [...spent.filter((one) => one.currency !== currency), ...(after === 0 ? [] : [{ currency, amount: after }])].sort(
    (one, other) => (one.currency < other.currency ? -1 : 1),
  );
}

const heardOf = (
  { silentAt: _, ...relationship }: RelationshipDocument,
  at: Moment,
  silentAt: Moment | undefined,
): RelationshipDocument => ({
  ...relationship,
  lastSignAt: laterOf(relationship.lastSignAt ?? at, at),
  ...(silentAt !== undefined && { silentAt }),
});

const withContract = (
  relationship: RelationshipDocument,
  contractId: string,
  change: (contract: ContractPiece) => ContractPiece,
): RelationshipDocument =>
  withContracts(
    relationship,
    relationship.contracts.map((contract) => (contract.contractId === contractId ? change(contract) : contract)),
  );

/** The contracts, and what is shown of them for all. */
function withContracts(
  { endsAt: _, ...relationship }: RelationshipDocument,
  contracts: readonly ContractPiece[],
): RelationshipDocument {
  const running = contracts.filter(({ status }) => status !== 'ENDED');
  const ends = running.flatMap(({ endsAt }) => endsAt ?? []);
  const endsAt = ends.length > 0 && ends.length === running.length ? ends.reduce(laterOf) : undefined;
  const shown = running.at(-1) ?? contracts.reduce((one, other) => ((other.endedAt ?? '') >= (one.endedAt ?? '') ? other : one));
  return {
    ...relationship,
    contracts: [...contracts],
    runningContracts: running.length,
    contractKind: shown.kind,
    ...(endsAt !== undefined && { endsAt }),
  };
}
