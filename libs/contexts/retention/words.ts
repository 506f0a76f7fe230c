/** What holds a customer: a contract, or only its purchases. */
export const bonds = ['CONTRACT', 'PURCHASES'] as const;
export type Bond = (typeof bonds)[number];

/** How often the price of a contract is due. */
export const intervals = ['MONTH', 'QUARTER', 'YEAR'] as const;
export type Interval = (typeof intervals)[number];

/** Why a customer leaves, as people say it. `OTHER` needs notes. */
export const statedReasons = [
  'CHEAPER_ELSEWHERE',
  'BETTER_ELSEWHERE',
  'PRICE',
  'QUALITY',
  'SERVICE',
  'NO_NEED',
  'MOVED',
  'NOT_PAID',
  'UNKNOWN',
  'OTHER',
] as const;
export type StatedReason = (typeof statedReasons)[number];

/** The clock has two more: the term of a contract ran out, or nothing was heard of the customer. */
export const reasons = [...statedReasons, 'END_OF_TERM', 'SILENCE'] as const;
export type Reason = (typeof reasons)[number];

/** What is done to keep a customer or to win it back. `HOLD_OUT`: nothing, on purpose, for comparison. */
export const actionKinds = ['OFFER', 'CALL', 'VISIT', 'MESSAGE', 'HOLD_OUT'] as const;
export type ActionKind = (typeof actionKinds)[number];

export const answers = ['ACCEPTED', 'DECLINED', 'NO_ANSWER'] as const;
export type Answer = (typeof answers)[number];

/** What became of a customer to whom an action was directed; the last two of customers who had churned before it. */
export const outcomes = ['RETAINED', 'LEAVING', 'CHURNED', 'WON_BACK', 'STILL_AWAY'] as const;
export type Outcome = (typeof outcomes)[number];

/** What the survivor of a merge hears of who is shown under it; the first two make somebody a customer or win one back. */
export const memberSigns = ['PURCHASE', 'CONTRACT', 'CONTACT', 'CHANGE'] as const;
export type MemberSign = (typeof memberSigns)[number];
