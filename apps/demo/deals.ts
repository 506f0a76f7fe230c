import type { SampleCustomer } from './customers.js';
import type { Ledger } from './ledger.js';
import { orderHistory } from './orders.js';
import { products } from './words.js';

export interface Surroundings {
  readonly agents: readonly string[];
  readonly customers: readonly SampleCustomer[];
  readonly pipelineId: string;
  readonly productIds: readonly string[];
  readonly size: number;
}

export interface Deals {
  /** Open opportunities that are won today. */
  readonly ready: readonly string[];
  readonly showcase: { readonly customerId: string; readonly orderId: string };
}

const DAY = 86_400_000;
const COUNT = 1700;
const READY = 8;
const phases = ['PROSPECTING', 'QUALIFICATION', 'PROPOSAL', 'NEGOTIATION'] as const;
const lossReasons = ['PRICE', 'COMPETITOR', 'NO_BUDGET', 'NO_DECISION', 'NO_FIT', 'TIMING'] as const;

interface Deal {
  readonly opportunityId: string;
  readonly customerId: string;
  readonly ownerId: string;
  readonly product: number;
  readonly quantity: number;
  readonly amount: number;
}

/** Opportunities from their opening to their end, and the orders of those that were won. */
export function dealHistory(ledger: Ledger, { agents, customers, pipelineId, productIds, size }: Surroundings): Deals {
  const { random, end } = ledger;
  const ready: string[] = [];
  const rich: { readonly customerId: string; readonly orderId: string }[] = [];
  const orders = new Map<string, number>();
  for (let index = 0; index < COUNT * size; index++) {
    const customer = random.pick(customers);
    const longest = Math.floor((Math.min(end, customer.until) - customer.since) / DAY) - 3;
    if (longest < 10) continue;
    const at = customer.since + random.whole(3, longest) * DAY + random.whole(0, 9) * 3_600_000;
    const product = random.whole(0, products.length - 1);
    const quantity = random.whole(1, 12);
    const amount = (products[product]?.price ?? 0) * quantity;
    const deal: Deal = {
      opportunityId: ledger.id('opportunity', index),
      customerId: customer.customerId,
      ownerId: random.pick(agents),
      product,
      quantity,
      amount,
    };
    const { opportunityId, customerId, ownerId } = deal;
    const expectedClose = new Date(Math.floor(at / DAY) * DAY + 90 * DAY).toISOString();
    ledger.add('OpenOpportunity', at, {
      opportunityId,
      customerId,
      ownerId,
      productId: productIds[product],
      pipelineId,
      amount,
      currency: 'EUR',
      expectedClose,
    });
    const wonAt = life(ledger, deal, at, customer.until);
    if (wonAt === 'ready' && ready.length < READY) ready.push(opportunityId);
    if (typeof wonAt !== 'number') continue;
    const orderId = ledger.id('order', index);
    const isRich = orderHistory(
      ledger,
      { ...deal, orderId, productId: productIds[product] ?? '', number: index },
      wonAt + random.whole(0, 2) * DAY,
      customer.until,
    );
    orders.set(customerId, (orders.get(customerId) ?? 0) + 1);
    if (isRich) rich.push({ customerId, orderId });
  }
  const most = (one: string) => orders.get(one) ?? 0;
  const [showcase = { customerId: '', orderId: '' }] = rich.sort((one, other) => most(other.customerId) - most(one.customerId));
  return { ready, showcase };
}

/** Moves through the phases. Gives when it was won, `ready` where it is under negotiation at the end, undefined otherwise. */
function life(ledger: Ledger, { opportunityId, amount }: Deal, openedAt: number, until: number): number | 'ready' | undefined {
  const { random, end } = ledger;
  let at = openedAt;
  let phase = 0;
  let reopened = false;
  for (;;) {
    at += random.whole(4, 32) * DAY;
    if (at >= until) return phase === phases.length - 1 && until === end ? 'ready' : undefined;
    // Forgotten: it stays where it is until the clock calls it stalled.
    if (random.chance(0.02)) return undefined;
    if (random.chance(0.12)) {
      ledger.add('LoseOpportunity', at, { opportunityId, reason: random.pick(lossReasons) });
      if (reopened || !random.chance(0.06) || at + 12 * DAY >= until) return undefined;
      at += 12 * DAY;
      reopened = true;
      ledger.add('ReopenOpportunity', at, { opportunityId });
    } else if (phase === phases.length - 1) {
      const agreed = Math.round((amount * random.whole(85, 100)) / 100);
      ledger.add('WinOpportunity', at, { opportunityId, amount: agreed });
      // The amount was typed wrongly; found a week later, right from the moment it was won.
      if (random.chance(0.02))
        ledger.add('CorrectOpportunity', at, { opportunityId, amount: agreed + 10_000 }, { enteredAt: at + 7 * DAY });
      return at;
    } else if (phase > 0 && random.chance(0.07)) {
      phase--;
      ledger.add('RegressOpportunity', at, { opportunityId, to: phases[phase] });
    } else {
      phase = Math.min(phases.length - 1, phase + (random.chance(0.15) ? 2 : 1));
      ledger.add('AdvanceOpportunity', at, { opportunityId, to: phases[phase] });
    }
  }
}
