import { randomUUID } from 'node:crypto';
import type { Answer } from './connection.js';
import type { LoadOrder, PlanName } from './messages.js';
import { mixedPlan } from './mixed-plan.js';

/** A command, or without a body a query. */
export interface PlannedRequest {
  readonly path: string;
  readonly body?: string;
  /** Measured by itself, where a plan has several kinds. */
  readonly kind?: string;
}

/** The next request of a connection, told what the one before was answered. */
export type NextRequest = (last?: Answer) => PlannedRequest;

/** Each connection has streams of its own: the moves of an opportunity depend on the one before. */
export function planOf(order: LoadOrder, connection: number): NextRequest {
  const { plan, url, connections, moments = [], customers = [] } = order;
  const ofConnection = (ids: readonly string[]) => ids.filter((_, index) => index % connections === connection);
  const own = ofConnection(order.streams);
  if (plan === 'mixed' || plan === 'reads' || plan === 'writes') {
    const [open, correct, register] = [
      plans.open(ofConnection(customers), url),
      plans.correct(own, url),
      plans.register(own, url),
    ];
    return mixedPlan(plan, { open, correct, register }, own, moments, connection);
  }
  return plans[plan](plan === 'open' ? ofConnection(customers) : own, url);
}

const EXPECTED_CLOSE = '2027-03-31T00:00:00.000Z';
/** The customers of the real sales data have about seven a month. */
const OPPORTUNITIES_A_CUSTOMER = 10;
let counter = 0;
/** The opportunities of each server that were moved ahead, through all runs. */
const ahead = new Set<string>();

const plans: Readonly<
  Record<Exclude<PlanName, 'mixed' | 'reads' | 'writes'>, (ids: readonly string[], url: string) => NextRequest>
> = {
  open: (customers) => {
    const [ownerId, productId] = [randomUUID(), randomUUID()];
    let opened = 0;
    return () => {
      const customerId = customers[Math.floor(opened++ / OPPORTUNITIES_A_CUSTOMER) % customers.length];
      return {
        path: '/v1/opportunities',
        body: JSON.stringify({
          customerId,
          ownerId,
          productId,
          campaign: 'spring-fair',
          amount: amount(),
          currency: 'EUR',
          expectedClose: EXPECTED_CLOSE,
        }),
      };
    };
  },
  correct: (streams) => {
    let turn = 0;
    return () => {
      const opportunityId = streams[turn++ % streams.length];
      return { path: `/v1/opportunities/${opportunityId}/correct`, body: JSON.stringify({ opportunityId, amount: amount() }) };
    };
  },
  move: (streams, url) => {
    let turn = 0;
    return () => {
      const opportunityId = streams[turn++ % streams.length] as string;
      const goesBack = ahead.delete(`${url} ${opportunityId}`);
      if (!goesBack) ahead.add(`${url} ${opportunityId}`);
      return {
        path: `/v1/opportunities/${opportunityId}/${goesBack ? 'regress' : 'advance'}`,
        body: JSON.stringify({ opportunityId, to: goesBack ? 'PROSPECTING' : 'NEGOTIATION' }),
      };
    };
  },
  register: () => () => {
    counter += 1;
    return {
      path: '/v1/customers',
      body: JSON.stringify({ kind: 'PERSON', name: `Customer Number ${counter}`, language: 'de-AT', segment: 'retail' }),
    };
  },
};

/** Never the same twice in a row, so that every correction changes something. */
const amount = () => 100_00 + (counter++ % 900_000);
