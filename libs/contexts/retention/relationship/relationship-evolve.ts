import { type Aggregate, type Imported, isWatched, laterOf, type Moment } from '#kernel';
import * as events from './events.js';
import { withMember } from './members.js';
import {
  began,
  boughtBy,
  heardOf,
  type KnownRelationship,
  known,
  type Relationship,
  withAction,
  withContract,
  wonBack,
} from './relationship-state.js';

const { RelationshipBegan, RelationshipBound, CustomerChurned, ChurnReasonLearnt, CustomerWonBack } = events;
const { ContractStarted, ContractChanged, ContractNoticeGiven, ContractContinued, ContractEnded } = events;
const { PurchaseRecorded, SignOfLifeNoted, SignOfLifeTakenBack, SilenceWatched, SignOfLifePassedOn, MemberHeardOf } = events;
const { RetentionActionTaken, RetentionActionAnswered, RetentionActionJudged } = events;

/** What holds a customer, and what it was lost or won back by. */
export const bondFacts = {
  RelationshipBegan,
  RelationshipBound,
  CustomerChurned,
  ChurnReasonLearnt,
  CustomerWonBack,
  ContractStarted,
  ContractChanged,
  ContractNoticeGiven,
  ContractContinued,
  ContractEnded,
  PurchaseRecorded,
  SignOfLifeNoted,
  SignOfLifeTakenBack,
  SilenceWatched,
  MemberHeardOf,
};

export const facts = {
  ...bondFacts,
  SignOfLifePassedOn,
  RetentionActionTaken,
  RetentionActionAnswered,
  RetentionActionJudged,
};

// biome-ignore lint/suspicious/noExplicitAny: of its own aggregate only the facts matter here
export const evolve: Aggregate<Relationship, any, typeof facts>['evolve'] = {
  RelationshipBegan: ({ lastContactAt }, data) => ({ ...began(data), ...(lastContactAt !== undefined && { lastContactAt }) }),
  RelationshipBound: (relationship) => ({ ...known(relationship), bond: 'CONTRACT' }),
  CustomerChurned: (relationship, { churnedAt, reason }) => {
    const { silentAt: _, unwatched: __, ...left } = known(relationship);
    return { ...left, status: 'CHURNED', churnedAt, reason };
  },
  ChurnReasonLearnt: (relationship, { reason }) => ({ ...known(relationship), reason }),
  CustomerWonBack: (relationship, data, { occurredAt }) => wonBack(known(relationship), data, occurredAt),
  ContractStarted: (relationship, { customerId: _, ...contract }, { occurredAt: startedAt, imported }) => {
    const before = known(relationship);
    const unwatched = contract.endsAt !== undefined && !isWatched(contract.endsAt, imported);
    return {
      ...before,
      contracts: [...before.contracts, { ...contract, startedAt, ended: false, ...(unwatched && { unwatched }) }],
    };
  },
  ContractChanged: (relationship, { contractId, kind, price, currency, interval }) =>
    withContract(known(relationship), contractId, (contract) => ({ ...contract, kind, price, currency, interval })),
  ContractNoticeGiven: (relationship, { contractId, endsAt, reason }, { imported }) =>
    withContract(known(relationship), contractId, ({ unwatched: _, ...contract }) => ({
      ...contract,
      endsAt,
      notice: reason,
      ...(!isWatched(endsAt, imported) && { unwatched: true }),
    })),
  ContractContinued: (relationship, { contractId, endsAt }, { imported }) =>
    withContract(known(relationship), contractId, ({ endsAt: _, notice: __, unwatched: ___, ...contract }) => ({
      ...contract,
      ...(endsAt !== undefined && { endsAt }),
      ...(endsAt !== undefined && !isWatched(endsAt, imported) && { unwatched: true }),
    })),
  ContractEnded: (relationship, { contractId, endedAt }) => {
    const after = withContract(known(relationship), contractId, (contract) => ({ ...contract, ended: true }));
    return { ...after, boundUntil: laterOf(after.boundUntil ?? endedAt, endedAt) };
  },
  PurchaseRecorded: (relationship, { purchaseId: signId, silentAt }, { occurredAt: at, imported }) =>
    watchedUntil(boughtBy(known(relationship), { signId, at }), silentAt, imported),
  SignOfLifeNoted: (relationship, { sign, signId, at, amount, currency, silentAt }, { imported }) => {
    const before = known(relationship);
    const money = amount !== undefined && currency !== undefined && { amount, currency };
    const after = sign === 'ORDER' ? boughtBy(before, { signId, at, ...money }) : inTouch(heardOf(before, at), at);
    return watchedUntil(after, silentAt, imported);
  },
  SignOfLifeTakenBack: (relationship, { signId, lastSignAt, silentAt }, { imported }) => {
    const { lastSignAt: _, bought = [], ...left } = known(relationship);
    const others = bought.filter((purchase) => purchase.signId !== signId);
    return watchedUntil({ ...left, bought: others, ...(lastSignAt !== undefined && { lastSignAt }) }, silentAt, imported);
  },
  SilenceWatched: (relationship, { silentAt }, { imported }) => watchedUntil(known(relationship), silentAt, imported),
  SignOfLifePassedOn: (relationship, { sign, at }) => (sign === 'CONTACT' ? inTouch(relationship, at) : relationship),
  MemberHeardOf: (relationship, { memberId, lastSignAt, bound, silentAt }, { imported }) => {
    const heard = { ...(lastSignAt !== undefined && { lastSignAt }), ...(bound && { bound }) };
    return watchedUntil(withMember(known(relationship), memberId, heard), silentAt, imported);
  },
  RetentionActionTaken: (relationship, { actionId, kind, had, judgedAt }, { imported }) => {
    const before = known(relationship);
    const unwatched = !isWatched(judgedAt, imported);
    const action = { actionId, kind, had, judgedAt, judged: false, ...(unwatched && { unwatched: true as const }) };
    return { ...before, actions: [...before.actions, action] };
  },
  RetentionActionAnswered: (relationship, { actionId, answer }) => withAction(known(relationship), actionId, { answer }),
  RetentionActionJudged: (relationship, { actionId }) => withAction(known(relationship), actionId, { judged: true }),
};

const inTouch = <R extends Relationship>(relationship: R, at: Moment): R => ({
  ...relationship,
  lastContactAt: laterOf(relationship.lastContactAt ?? at, at),
});

const watchedUntil = (
  { silentAt: _, unwatched: __, ...relationship }: KnownRelationship,
  silentAt: Moment | undefined,
  imported: Imported | undefined,
): KnownRelationship => ({
  ...relationship,
  ...(silentAt !== undefined && { silentAt, ...(!isWatched(silentAt, imported) && { unwatched: true as const }) }),
});
