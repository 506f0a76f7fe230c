import { describe, it } from '@jest/globals';
import { at, type Fact, send } from '#kernel';
import { givenProcess, recorded } from '#kernel/testing';
import { AccountForOrder } from '../member/commands.js';
import * as s from '../member/member.samples.js';
import { paidOrders } from './paid-orders.process.js';

const { customerId, survivorId, orderId, day } = s;
const refs = { customer: customerId };
const heard = (fact: Fact, more: Partial<Parameters<typeof recorded>[1]> = {}) =>
  givenProcess(paidOrders).when(recorded(fact, { occurredAt: day(1), refs, ...more }));
const told = (who = customerId) => at(day(1), send(AccountForOrder, { customerId: who, orderId }));

describe('MKT-16, ORD-08 a member is told of an order', () => {
  it('when an invoice of it is paid in full', () => {
    heard(s.paid(100_50)).sends(told());
    heard(s.paid(100_00, 50)).sendsNothing();
  });
  it('when it was credited, for a return, a claim or another reason', () => heard(s.credited(1)).sends(told()));
  it('when a payment of it is none any more', () => heard(s.reversed(100_50)).sends(told()));
  it('that was passed on to it', () => heard(s.passedOn).sends(told(survivorId)));
  it('not when that happened before the cut-over of an import', () => {
    heard(s.paid(100_50), { imported: { cutOver: day(2), clock: true } }).sendsNothing();
    heard(s.paid(100_50), { imported: { cutOver: day(1), clock: false } }).sends(told());
  });
});
