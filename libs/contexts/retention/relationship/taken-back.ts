import { laterOf, type Moment } from '#kernel';
import { type Silence, silentAfter } from '../silence/silence.js';
import { SignOfLifeTakenBack } from './events.js';
import { type KnownRelationship, MOST_BOUGHT, running } from './relationship-state.js';

/** An order that counted as a purchase was cancelled: the customer is watched from the sign of life before it on. */
export function takenBack(relationship: KnownRelationship, signId: string, silence: Silence) {
  const { customerId, status, bought = [], lastSignAt, lastContactAt } = relationship;
  const purchase = bought.find((one) => one.signId === signId);
  if (purchase === undefined) return [];
  const others = bought.filter((one) => one !== purchase).map(({ at }) => at);
  const lastPurchaseAt = latest(others);
  const isLast = lastSignAt === undefined || lastSignAt <= purchase.at;
  const before = isLast ? latest([...others, ...(lastContactAt === undefined ? [] : [lastContactAt])]) : lastSignAt;
  const isWatched = status === 'ACTIVE' && running(relationship).length === 0 && before !== undefined;
  return SignOfLifeTakenBack({
    ...{ customerId, ...purchase },
    ...(bought.length < MOST_BOUGHT && { firstPurchaseAt: others[0] }),
    lastPurchaseAt,
    lastSignAt: before,
    silentAt: isWatched ? silentAfter(silence, before) : undefined,
  });
}

const latest = (moments: readonly Moment[]): Moment | undefined =>
  moments.length === 0 ? undefined : moments.reduce((one, other) => laterOf(one, other));
