import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { shareOf } from '../starting.js';
import { givenCompany } from '../views/testing/company-system.js';
import { CustomerNoted } from '../views/testing/deals.js';
import { Follower } from './follower.js';

const given = givenCompany();
const note = (number: number) => CustomerNoted({ customerId: randomUUID(), note: `${number}` });

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
