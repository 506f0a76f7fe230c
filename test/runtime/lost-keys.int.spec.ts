import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { keysFileIn } from '../../apps/server/layout.js';
import { describeEmbedded } from '../support/engines.js';
import { openHouse, temporaryFolder } from '../support/house.js';
import { loseKeys, renewLog } from '../support/stores.js';

const lost = { message: expect.stringMatching(/personal fields.*none of their keys.*last backup/s) };
const register = { kind: 'PERSON', name: 'Ada Lovelace', email: 'ada@example.com' };

async function installation(): Promise<{ folder: string; data: string; customerId: string }> {
  const folder = temporaryFolder();
  const house = await openHouse({ folder });
  const { id: customerId } = await house.send('RegisterCustomer', register);
  await house.close();
  return { folder, data: join(folder, 'data'), customerId };
}

describe('a start without the keys of the log', () => {
  it('is refused each time, with the remedy; with the keys back it goes on', async () => {
    const { folder, data } = await installation();
    const putBack = await loseKeys(data);
    for (let start = 0; start < 2; start++) await expect(openHouse({ folder })).rejects.toMatchObject(lost);
    await putBack();
    const house = await openHouse({ folder });
    try {
      await expect(house.send('RegisterCustomer', register)).rejects.toMatchObject({ code: 'identifier-taken' });
    } finally {
      await house.close();
    }
  });

  it('is refused after a restore too, whose log has a new id', async () => {
    const { folder, data } = await installation();
    await renewLog(data);
    const putBack = await loseKeys(data);
    await expect(openHouse({ folder })).rejects.toMatchObject(lost);
    await putBack();
    await (await openHouse({ folder })).close();
  });

  it('goes on where the log has no personal field yet', async () => {
    const folder = temporaryFolder();
    const first = await openHouse({ folder });
    await first.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
    await first.close();
    await loseKeys(join(folder, 'data'));
    const second = await openHouse({ folder });
    await second.send('RegisterCustomer', register);
    await second.close();
    await (await openHouse({ folder })).close();
  });

  it('goes on where every person of the log was erased: that is known', async () => {
    const { folder, data, customerId } = await installation();
    const house = await openHouse({ folder });
    await house.send('EraseCustomer', { customerId });
    await house.close();
    await renewLog(data);
    await (await openHouse({ folder })).close();
  });
});

describeEmbedded('a start without keys.db', () => {
  it('makes none, and no other master key', async () => {
    const { folder, data } = await installation();
    const masterKey = join(folder, 'secrets', 'master.key');
    rmSync(keysFileIn(data));
    await expect(openHouse({ folder })).rejects.toMatchObject(lost);
    expect(existsSync(keysFileIn(data))).toBe(false);
    renameSync(masterKey, `${masterKey}.away`);
    await expect(openHouse({ folder })).rejects.toThrow(/master\.key is missing/);
    expect(existsSync(masterKey)).toBe(false);
  });

  it('is refused where another store was made in its place', async () => {
    const { folder, data } = await installation();
    const other = await openHouse({ folder: join(folder, 'other') });
    await other.close();
    renameSync(join(folder, 'other', 'secrets', 'master.key'), join(folder, 'secrets', 'master.key'));
    renameSync(keysFileIn(join(folder, 'other', 'data')), keysFileIn(data));
    await expect(openHouse({ folder })).rejects.toMatchObject(lost);
  });
});
