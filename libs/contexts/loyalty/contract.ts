/** What other contexts may use of loyalty: its facts, and the commands that they may send. */

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
export { LoyaltyProgrammeClosed, LoyaltyProgrammeDefined, LoyaltyProgrammeRevised } from './programme/events.js';
