import { daysBetween, type Moment, type Sealed } from '#kernel';
import type { Silence } from '../silence/silence.js';
import type { Outcome, Reason } from '../words.js';
import { ContractEnded, CustomerChurned, RetentionActionJudged, SilenceWatched } from './events.js';
import { silentFrom } from './members.js';
import { evolve } from './relationship-evolve.js';
import { type Action, type Contract, type KnownRelationship, type Relationship, running } from './relationship-state.js';

/** A contract is over. With the last one that ran the customer is lost. */
export function ending(
  relationship: KnownRelationship,
  contract: Contract,
  endedAt: Moment,
  reason: Reason,
  notes?: Sealed<string>,
) {
  const isLast = running(relationship).every(({ contractId }) => contractId === contract.contractId);
  return [
    ended(relationship, contract, endedAt, reason, notes),
    ...(isLast ? [churned(relationship, endedAt, reason, contract.kind)] : []),
  ];
}

/** What the clock says at a moment: contracts whose end has come, a silence that lasted too long, actions to be judged. */
export function review(relationship: KnownRelationship, silence: Silence, now: Moment) {
  const lost = [...endsDue(relationship, now), ...silenceDue(relationship, silence, now)];
  const churn = lost.find((fact) => fact.type === 'CustomerChurned');
  const churnedAt = churn?.type === 'CustomerChurned' ? churn.data.churnedAt : relationship.churnedAt;
  const judged = relationship.actions
    .filter(({ judged, judgedAt }) => !judged && judgedAt <= now)
    .map((action) =>
      RetentionActionJudged({
        customerId: relationship.customerId,
        actionId: action.actionId,
        outcome: outcomeOf(action, relationship, churnedAt),
        judgedAt: action.judgedAt,
      }),
    );
  return [...lost, ...judged];
}

/**
 * What the clock would have said already, had its timers been on time, and the relationship after it: what happens next must not
 * come before. A moment for which no timer waits is left to whoever reviews the customer.
 */
export function overdue(relationship: Relationship, silence: Silence, now: Moment) {
  if (relationship.status === 'NONE') return { said: [], relationship };
  const before = new Date(Date.parse(now) - 1).toISOString();
  const { silentAt, unwatched } = relationship;
  const isSilenceWatched = silentAt !== undefined && silentAt <= before && unwatched === undefined;
  const { days: _, ...endless } = silence;
  const said = review(asWatched(relationship), isSilenceWatched ? silence : endless, before).filter(
    ({ type }) => type !== 'SilenceWatched',
  );
  let after: Relationship = relationship;
  for (const { type, data } of said) after = evolve[type](after, data as never, { occurredAt: now });
  return { said, relationship: after };
}

/** Contracts and actions as far as timers wait for them. */
function asWatched(relationship: KnownRelationship): KnownRelationship {
  const { contracts, actions } = relationship;
  return {
    ...relationship,
    contracts: contracts.map(({ endsAt, ...contract }) =>
      endsAt === undefined || contract.unwatched ? contract : { ...contract, endsAt },
    ),
    actions: actions.filter(({ unwatched }) => unwatched === undefined),
  };
}

function endsDue(relationship: KnownRelationship, now: Moment) {
  const due = running(relationship)
    .flatMap((contract) => (contract.endsAt !== undefined && contract.endsAt <= now ? [{ contract, at: contract.endsAt }] : []))
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  const last = due.at(-1);
  const reasonOf = ({ notice }: Contract): Reason => notice ?? 'END_OF_TERM';
  return [
    ...due.map(({ contract, at }) => ended(relationship, contract, at, reasonOf(contract))),
    ...(last && due.length === running(relationship).length
      ? [churned(relationship, last.at, reasonOf(last.contract), last.contract.kind)]
      : []),
  ];
}

function silenceDue(relationship: KnownRelationship, silence: Silence, now: Moment) {
  const { customerId, status, bond } = relationship;
  if (status !== 'ACTIVE' || bond !== 'PURCHASES') return [];
  const silentAt = silentFrom(relationship, silence);
  if (silentAt === undefined || (silentAt > now && silentAt === relationship.silentAt)) return [];
  return [silentAt > now ? SilenceWatched({ customerId, silentAt }) : churned(relationship, silentAt, 'SILENCE')];
}

const ended = (
  { customerId }: KnownRelationship,
  { contractId, kind, price, currency, interval, startedAt }: Contract,
  endedAt: Moment,
  reason: Reason,
  notes?: Sealed<string>,
) =>
  ContractEnded({
    customerId,
    contractId,
    endedAt,
    reason,
    notes,
    kind,
    price,
    currency,
    interval,
    days: daysBetween(startedAt, endedAt),
  });

const churned = (
  { customerId, bond, since, segment }: KnownRelationship,
  churnedAt: Moment,
  reason: Reason,
  contractKind?: string,
) => CustomerChurned({ customerId, bond, reason, churnedAt, since, days: daysBetween(since, churnedAt), segment, contractKind });

function outcomeOf({ had, judgedAt }: Action, relationship: KnownRelationship, churnedAt: Moment | undefined): Outcome {
  const isCustomer = churnedAt === undefined || churnedAt > judgedAt;
  if (had === 'CHURNED') return isCustomer && relationship.since <= judgedAt ? 'WON_BACK' : 'STILL_AWAY';
  if (!isCustomer) return 'CHURNED';
  const contracts = running(relationship);
  return contracts.length > 0 && contracts.every(({ notice }) => notice !== undefined) ? 'LEAVING' : 'RETAINED';
}
