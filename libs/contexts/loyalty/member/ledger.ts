import { type AnyFactType, type DataOf, isWatched, type Recorded } from '#kernel';
import type { PointsAdjusted, PointsEarned, PointsExpired, PointsRedeemed, PointsTakenBack } from './events.js';
import { booked, expiredBy, type Lot, type Points, taken } from './points.js';

type Said<F extends AnyFactType> = Pick<Recorded<DataOf<F>>, 'data' | 'imported'>;

/** The points of a member after each fact that changes them: for its decisions, and for views that say which points expire next. */
export const ledger = {
  PointsEarned: (before: Points, { data: { points, orderId, expiresAt }, imported }: Said<typeof PointsEarned>): Points =>
    booked(before, { points, orderId, ...watched(expiresAt, imported) }),
  PointsTakenBack: (before: Points, { data: { points, expired, orderId } }: Said<typeof PointsTakenBack>): Points =>
    taken(before, points - expired, orderId),
  PointsRedeemed: (before: Points, { data: { points } }: Said<typeof PointsRedeemed>): Points => taken(before, points),
  PointsExpired: (before: Points, { data: { expiredAt } }: Said<typeof PointsExpired>): Points =>
    expiredBy(before, expiredAt).left,
  PointsAdjusted: (before: Points, { data: { points, expiresAt }, imported }: Said<typeof PointsAdjusted>): Points =>
    points < 0 ? taken(before, -points) : booked(before, { points, ...watched(expiresAt, imported) }),
} as const;

/** Where no timer waits (imported history without its clock) points do not expire. */
const watched = (expiresAt: Lot['expiresAt'], imported: Recorded['imported']): Pick<Lot, 'expiresAt'> =>
  expiresAt !== undefined && isWatched(expiresAt, imported) ? { expiresAt } : {};
