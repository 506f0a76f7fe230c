import { describe, it } from '@jest/globals';
import { at, send } from '#kernel';
import { givenProcess, recorded } from '#kernel/testing';
import { ExpirePoints } from '../member/commands.js';
import * as s from '../member/member.samples.js';
import { pointsClock } from './points-clock.process.js';

const { customerId, day } = s;
const due = at(day(30), send(ExpirePoints, { customerId }));

describe('MKT-16 the clock of points', () => {
  it('waits for the moment at which they expire', () => {
    const earned = s.earned({ amount: 1_00, points: 1 }, { balance: 1, spent: 1_00, expiresAt: day(30) });
    givenProcess(pointsClock).when(recorded(earned)).sends(due);
    givenProcess(pointsClock)
      .when(recorded(s.adjusted(1, 2, day(30))))
      .sends(due);
  });
  it('does not wait where they never expire', () =>
    givenProcess(pointsClock)
      .when(recorded(s.adjusted(1, 2)))
      .sendsNothing());
});
