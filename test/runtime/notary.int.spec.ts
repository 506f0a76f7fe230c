import { afterEach, describe, expect, it } from '@jest/globals';
import { addDays } from '#kernel';
import { genuineHead } from '#runtime/notary/signed-head';
import { eventually, openHouse, SetClock, type TestHouse } from '../support/house.js';

const now = '2026-03-01T12:00:00.000Z';

describe('heads of the history', () => {
  let house: TestHouse;
  afterEach(() => house.close());

  it('are published by themselves when it is time, for each tenant that has something new', async () => {
    const clock = new SetClock(now);
    house = await openHouse({ clock, headsMinutes: 0.001 });
    const published = async (tenant: string) =>
      (await house.facts.page({ tenant, limit: 1_000, types: ['HeadPublished'] })).facts.map(
        ({ data }) => data as { readonly size: number; readonly note: string },
      );
    let days = 0;
    /** A day passes at each look, so that it is time. */
    const until = (test: () => Promise<boolean>) =>
      eventually(async () => {
        clock.set(addDays(now, ++days));
        return (await test()) ? true : undefined;
      });

    await house.send('OpenTenant', { name: 'north' });
    await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'N' }, { caller: { ...house.admin, tenant: 'north' } });
    await until(async () => (await published('main')).length === 1 && (await published('north')).length === 1);
    const [head] = await published('main');
    const { publicKey } = await house.history.head('main');
    expect(genuineHead(head?.note ?? '', publicKey).size).toBe(head?.size);

    await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'More' });
    await until(async () => (await published('main')).length === 2);
    expect(await published('north')).toHaveLength(1);
  });
});
