import { type Aggregate, addDays, aggregate, type Circumstances, type Moment, refuse } from '#kernel';
import { type Customer, customer, registered } from '../../customers/contract.js';
import { type Order, order, worth } from '../../orders/contract.js';
import { silenceId } from '../silence/commands.js';
import { type Silence, silence } from '../silence/silence.js';
import {
  AnswerRetentionAction,
  HearOfMember,
  LearnChurnReason,
  NoteSignOfLife,
  RecordPurchase,
  ReviewRelationship,
  TakeBackSignOfLife,
  TakeRetentionAction,
} from './commands.js';
import { answerable, checkEnd, mustHaveRoomForAction, mustHaveRoomForContract, mustSayWhy } from './conditions.js';
import { ChangeContract, ContinueContract, EndContract, StartContract } from './contract-commands.js';
import {
  ChurnReasonLearnt,
  ContractChanged,
  ContractContinued,
  ContractNoticeGiven,
  ContractStarted,
  PurchaseRecorded,
  RelationshipBound,
  RetentionActionAnswered,
  RetentionActionTaken,
  SignOfLifeNoted,
} from './events.js';
import { hearing } from './hearing.js';
import { joining, watched } from './joining.js';
import { ending, overdue, review } from './leaving.js';
import { contactPassedOn, passedOn, survivorOf } from './passed-on.js';
import { evolve, facts } from './relationship-evolve.js';
import { contractOf, known, type Relationship, runningContract } from './relationship-state.js';
import { takenBack } from './taken-back.js';

/** What the decisions read beside their own stream. */
interface References {
  readonly customer: Customer;
  readonly silence: Silence;
  /** The order that was confirmed. */
  readonly order: Order;
  /** Who is or was shown under this customer. */
  readonly memberCustomer: Customer;
  readonly member: Relationship;
}

const commands = {
  StartContract,
  ChangeContract,
  EndContract,
  ContinueContract,
  RecordPurchase,
  NoteSignOfLife,
  TakeBackSignOfLife,
  HearOfMember,
  ReviewRelationship,
  LearnChurnReason,
  TakeRetentionAction,
  AnswerRetentionAction,
};

type Definition = Aggregate<Relationship, typeof commands, typeof facts, References>;

const OUTCOME_AFTER_DAYS = 30;

