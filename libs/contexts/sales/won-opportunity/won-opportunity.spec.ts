import { describe, expect, it } from '@jest/globals';
import { derivedId, send } from '#kernel';
import { givenProcess, recorded } from '#kernel/testing';
import { PlaceOrder } from '../../orders/contract.js';
import { OpportunityWon } from '../opportunity/events.js';
import { orderOf, wonOpportunity } from './won-opportunity.process.js';

const opportunityId = derivedId('opportunity');
const customerId = derivedId('customer');
const ownerId = derivedId('owner');
const productId = derivedId('product');
const won = OpportunityWon({
  opportunityId,
  customerId,
  ownerId,
  productId,
  from: 'PROPOSAL',
  daysInPhase: 3,
  to: 'CLOSED_WON',
  cycleDays: 9,
  wins: 1,
  amount: 550_00,
  currency: 'EUR',
}).data;

const winning = (fact: typeof won) => givenProcess(wonOpportunity).when(recorded(OpportunityWon(fact)));

describe('SAL-10 ORD-01 a won opportunity', () => {
  it('drafts an order of what was won', () =>
    winning(won).sends(
      send(PlaceOrder, {
        orderId: orderOf(opportunityId),
        customerId,
        opportunityId,
        ownerId,
        currency: 'EUR',
        lines: [{ productId, description: 'As offered', quantity: 1, unitPrice: 550_00 }],
      }),
    ));
  it('drafts none without a customer', () => winning({ ...won, customerId: undefined }).sendsNothing());
  it('drafts none when it is won again after a reopening', () => winning({ ...won, wins: 2 }).sendsNothing());
  it('has one order, whose id follows from its own', () =>
    expect(orderOf(opportunityId)).toBe(derivedId('order-of', opportunityId)));
});
