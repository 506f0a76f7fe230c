/** What other contexts may use of loyalty: its facts, the commands that they may send, and how points follow from facts. */

export { AdjustPoints, EnrolMember, RedeemPoints } from './member/commands.js';
export {
  MemberEnrolled,
  MembershipEnded,
  PointsAdjusted,
  PointsEarned,
  PointsExpired,
  PointsRedeemed,
  PointsTakenBack,
  TierChanged,
} from './member/events.js';
export { ledger } from './member/ledger.js';
export { expiringNext, type Points } from './member/points.js';
export * as pointShapes from './member/shapes.js';
export { LoyaltyProgrammeClosed, LoyaltyProgrammeDefined, LoyaltyProgrammeRevised } from './programme/events.js';
