import { addDays, type Fact } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import { now } from '../../order/order.samples.js';
import { orderToCash } from '../order-to-cash.view.js';

export const day = (number: number) => addDays(now, number);

/** The facts, one a day from the first on. */
export const daily = (...facts: Fact[]) =>
  givenView(orderToCash).facts(...facts.map((fact, number) => recorded(fact, { occurredAt: day(number) })));
