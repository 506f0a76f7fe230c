import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { canonicalJson } from '#kernel';
import { run } from '../../apps/cli/program.js';
import { restoreFolder } from '../../apps/server/restore.js';
import { describeEmbedded } from '../support/engines.js';
import { liveThrough, START } from '../support/history.js';
import { openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';

describeEmbedded('a backup', () => {
  const folder = temporaryFolder();
  const other = temporaryFolder();
  const clock = new SetClock(START);
  const target = { folder: join(other, 'backup'), keysFolder: join(other, 'backup-keys') };
  let house: TestHouse;
  let restored: TestHouse;
  let customerId: string;
  let copiedUpTo: string;

  beforeAll(async () => {
    house = await openHouse({ folder, clock });
    ({ id: customerId } = await house.send('RegisterCustomer', { kind: 'PERSON', name: 'Ada Lovelace' }));
    await liveThrough(house, clock, { seed: 21, commands: 100 });
    // Online: commands go on while it is taken.
    [{ position: copiedUpTo }] = await Promise.all([house.backup(target), liveThrough(house, clock, { seed: 22, commands: 50 })]);
    await restoreFolder(target, join(other, 'data'));
    const { copyFileSync, mkdirSync } = await import('node:fs');
    mkdirSync(join(other, 'secrets'));
    for (const file of ['master.key', 'admin.token']) copyFileSync(join(folder, 'secrets', file), join(other, 'secrets', file));
    restored = await openHouse({ folder: other, clock });
  });
  afterAll(async () => {
    await house.close();
    await restored.close();
  });

  const numberOf = (position: string) => position.slice(position.indexOf('.'));
  const documents = async (from: TestHouse, view: string, parameters: Record<string, string>) => {
    const items = await from.list(view, { limit: '500', ...parameters });
    return new Map(items.map(({ key, document }) => [key, canonicalJson(document)]));
  };

  it('restored, shows what the original showed at that position, in every view', async () => {
    // its processes may have gone on since: what they did there is of its own
    const there = await restored.facts.head();
    const position = there.slice(0, there.indexOf('.')) + numberOf(copiedUpTo);
    for (const view of house.registry.views.keys())
      expect([view, await documents(restored, view, { position })]).toEqual([
        view,
        await documents(house, view, { position: copiedUpTo }),
      ]);
  });

  it('opens personal fields with the keys and the master key', async () => {
    const document = await restored.document('customer360', customerId);
    expect(JSON.stringify(await restored.access.present(restored.admin, document, 'test'))).toContain('Ada Lovelace');
  });

  it('takes commands, and knows those that were accepted before', async () => {
    expect(await restored.send('OpenOpportunity', { amount: 1, currency: 'EUR' })).toMatchObject({ outcome: 'created' });
  });

  it('is another log: a position of the original is refused, not taken for one of its own', async () => {
    await expect(restored.facts.page({ tenant: 'main', after: await house.facts.head(), limit: 1 })).rejects.toMatchObject({
      status: 410,
    });
  });

  it('is not restored for a master key that does not open its keys: nothing is made', async () => {
    const wrong = join(other, 'wrong.key');
    writeFileSync(wrong, `${'ab'.repeat(32)}\n`);
    const into = join(other, 'not-made');
    let said = '';
    const note = (text: string) => {
      said += text;
    };
    const heard = { out: () => {}, note, env: { ANNALS_SECRETS: join(other, 'new-secrets') }, isInteractive: false };
    const args = ['restore', '--from', target.folder, '--keys-from', target.keysFolder, '--data', into];
    expect(await run([...args, '--master-key', wrong], heard)).toBe(1);
    expect(said).toContain('The master key does not open');
    expect(existsSync(into)).toBe(false);
    // as an operator made it, with the usual umask
    mkdirSync(into, { mode: 0o755 });
    expect(await run([...args, '--master-key', join(folder, 'secrets', 'master.key')], heard)).toBe(0);
    expect(statSync(into).mode & 0o777).toBe(0o700);
    const files = readdirSync(into).filter((file) => /\.(db|json)$/.test(file));
    expect(files).toHaveLength(4);
    for (const file of files) expect([file, statSync(join(into, file)).mode & 0o777]).toEqual([file, 0o600]);
  });

  it('is never written where keys and data lie together, nor over another', async () => {
    await expect(house.backup({ folder: other, keysFolder: join(other, 'keys') })).rejects.toMatchObject({
      code: 'keys-beside-data',
    });
    for (const inside of [{ folder: join(folder, 'data', 'backup') }, { keysFolder: join(folder, 'data', 'keys') }]) {
      const told = house.backup({ folder: join(other, 'log'), keysFolder: join(other, 'keys'), ...inside });
      await expect(told).rejects.toMatchObject({
        code: 'backup-refused',
        message: expect.stringContaining('inside the data folder'),
      });
    }
    expect(existsSync(join(folder, 'data', 'backup'))).toBe(false);
    await expect(house.backup(target)).rejects.toMatchObject({ status: 422, code: 'backup-refused' });
    await expect(restoreFolder(target, join(other, 'data'))).rejects.toThrow('not empty');
  });
});
