import { describe, it } from '@jest/globals';
import { given } from '#kernel/testing';
import { member } from './member.js';
import * as s from './member.samples.js';
import type { Member } from './member-state.js';

const { customerId, orderId, day, enrolled, of, passedOn } = s;
const account = { customerId, orderId };
const paid = s.ordered([s.paid(100_50), day(1)]);
const survivor: Member = given(member, of(), enrolled).state;
const shownElsewhere = (under: Member = survivor, who = s.merged) => of(paid, s.programme, who, under);

describe('MKT-16, CID-04 an order of a customer that is shown under another one', () => {
  it('counts for that one, where it is a member and the other one is not', () =>
    given(member, shownElsewhere()).when('AccountForOrder', account).then(passedOn));
  it('counts for its own customer, where that one is a member', () =>
    given(member, shownElsewhere(), enrolled)
      .when('AccountForOrder', account)
      .then(s.earned({ amount: 100_50, points: 100 }, { balance: 100, spent: 100_50 })));
  it('counts for nobody, where nobody is a member', () =>
    given(member, shownElsewhere(s.none)).when('AccountForOrder', account).changesNothing());
  it('is passed on each time that something is heard of it, also after the unmerge and an enrolment of its own', () => {
    given(member, shownElsewhere(s.none), passedOn).when('AccountForOrder', account).then(passedOn);
    given(member, of(paid), passedOn, enrolled).when('AccountForOrder', account).then(passedOn);
  });
});
