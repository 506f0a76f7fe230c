import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { eventually } from '../../../test/support/house.js';
import { shareOf } from '../starting.js';
import { givenCompany } from '../views/testing/company-system.js';
import { CustomerNoted } from '../views/testing/deals.js';
import { Follower } from './follower.js';

const given = givenCompany();
const note = (number: number) => CustomerNoted({ customerId: randomUUID(), note: `${number}` });

it('a reader gets on with each fact that it handles for the first time, and not while it tries a page again', async () => {
  const { log, recorder } = given.system;
  await recorder.record([note(1), note(2), note(3)]);
  const moved: string[] = [];
  let tried = 0;
  const follower: Follower = new Follower({
    name: 'reader',
    log,
    types: [CustomerNoted.type],
    position: undefined,
    handle: async (facts, done) => {
      tried += 1;
      // The third try gets as far as the third fact, those before it as far as the second.
      for (const _ of facts.slice(0, tried < 3 ? 2 : 3)) {
        const before = follower.movedAt;
        await new Promise((later) => setTimeout(later, 5));
        done();
        moved.push(`${tried} ${follower.movedAt > before ? 'on' : 'again'}`);
      }
      if (tried < 3) throw new Error('Not yet.');
    },
    store: async () => {},
    onError: () => {},
  });
  follower.start();
  await eventually(async () => (follower.position === (await log.head()) ? true : undefined));
  expect(moved).toEqual(['1 on', '1 on', '2 again', '2 again', '3 again', '3 again', '3 on']);
  await follower.stop();
});

it('a reader that catches up before anything is served says how far it is', async () => {
  const { log, recorder } = given.system;
  await recorder.record(Array.from({ length: 900 }, (_, number) => note(number)));
  const shares: number[] = [];
  let handled = 0;
  const follower = new Follower({
    name: 'reader',
    log,
    types: [CustomerNoted.type],
    position: undefined,
    handle: async (facts) => {
      handled += facts.length;
    },
    store: async () => {},
    onError: (_, error) => {
      throw error;
    },
  });
  await follower.catchUp((position, head) => shares.push(shareOf(log, position, head)));
  expect(handled).toBe(900);
  expect(shares.map((share) => Math.round(share * 100))).toEqual([0, 22, 44, 67, 89]);
  expect(shareOf(log, log.start, log.start)).toBe(1);
});