/** One customer as somebody to be kept: all its contracts, purchases and retention actions, so that "lost" is decided in one place. */
export const relationship: Definition = aggregate<Relationship, References>()({
  name: 'relationship',
  description: 'Whether a customer is one: its contracts, its signs of life, and what is done to keep it or to win it back.',
  id: 'customerId',
  commands,
  facts,
  initial: { status: 'NONE' },
  stateVersion: 4,
  refs: (relationship) => (relationship.status === 'NONE' ? {} : { customer: relationship.customerId }),
  references: {
    customer: { aggregate: customer, id: ({ customerId }: { readonly customerId: string }) => customerId },
    silence: { aggregate: silence, id: () => silenceId },
    order: {
      aggregate: order,
      id: (command: object) => (command instanceof NoteSignOfLife && command.sign === 'ORDER' ? command.signId : undefined),
    },
    memberCustomer: { aggregate: customer, id: ({ memberId }: Partial<HearOfMember>) => memberId },
    member: {
      // A relationship refers to another one: the definition is complete only after this line.
      get aggregate() {
        return relationship;
      },
      id: ({ memberId }: Partial<HearOfMember>) => memberId,
    },
  },

  decide: passingOn({
    StartContract: ({ customerId, contractId, kind, price, currency, interval = 'MONTH', endsAt }, before, given) => {
      const { segment } = registered(given.customer);
      const { said, relationship } = caughtUp(before, given);
      mustHaveRoomForContract(contractId, relationship);
      checkEnd(endsAt, given.now);
      const started = ContractStarted({ customerId, contractId, kind, price, currency, interval, endsAt });
      if (relationship.status === 'ACTIVE' && relationship.bond === 'PURCHASES')
        return [...said, started, RelationshipBound({ customerId, segment: relationship.segment })];
      return [...said, ...joining(relationship, { customerId, bond: 'CONTRACT', segment }, given.now, started)];
    },

    ChangeContract: ({ customerId, contractId, ...wanted }, before, given) => {
      const { said, relationship } = caughtUp(before, given);
      const contract = runningContract(relationship, contractId);
      if (wanted.currency !== undefined && wanted.price === undefined)
        refuse('price-needed', 'Another currency needs a price in it; send price too, or leave currency out.', 'price');
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
      mustSayWhy(reason, notes);
      if (endsAt === undefined || endsAt === now) return [...said, ...ending(known(relationship), contract, now, reason, notes)];
      checkEnd(endsAt, now);
      const isSame = contract.endsAt === endsAt && contract.notice === reason;
      return isSame ? [] : [...said, ContractNoticeGiven({ customerId, contractId, endsAt, reason, notes })];
    },

    ContinueContract: ({ customerId, contractId, endsAt }, before, given) => {
      const { said, relationship } = caughtUp(before, given);
      const contract = runningContract(relationship, contractId);
      checkEnd(endsAt, given.now);
      const isSame = contract.endsAt === endsAt && contract.notice === undefined;
      return isSame ? [] : [...said, ContractContinued({ customerId, contractId, endsAt })];
    },

    RecordPurchase: ({ customerId, purchaseId, amount, currency, units }, before, given) => {
      const { segment } = registered(given.customer);
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
      if (!silence.interactions) return [];
      const counts = relationship.status === 'ACTIVE' && relationship.bond === 'PURCHASES';
      return [
        ...(counts && at >= addDays(relationship.lastSignAt ?? relationship.since, 1) ? [...said, noted] : []),
        ...contactPassedOn(customer, relationship, at),
      ];
    },

    TakeBackSignOfLife: ({ signId }, relationship, given) =>
      relationship.status === 'NONE' ? [] : takenBack(relationship, signId, silenceOf(given)),

    HearOfMember: (command, relationship, given) => hearing(command, relationship, silenceOf(given), given),

    ReviewRelationship: (_, relationship, given) => review(known(relationship), silenceOf(given), given.now),

    LearnChurnReason: ({ customerId, reason, notes }, past, given) => {
      const { said, relationship } = caughtUp(past, given);
      const { status, reason: before } = known(relationship);
      if (status !== 'CHURNED')
        refuse('customer-not-churned', 'This customer is not lost; say why once it is, or with the end of its contract.');
      mustSayWhy(reason, notes);
      return reason === before && notes === undefined ? [] : [...said, ChurnReasonLearnt({ customerId, reason, notes })];
    },

    TakeRetentionAction: ({ customerId, actionId, kind, offer, days = OUTCOME_AFTER_DAYS }, before, given) => {
      registered(given.customer);
      const { said, relationship } = caughtUp(before, given);
      const { actions, status: had, segment } = known(relationship);
      mustHaveRoomForAction(actionId, actions);
      const judgedAt = addDays(given.now, days);
      return [...said, RetentionActionTaken({ customerId, actionId, kind, offer, had, segment, judgedAt })];
    },

    AnswerRetentionAction: ({ customerId, actionId, answer }, relationship) => {
      const action = answerable(actionId, known(relationship).actions);
      return action.answer === answer ? [] : RetentionActionAnswered({ customerId, actionId, answer });
    },
  }),

  evolve,
});

/** Whatever is decided of a customer that is shown under another one, that one hears of what may keep it. */
function passingOn(decide: Definition['decide']): Definition['decide'] {
  const decisions = Object.entries(decide).map(([name, decision]) => [
    name,
    (command: never, relationship: Relationship, given: Circumstances & References) =>
      passedOn([decision(command, relationship, given)].flat(), given),
  ]);
  return Object.fromEntries(decisions);
}

/** The clock first, should its timers be late. */
const caughtUp = (relationship: Relationship, given: Pick<References, 'customer' | 'silence'> & { readonly now: Moment }) =>
  overdue(relationship, silenceOf(given), given.now);

/** Who is shown under another customer does not fall silent by itself: what that person buys, it buys as the other one. */
const silenceOf = ({ customer, silence }: Pick<References, 'customer' | 'silence'>): Silence =>
  survivorOf(customer) === undefined ? silence : { interactions: silence.interactions };
