import type { Moment } from '#kernel';

/** Points that were booked together. */
export interface Lot {
  /** What is left of them; never 0. */
  readonly points: number;
  /** Left out: they never expire. */
  readonly expiresAt?: Moment;
  /** The order that earned them. */
  readonly orderId?: string;
}

/** Points of one member. `owed` is above 0 only where no lot is left. */
export interface Points {
  /** Those that expire first come first. */
  readonly lots: readonly Lot[];
  /** Points that were used before goods came back that had earned them; what comes next is set off against them. */
  readonly owed: number;
}

export const noPoints: Points = { lots: [], owed: 0 };

/** Points that can be redeemed; never below 0. */
export const balanceOf = ({ lots }: Pick<Points, 'lots'>): number => lots.reduce((sum, { points }) => sum + points, 0);

/** How many points expire next, and when; nothing where none expire. */
export function expiringNext({ lots }: Pick<Points, 'lots'>): { readonly expiring?: number; readonly expiringAt?: Moment } {
  const expiringAt = lots[0]?.expiresAt;
  if (expiringAt === undefined) return {};
  return { expiring: balanceOf({ lots: lots.filter(({ expiresAt }) => expiresAt === expiringAt) }), expiringAt };
}

/** With points that were earned or given: they pay what is owed first, and the rest of them is kept. */
export function booked({ lots, owed }: Points, { points, ...about }: Lot): Points {
  const kept = Math.max(0, points - owed);
  return {
    owed: Math.max(0, owed - points),
    lots: kept === 0 ? lots : [...lots, { points: kept, ...about }].sort(inOrderOfExpiry),
  };
}

/**
 * Without so many points: of those of the order first, where one is named, then of those that expire first. What there is not is
 * owed.
 */
export function taken({ lots, owed }: Points, points: number, orderId?: string): Points {
  const ofOrder = lots.filter((lot) => orderId !== undefined && lot.orderId === orderId);
  const use = new Map<Lot, number>();
  let open = points;
  for (const lot of [...ofOrder, ...lots.filter((lot) => !ofOrder.includes(lot))]) {
    const used = Math.min(open, lot.points);
    open -= used;
    use.set(lot, used);
  }
  return {
    owed: owed + open,
    lots: lots.map((lot) => ({ ...lot, points: lot.points - (use.get(lot) ?? 0) })).filter(({ points: left }) => left > 0),
  };
}

/** The lots that have expired by a moment, and what is left without them. */
export function expiredBy({ lots, owed }: Points, moment: Moment): { readonly expired: readonly Lot[]; readonly left: Points } {
  const isOver = ({ expiresAt }: Lot) => expiresAt !== undefined && expiresAt <= moment;
  return { expired: lots.filter(isOver), left: { owed, lots: lots.filter((lot) => !isOver(lot)) } };
}

/** What never expires comes last. Sorting keeps the order of what expires at the same moment. */
const inOrderOfExpiry = (one: Lot, other: Lot): number => {
  if (one.expiresAt === other.expiresAt) return 0;
  if (one.expiresAt === undefined || other.expiresAt === undefined) return one.expiresAt === undefined ? 1 : -1;
  return one.expiresAt < other.expiresAt ? -1 : 1;
};
