import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/house.js';

const run = promisify(execFile);

interface Installed {
  readonly files: readonly string[];
  readonly exported: string;
}

/** Packed as `npm run pack:<name>` does, installed into an empty folder without network, imported, and a program checked against its types. */
async function installed(name: 'client' | 'consumer', program: string): Promise<Installed> {
  const folder = temporaryFolder();
  const { stdout: packed } = await run('npm', ['run', '--silent', `pack:${name}`, '--', folder]);
  const service = join(folder, 'service');
  mkdirSync(service);
  writeFileSync(join(service, 'package.json'), '{ "type": "module", "private": true }');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--no-save', packed.trim()], { cwd: service });
  writeFileSync(join(service, 'service.ts'), program);
  // without skipLibCheck: the types of the package itself hold with nothing else installed
  const types = ['--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];
  await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '--noEmit', ...types, 'service.ts'], { cwd: service });
  const exports = `import('@annals/${name}').then((all) => console.log(Object.keys(all).sort().join(' ')))`;
  const { stdout: exported } = await run(process.execPath, ['--input-type=module', '-e', exports], { cwd: service });
  const { stdout: files } = await run('tar', ['-tzf', packed.trim()]);
  return { files: files.trim().split('\n'), exported: exported.trim() };
}

describe('a packed package, installed without network', () => {
  it('of the client, has what a service imports, its types, the licence, and nothing of the sources', async () => {
    const { files, exported } = await installed(
      'client',
      `import { AnnalsClient, type AnnalsRefusal } from '@annals/client';
       const annals = new AnnalsClient({ url: 'http://localhost', token: 'any' });
       export const opened: Promise<{ readonly id: string }> = annals.commands.openOpportunity({ amount: 1, currency: 'EUR' });
       export const code = (refusal: AnnalsRefusal): string => refusal.code;
       // @ts-expect-error an amount is a number
       export const wrong = () => annals.commands.openOpportunity({ amount: '1', currency: 'EUR' });`,
    );
    expect(exported).toBe('AnnalsClient AnnalsError AnnalsRefusal AnnalsUnavailable DryRunIgnored commandRoutes viewNames');
    expect(files).toEqual(
      expect.arrayContaining(['package/LICENSE', 'package/README.md', 'package/index.js', 'package/index.d.ts']),
    );
    expect(files.filter((file) => /(?<!\.d)\.ts$|spec|tsconfig/.test(file))).toEqual([]);
  }, 180_000);

  it('of the consumer kit, too', async () => {
    const { files, exported } = await installed(
      'consumer',
      `import { Consumer, listSource, memoryInbox, on } from '@annals/consumer';
       const handlers = [on('OpportunityOpened', ({ data }) => console.log(data.amount + 1))];
       const keys = { open: async (all: readonly unknown[]) => all.map(() => 'x') };
       const consumer = new Consumer({ name: 'board', inbox: memoryInbox(), handlers, keys });
       export const done: Promise<void> = consumer.run(listSource([]), new AbortController().signal);
       // @ts-expect-error there is no such fact
       on('OpportunityOpend', () => {});`,
    );
    expect(exported.split(' ')).toContain('Consumer');
    expect(files).toEqual(
      expect.arrayContaining(['package/LICENSE', 'package/README.md', 'package/index.js', 'package/index.d.ts']),
    );
    expect(files.filter((file) => /(?<!\.d)\.ts$|spec|tsconfig/.test(file))).toEqual([]);
  }, 180_000);
});
