import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DatabaseSync } from '@photostructure/sqlite';
import { eventually, temporaryFolder } from '../support/house.js';
import { type ServerProcess, startServer } from '../support/server.js';

const { ANNALS_TEST_KAFKA: brokers, ANNALS_TEST_PYTHON: python } = process.env;
const SAMPLES = resolve('samples/consumers');

const whenKafka = brokers ? describe : describe.skip;

/** The sample of the packed kit, installed as npm would install it, compiled against its types. */
function builtSample(folder: string): string {
  const sample = join(folder, 'mailing-list');
  cpSync(join(SAMPLES, 'typescript'), sample, { recursive: true });
  const modules = join(sample, 'node_modules');
  mkdirSync(join(modules, '@annals'), { recursive: true });
  for (const name of ['kafkajs', '@photostructure', '@types', 'undici-types', 'typescript'])
    symlinkSync(resolve('node_modules', name), join(modules, name));
  const packed = execFileSync(process.execPath, ['scripts/pack.mjs', 'consumer', folder], { encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xzf', packed, '-C', folder]);
  cpSync(join(folder, 'package'), join(modules, '@annals', 'consumer'), { recursive: true });
  execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', sample], { encoding: 'utf8' });
  return join(sample, 'dist', 'mailing-list.js');
}

interface Running {
  readonly child: ChildProcess;
  stop(): Promise<number | null>;
}
const running = new Set<ChildProcess>();

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const child = spawn(program, [...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] });
  running.add(child);
  const ended = once(child, 'exit').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  return {
    child,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function rows<R>(file: string, query: string): readonly R[] {
  if (!existsSync(file)) return [];
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    return database.prepare(query).all() as R[];
  } catch {
    // the tables are not there yet
    return [];
  } finally {
    database.close();
  }
}

whenKafka(`sample consumers on a broker${brokers ? '' : ' (skipped: set ANNALS_TEST_KAFKA, .ci/engines/kafka.sh start)'}`, () => {
  const folder = temporaryFolder();
  const prefix = `s${process.pid}`;
  let server: ServerProcess;
  let env: Record<string, string>;

  beforeAll(async () => {
    server = await startServer(join(folder, 'server'), {
      env: {
        ANNALS_TOPICS_ENGINE: 'kafka',
        ANNALS_KAFKA_BROKERS: brokers ?? '',
        ANNALS_KAFKA_PREFIX: prefix,
        ANNALS_KAFKA_PARTITIONS: '3',
      },
    });
    env = { ANNALS_URL: server.url, ANNALS_TOKEN: server.token, KAFKA_BROKERS: brokers ?? '', TOPIC_PREFIX: prefix };
  });
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await server.stop();
  });

  async function post<A>(path: string, body: object, token = server.token): Promise<A> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${server.url}/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer as A;
  }
  const send = async (path: string, body: object) => (await post<{ readonly id: string }>(path, body)).id;
  async function erase(customerId: string): Promise<void> {
    const { token } = await post<{ readonly token: string }>('admin/tokens', {
      label: 'privacy',
      roles: ['privacy'],
      holder: crypto.randomUUID(),
    });
    await post(`customers/${customerId}/erase`, {}, token);
  }
  async function customer(name: string): Promise<string> {
    const id = await send('customers', { kind: 'ORGANISATION', name });
    await send(`customers/${id}/contacts`, { name: `Contact of ${name}`, email: `${name.toLowerCase()}@example.org` });
    return id;
  }
  async function win(customerId: string, amount: number): Promise<void> {
    const id = await send('opportunities', { customerId, amount, currency: 'EUR' });
    await send(`opportunities/${id}/win`, {});
  }
  const same = async <R>(file: string, query: string, wanted: readonly R[]) => {
    let last: readonly R[] = [];
    await eventually(async () => {
      last = rows<R>(file, query);
      return JSON.stringify(last) === JSON.stringify(wanted) ? true : undefined;
    }, 40_000).catch(() => expect(last).toEqual(wanted));
  };

  it('in TypeScript, with the packed kit: names and addresses, gone with their person, each once over a restart', async () => {
    const program = builtSample(folder);
    const file = join(folder, 'mailing-list.db');
    const recipients = 'SELECT email FROM recipient ORDER BY email';
    const acme = await customer('Acme');
    await customer('Beta');

    const first = run(process.execPath, [program], { ...env, DATABASE: file });
    await same(file, recipients, [{ email: 'acme@example.org' }, { email: 'beta@example.org' }]);
    await customer('Gamma');
    await same(file, recipients, [{ email: 'acme@example.org' }, { email: 'beta@example.org' }, { email: 'gamma@example.org' }]);
    expect(await first.stop()).toBe(0);

    await erase(acme);
    await customer('Delta');
    const { KAFKA_BROKERS: _, ...overHttp } = env;
    const second = run(process.execPath, [program], { ...overHttp, DATABASE: file });
    await same(file, recipients, [{ email: 'beta@example.org' }, { email: 'delta@example.org' }, { email: 'gamma@example.org' }]);
    expect(await second.stop()).toBe(0);
    expect(rows(file, 'SELECT * FROM inbox_dead_letter')).toEqual([]);
  }, 120_000);

  it('in TypeScript, killed while events come: each contact once, and nothing put aside', async () => {
    const program = join(folder, 'mailing-list', 'dist', 'mailing-list.js');
    const file = join(folder, 'killed.db');
    const many = "SELECT COUNT(*) AS count FROM recipient WHERE email LIKE '%@many.example'";
    const kept = () => rows<{ count: number }>(file, many)[0]?.count ?? 0;
    const customers: string[] = [];
    const contact = async (index: number) => {
      // a customer has 500 contacts at most
      const of = Math.floor(index / 500);
      customers[of] ??= await send('customers', { kind: 'ORGANISATION', name: 'Many' });
      await send(`customers/${customers[of]}/contacts`, { name: `Contact ${index}`, email: `c${index}@many.example` });
    };
    let sent = 0;
    for (let kills = 0; kills < 2; kills++) {
      const had = kept();
      const killed = run(process.execPath, [program], { ...env, DATABASE: file });
      // some arrive one by one, so that the kill falls between them
      while (kept() <= had) await contact(sent++);
      killed.child.kill('SIGKILL');
      await once(killed.child, 'exit');
    }
    const last = run(process.execPath, [program], { ...env, DATABASE: file });
    await contact(sent++);
    await same(file, many, [{ count: sent }]);
    expect(await last.stop()).toBe(0);
    // a second insert of the same contact would have been put aside
    expect(rows(file, 'SELECT * FROM inbox_dead_letter')).toEqual([]);
  }, 180_000);

  const withPython = python ? it : it.skip;
  withPython(
    `in Python${python ? '' : ' (skipped: set ANNALS_TEST_PYTHON to a Python with samples/consumers/python/requirements.txt)'}: sums by customer, each deal once`,
    async () => {
      const file = join(folder, 'won-deals.db');
      const board = "SELECT name, amount, deals FROM board WHERE name LIKE '% Ltd' ORDER BY name";
      const [north, south] = [
        await send('customers', { kind: 'ORGANISATION', name: 'North Ltd' }),
        await send('customers', { kind: 'ORGANISATION', name: 'South Ltd' }),
      ];
      await win(north, 1_000);
      await win(south, 70_000);
      const args = [join(SAMPLES, 'python', 'won_deals.py')];
      const first = run(python ?? '', args, { ...env, DATABASE: file });
      await same(file, board, [
        { name: 'North Ltd', amount: 1_000, deals: 1 },
        { name: 'South Ltd', amount: 70_000, deals: 1 },
      ]);
      expect(await first.stop()).toBe(0);
      await win(north, 500);
      const second = run(python ?? '', args, { ...env, DATABASE: file });
      await same(file, board, [
        { name: 'North Ltd', amount: 1_500, deals: 2 },
        { name: 'South Ltd', amount: 70_000, deals: 1 },
      ]);
      expect(await second.stop()).toBe(0);
    },
    120_000,
  );
});
