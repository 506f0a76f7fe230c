import type { Silence } from '../silence/silence.js';
import { SignOfLifeTakenBack } from './events.js';
import { latest, silentFrom } from './members.js';
import { type KnownRelationship, MOST_BOUGHT } from './relationship-state.js';

/** An order that counted as a purchase was cancelled: the customer is watched from the sign of life before it on. */
export function takenBack(relationship: KnownRelationship, signId: string, silence: Silence) {
  const { customerId, status, bought = [], lastSignAt: last, lastContactAt } = relationship;
  const purchase = bought.find((one) => one.signId === signId);
  if (purchase === undefined) return [];
  const others = bought.filter((one) => one !== purchase).map(({ at }) => at);
  const isLast = last === undefined || last <= purchase.at;
  const lastSignAt = isLast ? latest([...others, lastContactAt]) : last;
  const { lastSignAt: _, ...unheard } = relationship;
  const after = { ...unheard, ...(lastSignAt !== undefined && { lastSignAt }) };
  return SignOfLifeTakenBack({
    customerId,
    ...purchase,
    ...(bought.length < MOST_BOUGHT && { firstPurchaseAt: others[0] }),
    lastPurchaseAt: latest(others),
    lastSignAt,
    silentAt: status === 'ACTIVE' ? silentFrom(after, silence) : undefined,
  });
}
