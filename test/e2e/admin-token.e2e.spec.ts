import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { rolesApart } from '#kernel';
import { run } from '../../apps/cli/program.js';
import { openAnnals } from '../../apps/server/compose.js';
import { startServerProcess } from '../../bench/support/server-process.js';
import { describeEmbedded } from '../support/engines.js';
import { everyRole, temporaryFolder } from '../support/house.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function house(folder: string) {
  const opened = await openAnnals({ data: join(folder, 'data'), secrets: join(folder, 'secrets'), backdateDays: 30 });
  open.push(opened);
  return opened;
}

describeEmbedded('the token of the administrator', () => {
  it('is never that of another installation, overwritten: a new folder refuses to start, and makes nothing', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'secrets'));
    const file = join(folder, 'secrets', 'admin.token');
    writeFileSync(file, 'annals_main_of_another\n');
    await expect(house(folder)).rejects.toThrow(/another installation.*ANNALS_SECRETS/);
    expect(readFileSync(file, 'utf8')).toBe('annals_main_of_another\n');
    expect(existsSync(join(folder, 'data', 'log.db'))).toBe(false);
    rmSync(file);
    const started = await house(folder);
    expect(await started.access.authenticate(readFileSync(file, 'utf8').trim())).toBeDefined();
  }, 60_000);

  it('ends a start that cannot keep it, and leaves nothing running', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'secrets', 'admin.token.pending'), { recursive: true });
    await expect(startServerProcess(folder)).rejects.toMatchObject({ code: 1, said: expect.stringContaining('did not start') });
    rmSync(join(folder, 'secrets', 'admin.token.pending'), { recursive: true });
    const server = await startServerProcess(folder);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  }, 60_000);

  it('can be made again by who has the folder and the master key, on record, while no server runs', async () => {
    const folder = temporaryFolder();
    const first = await house(folder);
    const { adminTokenFile: file } = first;
    rmSync(file);
    const told: string[] = [];
    const recover = () =>
      run(['tokens', 'recover', '--data', join(folder, 'data')], {
        env: { ANNALS_SECRETS: join(folder, 'secrets') },
        out: (text) => void told.push(text),
        note: (text) => void told.push(text),
        isInteractive: false,
      });
    expect(await recover()).not.toBe(0);
    expect(existsSync(file)).toBe(false);
    await open.pop()?.close();
    expect([await recover(), told.at(-1)]).toEqual([0, expect.stringContaining(file)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await house(folder);
    const caller = await again.access.authenticate(readFileSync(file, 'utf8').trim());
    expect([...(caller?.roles ?? [])].sort()).toEqual([...rolesApart(everyRole)].sort());
    const { facts } = await again.facts.page({ tenant: 'main', types: ['TokenIssued'], limit: 10 });
    expect(facts.at(-1)).toMatchObject({
      actor: { kind: 'process', id: 'token-recovery' },
      data: { label: 'recovered administrator' },
    });
  }, 120_000);
});
