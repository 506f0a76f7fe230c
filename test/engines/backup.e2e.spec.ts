import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { run } from '../../apps/cli/program.js';
import { nameOf, onDistributedEngines, settingsOf } from '../support/engines.js';
import { eventually, temporaryFolder } from '../support/house.js';
import { type ServerProcess, startServer } from '../support/server.js';

const mongodb = process.env.ANNALS_TEST_MONGODB;
const missing = !onDistributedEngines
  ? 'part of npm run test:engines'
  : !mongodb
    ? 'set ANNALS_TEST_MONGODB: .ci/engines/mongodb.sh start'
    : undefined;
const described = missing === undefined ? describe : describe.skip;

described(`a backup of log and keys beside views in MongoDB${missing === undefined ? '' : ` (left out: ${missing})`}`, () => {
  const root = temporaryFolder();
  const [folder, copy, keysCopy] = [join(root, 'server'), join(root, 'copy'), join(root, 'copy-of-keys')];
  const data = join(folder, 'data');
  const env = {
    ...settingsOf(nameOf(data), { mongodb: mongodb ?? '' }),
    ANNALS_KEYS_ENGINE: 'sqlite',
    // over those of the suite
    ANNALS_LOG_ENGINE: 'sqlite',
    ANNALS_TOPICS_ENGINE: 'embedded',
  };
  let server: ServerProcess | undefined;
  afterAll(() => server?.stop());

  async function annals(...args: readonly string[]) {
    let out = '';
    let notes = '';
    const own = { ANNALS_DATA: data, ANNALS_SECRETS: join(folder, 'secrets') };
    const terminal = {
      out: (text: string) => (out += text),
      note: (text: string) => (notes += text),
      env: own,
      isInteractive: false,
    };
    return { code: await run(args, terminal), out: () => out, notes: () => notes };
  }
  async function send(...args: readonly string[]): Promise<string> {
    const { out } = await annals('send', ...args, '--json');
    return (JSON.parse(out()) as { id: string }).id;
  }
  const wonOrders = async (count: number) =>
    eventually(async () => {
      const { out } = await annals('replay', '--type', 'OrderPlaced');
      return out().trim().split('\n').filter(Boolean).length === count || undefined;
    }, 30_000);

  it('is taken, and restored beside the same MongoDB: views are built anew, processes go on', async () => {
    server = await startServer(folder, { env });
    const customerId = await send('register-customer', '--kind', 'ORGANISATION', '--name', 'Acme');
    const deal = () => send('open-opportunity', '--customer-id', customerId, '--amount', '100', '--currency', 'EUR');
    await send('win-opportunity', '--opportunity-id', await deal());
    const open = await deal();
    await wonOrders(1);

    const backup = await annals('backup', '--to', copy, '--keys-to', keysCopy, '--json');
    expect([backup.code, backup.notes()]).toEqual([0, '']);
    const report = JSON.parse(backup.out()) as { files: readonly { file: string }[]; state?: string };
    expect(report.files.map(({ file }) => file)).toEqual([join(keysCopy, 'keys.db'), join(copy, 'log.db')]);
    expect(report.state).toBe('elsewhere');
    const { findings } = JSON.parse((await annals('doctor', '--json')).out()) as {
      findings: readonly { check: string; finding: string }[];
    };
    expect(findings.find(({ check }) => check === 'backup')?.finding).toMatch(/^\d{4}-/);
    // what the backup does not have
    await send('win-opportunity', '--opportunity-id', await deal());
    await wonOrders(2);
    await server.stop();

    const restored = join(root, 'restored');
    const restore = ['restore', '--from', copy, '--keys-from', keysCopy, '--data'] as const;
    expect((await annals(...restore, restored)).code).toBe(0);
    server = await startServer(folder, { env: { ...env, ANNALS_DATA: restored } });
    const seen = await eventually(async () => {
      const answer = (await server?.get('/v1/views/pipeline?group=status')) as {
        groups?: readonly { status: string; count: number }[];
      };
      return answer.groups?.length === 2 ? answer.groups.map(({ status, count }) => [status, count]) : undefined;
    }, 60_000);
    expect(seen).toEqual([
      ['OPEN', 1],
      ['WON', 1],
    ]);
    const there = ['--url', server.url, '--token-file', join(folder, 'secrets', 'admin.token')];
    await annals('send', 'win-opportunity', '--opportunity-id', open, ...there);
    await eventually(async () => {
      const { out } = await annals('replay', '--type', 'OrderPlaced', ...there);
      return out().trim().split('\n').length === 2 || undefined;
    }, 60_000);
  }, 240_000);

  it('that lacks its state is not restored unless it says that this was elsewhere', async () => {
    writeFileSync(join(copy, 'format.json'), '{"format":1}\n');
    const { code, notes } = await annals('restore', '--from', copy, '--keys-from', keysCopy, '--data', join(root, 'not-made'));
    expect([code, notes()]).toEqual([1, expect.stringMatching(/state\.db is missing/)]);
  });
});
