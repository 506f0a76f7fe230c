import { at, type Moment, process, send } from '#kernel';
import { CustomersUnmerged } from '../../customers/contract.js';
import { ReviewRelationship } from '../relationship/commands.js';
import {
  ContractContinued,
  ContractNoticeGiven,
  ContractStarted,
  MemberHeardOf,
  PurchaseRecorded,
  RetentionActionTaken,
  SignOfLifeNoted,
  SignOfLifeTakenBack,
  SilenceWatched,
} from '../relationship/events.js';

/** Sets a timer for each moment that a decision computed. The review looks for itself whether anything is still to be said then. */
export const relationshipClock = process({
  name: 'relationship-clock',
  description: 'Has customers reviewed when a contract is to end, a silence has lasted too long, or an action is to be judged.',
  capabilities: ['ANA-02', 'MKT-20'],
  startsFrom: 'zero',
  facts: {
    ContractStarted,
    ContractNoticeGiven,
    ContractContinued,
    PurchaseRecorded,
    SignOfLifeNoted,
    SignOfLifeTakenBack,
    SilenceWatched,
    MemberHeardOf,
    RetentionActionTaken,
    CustomersUnmerged,
  },
  react: {
    ContractStarted: ({ data: { customerId, endsAt } }) => reviewed(customerId, endsAt),
    ContractNoticeGiven: ({ data: { customerId, endsAt } }) => reviewed(customerId, endsAt),
    ContractContinued: ({ data: { customerId, endsAt } }) => reviewed(customerId, endsAt),
    PurchaseRecorded: ({ data: { customerId, silentAt } }) => reviewed(customerId, silentAt),
    SignOfLifeNoted: ({ data: { customerId, silentAt } }) => reviewed(customerId, silentAt),
    SignOfLifeTakenBack: ({ data: { customerId, silentAt } }) => reviewed(customerId, silentAt),
    SilenceWatched: ({ data: { customerId, silentAt } }) => reviewed(customerId, silentAt),
    MemberHeardOf: ({ data: { customerId, silentAt } }) => reviewed(customerId, silentAt),
    RetentionActionTaken: ({ data: { customerId, judgedAt } }) => reviewed(customerId, judgedAt),
    // While it was shown under another one, its silence did not count. Optional, for it may never have bought anything.
    CustomersUnmerged: ({ data: { customerId } }) => [send(ReviewRelationship, { customerId }, { optional: true })],
  },
});

const reviewed = (customerId: string, due: Moment | undefined) =>
  due === undefined ? [] : [at(due, send(ReviewRelationship, { customerId }))];
