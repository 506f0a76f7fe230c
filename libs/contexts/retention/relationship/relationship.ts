import { addDays, aggregate, type Circumstances, daysBetween, laterOf, type Moment, refuse } from '#kernel';
import { type Customer, customer } from '../../customers/contract.js';
import { type Order, order, worth } from '../../orders/contract.js';
import { silenceId } from '../silence/commands.js';
import { type Silence, silence, silentAfter } from '../silence/silence.js';
import type { Bond } from '../words.js';
import {
  AnswerRetentionAction,
  LearnChurnReason,
  NoteSignOfLife,
  RecordPurchase,
  ReviewRelationship,
  TakeBackSignOfLife,
  TakeRetentionAction,
} from './commands.js';
import { ChangeContract, ContinueContract, EndContract, StartContract } from './contract-commands.js';
import {
  ChurnReasonLearnt,
  ContractChanged,
  ContractContinued,
  ContractNoticeGiven,
  ContractStarted,
  CustomerWonBack,
  PurchaseRecorded,
  RelationshipBegan,
  RelationshipBound,
  RetentionActionAnswered,
  RetentionActionTaken,
  SignOfLifeNoted,
} from './events.js';
import { ending, overdue, review } from './leaving.js';
import { evolve, facts } from './relationship-evolve.js';
import { contractOf, type KnownRelationship, known, type Relationship, running } from './relationship-state.js';
import { takenBack } from './taken-back.js';

/** What the decisions read beside their own stream. */
interface References {
  readonly customer: Customer;
  readonly silence: Silence;
  /** The order that was confirmed. */
  readonly order: Order;
}

const MOST_CONTRACTS = 500;
const MOST_ACTIONS = 500;
const OUTCOME_AFTER_DAYS = 30;

