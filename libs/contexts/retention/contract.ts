/** What other contexts may use of retention: its facts, and the commands that they may send. */

export { RecordPurchase } from './relationship/commands.js';
export { StartContract } from './relationship/contract-commands.js';
export {
  ChurnReasonLearnt,
  ContractChanged,
  ContractContinued,
  ContractEnded,
  ContractNoticeGiven,
  ContractStarted,
  CustomerChurned,
  CustomerWonBack,
  PurchaseRecorded,
  RelationshipBegan,
  RelationshipBound,
  RetentionActionAnswered,
  RetentionActionJudged,
  RetentionActionTaken,
} from './relationship/events.js';
export { intervals, reasons } from './words.js';
