import type { Ledger } from './ledger.js';
import { branches, placeEnds, placeNames, segments } from './words.js';

const DAY = 86_400_000;
const COUNT = 80;
const kinds = [
  { kind: 'Maintenance', price: 240_00 },
  { kind: 'Maintenance and repair', price: 390_00 },
  { kind: 'Rental', price: 1_150_00 },
] as const;
const reasons = ['CHEAPER_ELSEWHERE', 'BETTER_ELSEWHERE', 'PRICE', 'SERVICE', 'NO_NEED'] as const;

/** Customers with a contract: some get another price, some an offer to stay, a third leaves, and one in four of those comes back. */
export function contractHistory(ledger: Ledger, size: number): void {
  const { random, start } = ledger;
  for (let index = 0; index < Math.ceil(COUNT * size); index++) {
    const customerId = ledger.id('subscriber', index);
    const contractId = ledger.id('contract', index);
    const { kind, price } = random.pick(kinds);
    let at = start + random.whole(5, 700) * DAY + random.whole(8, 17) * 3_600_000;
    const name = `${random.pick(placeNames)}${random.pick(placeEnds)} ${random.pick(branches)}`;
    ledger.add('RegisterCustomer', at, { customerId, kind: 'ORGANISATION', name, segment: random.pick(segments) });
    at += random.whole(1, 20) * DAY;
    // The contract comes first: that is the thing by which what is sent together is put in order.
    ledger.add('StartContract', at, { contractId, customerId, kind, price, currency: 'EUR' });
    at += random.whole(120, 500) * DAY;
    if (random.chance(0.5)) ledger.add('ChangeContract', at, { contractId, customerId, price: Math.round(price * 1.05) });
    if (random.chance(0.4)) {
      const actionId = ledger.id('action', index);
      const action = random.pick([{ kind: 'OFFER', offer: 'three months free' }, { kind: 'CALL' }, { kind: 'HOLD_OUT' }]);
      ledger.add('TakeRetentionAction', at, { actionId, customerId, ...action });
    }
    if (!random.chance(0.35)) continue;
    at += random.whole(10, 200) * DAY;
    ledger.add('EndContract', at, { contractId, customerId, reason: random.pick(reasons) });
    at += random.whole(30, 150) * DAY;
    if (random.chance(0.25))
      ledger.add('StartContract', at, {
        contractId: ledger.id('contract', `${index}.again`),
        customerId,
        kind,
        price,
        currency: 'EUR',
      });
  }
}