/** One customer as somebody to be kept: all its contracts, purchases and retention actions, so that "lost" is decided in one place. */
export const relationship = aggregate<Relationship, References>()({
  name: 'relationship',
  description: 'Whether a customer is one: its contracts, its signs of life, and what is done to keep it or to win it back.',
  id: 'customerId',
  commands: {
    StartContract,
    ChangeContract,
    EndContract,
    ContinueContract,
    RecordPurchase,
    NoteSignOfLife,
    TakeBackSignOfLife,
    ReviewRelationship,
    LearnChurnReason,
    TakeRetentionAction,
    AnswerRetentionAction,
  },
  facts,
  initial: { status: 'NONE' },
  stateVersion: 3,
  refs: (relationship) => (relationship.status === 'NONE' ? {} : { customer: relationship.customerId }),
  references: {
    customer: { aggregate: customer, id: ({ customerId }: { readonly customerId: string }) => customerId },
    silence: { aggregate: silence, id: () => silenceId },
    order: {
      aggregate: order,
      id: (command: object) => (command instanceof NoteSignOfLife && command.sign === 'ORDER' ? command.signId : undefined),
    },
  },

  decide: {
    StartContract: ({ customerId, contractId, kind, price, currency, interval = 'MONTH', endsAt }, before, given) => {
      const segment = segmentOf(given.customer);
      const { said, relationship } = caughtUp(before, given);
      if (relationship.status !== 'NONE') {
        const { contracts } = relationship;
        if (contracts.some((contract) => contract.contractId === contractId))
          refuse('contract-exists', 'This contract was started before.');
        if (contracts.length >= MOST_CONTRACTS)
          refuse('too-many-contracts', `A customer has at most ${MOST_CONTRACTS} contracts.`);
      }
      checkEnd(endsAt, given.now);
      const started = ContractStarted({ customerId, contractId, kind, price, currency, interval, endsAt });
      if (relationship.status === 'ACTIVE' && relationship.bond === 'PURCHASES')
        return [...said, started, RelationshipBound({ customerId, segment: relationship.segment })];
      return [...said, ...joining(relationship, { customerId, bond: 'CONTRACT', segment }, given.now, started)];
    },

    ChangeContract: ({ customerId, contractId, ...wanted }, before, given) => {
      const { said, relationship } = caughtUp(before, given);
      const contract = contractOf(relationship, contractId);
      if (contract.ended) refuse('contract-ended', 'This contract is over.');
      if (wanted.currency !== undefined && wanted.price === undefined)
        refuse('price-needed', 'Another currency needs a price in it.');
      const { kind = contract.kind, price = contract.price, currency = contract.currency, interval = contract.interval } = wanted;
      const { price: previousPrice, currency: previousCurrency } = contract;
      const isSame =
        kind === contract.kind && price === previousPrice && currency === previousCurrency && interval === contract.interval;
      return isSame
        ? []
        : [
            ...said,
            ContractChanged({ customerId, contractId, kind, price, currency, interval, previousPrice, previousCurrency }),
          ];
    },

    EndContract: ({ customerId, contractId, reason, notes, endsAt }, before, given) => {
      const { now } = given;
      const { said, relationship } = caughtUp(before, given);
      const contract = contractOf(relationship, contractId);
      if (contract.ended) return [];
      if (reason === 'OTHER' && notes === undefined) refuse('notes-required', 'The reason OTHER needs notes.');
      if (endsAt === undefined || endsAt === now) return [...said, ...ending(known(relationship), contract, now, reason, notes)];
      checkEnd(endsAt, now);
      const isSame = contract.endsAt === endsAt && contract.notice === reason;
      return isSame ? [] : [...said, ContractNoticeGiven({ customerId, contractId, endsAt, reason, notes })];
    },

    ContinueContract: ({ customerId, contractId, endsAt }, before, given) => {
      const { said, relationship } = caughtUp(before, given);
      const contract = contractOf(relationship, contractId);
      if (contract.ended) refuse('contract-ended', 'This contract is over; start another one.');
      checkEnd(endsAt, given.now);
      const isSame = contract.endsAt === endsAt && contract.notice === undefined;
      return isSame ? [] : [...said, ContractContinued({ customerId, contractId, endsAt })];
    },

    RecordPurchase: ({ customerId, purchaseId, amount, currency, units }, before, given) => {
      const segment = segmentOf(given.customer);
      const { said, relationship } = caughtUp(before, given);
      const silentAt = watched(relationship, given.now, silenceOf(given));
      const purchase = PurchaseRecorded({ customerId, purchaseId, amount, currency, units, silentAt });
      return [...said, ...joining(relationship, { customerId, bond: 'PURCHASES', segment }, given.now, purchase)];
    },

    NoteSignOfLife: ({ customerId, sign, signId, at }, before, given) => {
      const { customer, order } = given;
      if (customer.status !== 'REGISTERED') return [];
      const ofOrder = sign === 'ORDER' && order.exists;
      // Cancelled meanwhile: that was told before, or is to be told still.
      if (ofOrder && order.ended === 'CANCELLED') return [];
      const silence = silenceOf(given);
      const { said, relationship } = overdue(before, silence, at);
      const money = ofOrder && { amount: worth(order.lines, 'quantity'), currency: order.currency };
      const noted = SignOfLifeNoted({ customerId, sign, signId, at, ...money, silentAt: watched(relationship, at, silence) });
      if (sign === 'ORDER')
        return [...said, ...joining(relationship, { customerId, bond: 'PURCHASES', segment: customer.segment }, at, noted)];
      const counts = silence.interactions && relationship.status === 'ACTIVE' && relationship.bond === 'PURCHASES';
      return counts && at >= addDays(relationship.lastSignAt ?? relationship.since, 1) ? [...said, noted] : [];
    },

    TakeBackSignOfLife: ({ signId }, relationship, given) =>
      relationship.status === 'NONE' ? [] : takenBack(relationship, signId, silenceOf(given)),

    ReviewRelationship: (_, relationship, given) => review(known(relationship), silenceOf(given), given.now),

    LearnChurnReason: ({ customerId, reason, notes }, past, given) => {
      const { said, relationship } = caughtUp(past, given);
      const { status, reason: before } = known(relationship);
      if (status !== 'CHURNED') refuse('customer-not-churned', 'This customer is not lost.');
      if (reason === 'OTHER' && notes === undefined) refuse('notes-required', 'The reason OTHER needs notes.');
      return reason === before && notes === undefined ? [] : [...said, ChurnReasonLearnt({ customerId, reason, notes })];
    },

    TakeRetentionAction: ({ customerId, actionId, kind, offer, days = OUTCOME_AFTER_DAYS }, before, given) => {
      segmentOf(given.customer);
      const { said, relationship } = caughtUp(before, given);
      const { actions, status: had, segment } = known(relationship);
      if (actions.some((action) => action.actionId === actionId)) refuse('action-exists', 'This action was taken before.');
      if (actions.length >= MOST_ACTIONS) refuse('too-many-actions', `A customer has at most ${MOST_ACTIONS} retention actions.`);
      const judgedAt = addDays(given.now, days);
      return [...said, RetentionActionTaken({ customerId, actionId, kind, offer, had, segment, judgedAt })];
    },

    AnswerRetentionAction: ({ customerId, actionId, answer }, relationship) => {
      const action = known(relationship).actions.find((action) => action.actionId === actionId);
      if (!action) refuse('action-unknown', 'There is no such retention action.');
      if (action.kind === 'HOLD_OUT') refuse('nothing-to-answer', 'Nothing was done, so there is nothing to answer.');
      return action.answer === answer ? [] : RetentionActionAnswered({ customerId, actionId, answer });
    },
  },

  evolve,
});

