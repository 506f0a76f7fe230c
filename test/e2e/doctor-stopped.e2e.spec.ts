import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { lockFolder } from '#adapters/sqlite';
import { examine } from '../../apps/cli/commands/doctor.js';
import { run } from '../../apps/cli/program.js';
import { openAnnals } from '../../apps/server/compose.js';
import { loadConfig } from '../../apps/server/config.js';
import { startServer } from '../../apps/server/start.js';
import { describeEmbedded } from '../support/engines.js';
import { everyRole, temporaryFolder } from '../support/house.js';

describeEmbedded('annals doctor where no server runs', () => {
  const place = temporaryFolder();
  const original = join(place, 'original');

  beforeAll(async () => {
    const house = await openAnnals({ data: join(original, 'data'), secrets: join(original, 'secrets'), backdateDays: 30 });
    const caller = { tenant: 'main', actor: { kind: 'service', id: 'spec' }, roles: new Set(everyRole) } as const;
    await house.commands.execute({ caller, command: 'RegisterCustomer', payload: { kind: 'PERSON', name: 'Ada Lovelace' } });
    await house.close();
  }, 60_000);

  /** A copy of the installation, stopped. */
  function installation(): { readonly folder: string; readonly env: Record<string, string> } {
    const folder = mkdtempSync(join(place, 'copy-'));
    cpSync(original, folder, { recursive: true });
    return { folder, env: { ANNALS_DATA: join(folder, 'data'), ANNALS_SECRETS: join(folder, 'secrets') } };
  }
  const problems = async (env: Record<string, string>) => (await examine({}, { env })).filter(({ state }) => state === 'problem');
  const exitCode = (env: Record<string, string>) => run(['doctor'], { env, out: () => {}, note: () => {}, isInteractive: false });

  it('finds nothing wrong with a sound one, and changes no file of it', async () => {
    const { folder, env } = installation();
    const files = () =>
      ['data', 'secrets'].flatMap((name) =>
        readdirSync(join(folder, name))
          .filter((file) => !/-(shm|lock)$|^lock/.test(file))
          .map((file) => [file, readFileSync(join(folder, name, file)).toString('base64')]),
      );
    const before = files();
    expect(await problems(env)).toEqual([]);
    expect(await exitCode(env)).toBe(0);
    expect(files()).toEqual(before);
  });

  it.each([
    ['log.db is missing', 'log', /log\.db is missing/, ({ folder }) => rmSync(join(folder, 'data', 'log.db'))],
    [
      'log.db is overwritten',
      'log',
      /log\.db is damaged/,
      ({ folder }) => {
        for (const file of ['log.db-wal', 'log.db-shm']) rmSync(join(folder, 'data', file), { force: true });
        writeFileSync(join(folder, 'data', 'log.db'), Buffer.alloc(20_000, 'garbage'));
      },
    ],
    ['keys.db is missing', 'keys', /none of their keys/, ({ folder }) => rmSync(join(folder, 'data', 'keys.db'))],
    ['master.key is missing', 'master.key', /is not there/, ({ folder }) => rmSync(join(folder, 'secrets', 'master.key'))],
    [
      'master.key is malformed',
      'master.key',
      /64 hexadecimal digits/,
      ({ folder }) => writeFileSync(join(folder, 'secrets', 'master.key'), 'not a key'),
    ],
    [
      'master.key is that of another installation',
      'keys',
      /made with another one/,
      ({ folder }) => writeFileSync(join(folder, 'secrets', 'master.key'), 'ab'.repeat(32)),
    ],
    ['a port cannot be', 'settings', /ANNALS_PORT/, ({ env }) => Object.assign(env, { ANNALS_PORT: '99999' })],
    [
      'an issuer has no audience',
      'settings',
      /oidcIssuer and oidcAudience need each other/,
      ({ env }) => Object.assign(env, { ANNALS_OIDC_ISSUER: 'https://id.example' }),
    ],
    ['a setting is unknown', 'settings', /ANNALS_PROT.*ANNALS_PORT/, ({ env }) => Object.assign(env, { ANNALS_PROT: '1' })],
    [
      'a certificate is not there',
      'settings',
      /tlsCert.*ENOENT/,
      ({ env }) => Object.assign(env, { ANNALS_TLS_CERT: '/nowhere.pem', ANNALS_TLS_KEY: '/nowhere.pem' }),
    ],
  ] as readonly [string, string, RegExp, (of: ReturnType<typeof installation>) => unknown][])(
    'says that %s, as a start does, and what to do',
    async (_, check, finding, harm) => {
      const harmed = installation();
      harm(harmed);
      expect(await problems(harmed.env)).toEqual([
        { check, state: 'problem', finding: expect.stringMatching(finding), advice: expect.any(String) },
      ]);
      expect(await exitCode(harmed.env)).toBe(1);
      await expect((async () => startServer(loadConfig({ ...harmed.env, ANNALS_LOG_LEVEL: 'silent' })))()).rejects.toThrow();
    },
  );

  it.each([
    [['log.db'], /log\.db is missing, though what is made after it is there \(.*keys\.db/],
    [['log.db', 'keys.db'], /log\.db is missing, though what is made after it is there \(.*state\.db/],
    [['state.db'], /state\.db is missing, with the timers .* though .*views\.db is there/],
    [['log.db', 'keys.db', 'state.db', 'views.db'], /admin\.token is the token of another installation/],
  ] as const)('says in the words of a start what is wrong without %j', async (files, words) => {
    const { folder, env } = installation();
    for (const file of readdirSync(join(folder, 'data')))
      if (files.some((name) => file.startsWith(name))) rmSync(join(folder, 'data', file));
    const [found] = await problems(env);
    expect(found?.finding).toMatch(words);
    await expect((async () => startServer(loadConfig({ ...env, ANNALS_LOG_LEVEL: 'silent' })))()).rejects.toThrow(found?.finding);
    expect(await problems(env)).toEqual([found]);
  });

  it('has no fault to find in a folder that is not there yet', async () => {
    const folder = join(place, 'new');
    expect(await problems({ ANNALS_DATA: join(folder, 'data'), ANNALS_SECRETS: join(folder, 'secrets') })).toEqual([]);
  });

  it('calls a server that holds the folder and does not listen yet no problem, until it has listened', async () => {
    const { env } = installation();
    const lock = lockFolder(env.ANNALS_DATA ?? '');
    try {
      const found = await examine({}, { env });
      expect(found.filter(({ state }) => state === 'problem')).toEqual([]);
      expect(found.find(({ check }) => check === 'lock')).toMatchObject({
        state: 'warning',
        finding: expect.stringMatching(/^held since \S+ by process \d+, which does not listen: it starts, or it stops$/),
        advice: expect.stringMatching(/^Wait: /),
      });
      // a start is no way out of that, so nothing is said of the next one
      expect(found.map(({ check }) => check)).not.toContain('server');
      writeFileSync(
        join(env.ANNALS_DATA ?? '', 'server.json'),
        JSON.stringify({ url: 'http://127.0.0.1:9', pid: process.pid, startedAt: new Date().toISOString() }),
      );
      expect(await problems(env)).toMatchObject([
        { check: 'lock', finding: `held by process ${process.pid}, which does not answer` },
      ]);
    } finally {
      lock.release();
    }
  });

  it('asked about another address, does not blame it on the server that runs here', async () => {
    const { env } = installation();
    const server = await startServer(loadConfig({ ...env, ANNALS_PORT: '0', ANNALS_LOG_LEVEL: 'silent' }));
    try {
      const found = await examine({ url: 'http://127.0.0.1:9' }, { env });
      expect(found.filter(({ state }) => state === 'problem').map(({ check }) => check)).toEqual(['server']);
      expect(found.find(({ check }) => check === 'lock')).toMatchObject({
        state: 'ok',
        finding: expect.stringContaining('held by the running server'),
      });
    } finally {
      await server.close();
    }
  });
});
