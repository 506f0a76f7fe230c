import { type DataOf, laterOf, type Moment, refuse } from '#kernel';
import type { Bond, Interval, Reason } from '../words.js';
import type * as facts from './events.js';

export type Relationship = Stranger | KnownRelationship;

/** Who never was a customer. */
interface Stranger {
  readonly status: 'NONE';
  /** When it was in touch last, while it was shown under another customer. */
  readonly lastContactAt?: Moment;
}

export interface KnownRelationship {
  readonly status: 'ACTIVE' | 'CHURNED';
  readonly customerId: string;
  /** What holds the customer, or held it until it churned. */
  readonly bond: Bond;
  readonly segment?: string;
  /** Since when it is a customer, or one again. */
  readonly since: Moment;
  readonly churnedAt?: Moment;
  readonly reason?: Reason;
  readonly contracts: readonly Contract[];
  readonly lastSignAt?: Moment;
  /** When it was in touch last, where that counts. */
  readonly lastContactAt?: Moment;
  /** Until when contracts held it. */
  readonly boundUntil?: Moment;
  /** What is known of those who are shown under this one, by their ids. */
  readonly members?: Readonly<Record<string, Heard>>;
  /** The latest purchases, the last one last: an order among them may still come to nothing. */
  readonly bought?: readonly Bought[];
  /** When its silence will have lasted too long, as far as a timer knows. */
  readonly silentAt?: Moment;
  /** No timer waits for that: it is of imported history that has no clock. */
  readonly unwatched?: true;
  readonly actions: readonly Action[];
}

export interface Contract {
  readonly contractId: string;
  readonly kind: string;
  readonly price: number;
  readonly currency: string;
  readonly interval: Interval;
  readonly startedAt: Moment;
  readonly endsAt?: Moment;
  /** Why it is to end, where somebody gave notice. */
  readonly notice?: Reason;
  readonly ended: boolean;
  /** No timer waits for its end: it is of imported history that has no clock. */
  readonly unwatched?: true;
}

/** What keeps the survivor of a merge. */
export interface Heard {
  readonly lastSignAt?: Moment;
  /** A contract runs. */
  readonly bound?: true;
}

export interface Bought {
  readonly signId: string;
  readonly at: Moment;
  readonly amount?: number;
  readonly currency?: string;
}

/** An order is cancelled before anything of it is shipped: it is among the latest. */
export const MOST_BOUGHT = 50;

export interface Action {
  readonly actionId: string;
  readonly kind: string;
  readonly had: 'ACTIVE' | 'CHURNED';
  readonly judgedAt: Moment;
  readonly judged: boolean;
  readonly unwatched?: true;
  readonly answer?: string;
}

export const known = (relationship: Relationship): KnownRelationship =>
  relationship.status === 'NONE'
    ? refuse(
        'relationship-unknown',
        'This customer never had a contract or bought anything; check customerId, or start a contract or record a purchase first.',
        'customerId',
      )
    : relationship;

export const running = ({ contracts }: KnownRelationship): readonly Contract[] => contracts.filter(({ ended }) => !ended);

export function contractOf(relationship: Relationship, contractId: string): Contract {
  const contract =
    relationship.status === 'NONE' ? undefined : relationship.contracts.find((contract) => contract.contractId === contractId);
  return (
    contract ??
    refuse('contract-unknown', `This customer has no contract ${contractId}; check contractId, or start it first.`, 'contractId')
  );
}

/** The contract, if it is not over. */
export function runningContract(relationship: Relationship, contractId: string): Contract {
  const contract = contractOf(relationship, contractId);
  return contract.ended ? refuse('contract-ended', 'This contract is over; start another one.') : contract;
}

export const began = ({ customerId, bond, segment, since }: DataOf<typeof facts.RelationshipBegan>): KnownRelationship => ({
  status: 'ACTIVE',
  customerId,
  bond,
  ...(segment !== undefined && { segment }),
  since,
  contracts: [],
  actions: [],
});

export const wonBack = (
  relationship: KnownRelationship,
  { bond, segment }: DataOf<typeof facts.CustomerWonBack>,
  since: Moment,
): KnownRelationship => {
  const { churnedAt: _, reason: __, segment: ___, ...left } = relationship;
  return { ...left, status: 'ACTIVE', bond, since, ...(segment !== undefined && { segment }) };
};

/** The relationship after a sign of life; a sign that is learnt of late may be older than the last. */
export const heardOf = (relationship: KnownRelationship, at: Moment): KnownRelationship => ({
  ...relationship,
  lastSignAt: relationship.lastSignAt === undefined ? at : laterOf(relationship.lastSignAt, at),
});

export const boughtBy = (relationship: KnownRelationship, purchase: Bought): KnownRelationship => ({
  ...heardOf(relationship, purchase.at),
  bought: [...(relationship.bought ?? []), purchase].sort((one, other) => (one.at < other.at ? -1 : 1)).slice(-MOST_BOUGHT),
});

export const withContract = (
  relationship: KnownRelationship,
  contractId: string,
  change: (contract: Contract) => Contract,
): KnownRelationship => ({
  ...relationship,
  contracts: relationship.contracts.map((contract) => (contract.contractId === contractId ? change(contract) : contract)),
});

export const withAction = (relationship: KnownRelationship, actionId: string, change: Partial<Action>): KnownRelationship => ({
  ...relationship,
  actions: relationship.actions.map((action) => (action.actionId === actionId ? { ...action, ...change } : action)),
});