/** The clock first, should its timers be late. */
const caughtUp = (relationship: Relationship, given: Pick<References, 'customer' | 'silence'> & { readonly now: Moment }) =>
  overdue(relationship, silenceOf(given), given.now);

/** Who is shown under another customer does not fall silent by itself: what that person buys, it buys as the other one. */
const silenceOf = ({ customer, silence }: Pick<References, 'customer' | 'silence'>): Silence =>
  customer.status === 'REGISTERED' && customer.mergedInto !== undefined ? { interactions: silence.interactions } : silence;

interface Joining {
  readonly customerId: string;
  readonly bond: Bond;
  readonly segment: string | undefined;
}

/** A contract or a purchase makes somebody a customer, wins back one who was lost, and leaves another one what it is. */
function joining<F>(relationship: Relationship, { customerId, bond, segment }: Joining, at: Moment, fact: F) {
  if (relationship.status === 'NONE') return [RelationshipBegan({ customerId, bond, segment, since: at }), fact];
  const { churnedAt, actions } = relationship;
  if (churnedAt === undefined) return [fact];
  // A sign that is learnt of late may be from before the loss.
  if (at < churnedAt) return [fact];
  const actionId = actions.findLast(({ judged, had }) => !judged && had === 'CHURNED')?.actionId;
  return [fact, CustomerWonBack({ customerId, bond, segment, churnedAt, days: daysBetween(churnedAt, at), actionId })];
}

/** When the customer counts as silent, if this is a sign of life and nothing but purchases holds it. */
function watched(relationship: Relationship, at: Moment, silence: Silence): Moment | undefined {
  if (relationship.status === 'NONE') return silentAfter(silence, at);
  if (running(relationship).length > 0 || isBeforeLoss(relationship, at)) return undefined;
  return silentAfter(silence, laterOf(relationship.lastSignAt ?? at, at));
}

const isBeforeLoss = ({ churnedAt }: KnownRelationship, at: Moment) => churnedAt !== undefined && at < churnedAt;

function segmentOf(customer: Customer): string | undefined {
  if (customer.status === 'NONE') refuse('customer-unknown', 'There is no such customer.');
  if (customer.status === 'ERASED') refuse('customer-erased', 'This customer is erased.');
  return customer.segment;
}

function checkEnd(endsAt: Moment | undefined, now: Circumstances['now']): void {
  if (endsAt !== undefined && endsAt <= now) refuse('end-in-the-past', `The end would not be after ${now}.`);
}
