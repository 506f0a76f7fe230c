import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../../apps/cli/client/client.js';
import { companyOf } from '../../apps/demo/company.js';
import { caughtUp, finished, sendersFor, sendHistory } from '../../apps/demo/send-history.js';
import { board, curls, document, verdicts } from '../../apps/demo/show.js';
import { loadConfig } from '../../apps/server/config.js';
import { type RunningServer, startServer } from '../../apps/server/start.js';
import { engineSettings, onDistributedEngines } from '../support/engines.js';
import { eventually, temporaryFolder } from '../support/house.js';

const shell = promisify(execFile);
const UNTIL = new Date().toISOString().slice(0, 10);

describe('the sample company on a server', () => {
  let server: RunningServer;
  let client: Client;
  // Each command is some round trips there; a smaller company has no customer who left, and no order to show.
  const company = companyOf(3, UNTIL, onDistributedEngines ? 0.05 : 0.1);

  beforeAll(async () => {
    const root = temporaryFolder();
    server = await startServer(
      loadConfig({
        ANNALS_DATA: path.join(root, 'data'),
        ANNALS_SECRETS: path.join(root, 'secrets'),
        ANNALS_PORT: '0',
        ANNALS_LOG_LEVEL: 'error',
        ...(await engineSettings(path.join(root, 'data'))),
      }),
    );
    client = new Client(server.url, readFileSync(server.adminTokenFile, 'utf8').trim());
    const senders = await sendersFor(client);
    await sendHistory(senders, company.commands, () => {});
    await finished(client, await sendHistory(senders, company.today, () => {}));
    await caughtUp(client);
  }, 400_000);
  afterAll(() => server?.close());

  const head = async () => ((await (await client.raw('/health/ready')).json()) as { head: string }).head;
  const groups = async (view: string, group: string) =>
    (
      await client.get<{ groups: readonly Readonly<Record<string, unknown>>[] }>(`/v1/views/${view}`, {
        group,
        minPosition: await head(),
      })
    ).groups;

  it('is taken in without a refusal, and has every opportunity of its commands and those of its leads', async () => {
    const opened = company.commands.filter(({ command }) => command === 'OpenOpportunity').length;
    const converted = company.today.filter(({ command }) => command === 'ConvertLead').length;
    const total = (await groups('pipeline', 'status')).reduce((sum, { count }) => sum + Number(count), 0);
    expect([converted > 0, total]).toEqual([true, opened + converted]);
    expect((await groups('leads', 'status')).find(({ status }) => status === 'CONVERTED')?.count).toBe(converted);
  });

  it('has customers with contracts, of whom some are lost', async () => {
    const started = company.commands.filter(({ command }) => command === 'StartContract').length;
    const ended = company.commands.filter(({ command }) => command === 'EndContract').length;
    const count = async (group: string, value: string) =>
      (await groups('relationships', group))
        .filter((found) => found[group] === value)
        .reduce((sum, { count }) => sum + Number(count), 0);
    expect([started > ended, ended > 0]).toEqual([true, true]);
    expect(await count('churnedBy', 'CONTRACT')).toBeGreaterThan(0);
    expect(await count('status', 'ACTIVE')).toBeGreaterThan(0);
  });

  it('has stalled opportunities and reminded invoices, by the clock', async () => {
    await eventually(async () => (await groups('pipeline', 'stalled')).find(({ stalled }) => stalled === true));
    const { facts } = await client.get<{ facts: readonly { occurredAt: string }[] }>('/v1/facts', { type: 'OpportunityStalled' });
    expect((facts[0]?.occurredAt ?? '9999') < UNTIL).toBe(true);
  });

  it('shows a board of today beside a year ago, a customer and an order', async () => {
    const day = `${Number(UNTIL.slice(0, 4)) - 1}${UNTIL.slice(4)}`.replace('-02-29', '-02-28');
    expect(await board(client, ['PROSPECTING'], day, await head())).toMatch(/PROSPECTING +\d+ +[\d,.]+ EUR +\d+/);
    expect(await document(client, 'customer360', company.showcase.customerId, 'A customer')).toContain('registeredAt');
    expect(await document(client, 'order-to-cash', company.showcase.orderId, 'An order')).toMatch(/status +COMPLETED/);
  });

  it('has tickets whose promises were kept and were not, and routes those of today', async () => {
    expect(await verdicts(client, await head())).toMatch(/FIRST_RESPONSE +HIGH +\d+ +\d+ +\d+/);
    const kept = await groups('sla', 'verdict');
    expect(kept.map(({ verdict }) => verdict)).toEqual(expect.arrayContaining(['FULFILLED', 'FAILED']));
    const opened = company.today.filter(({ command }) => command === 'OpenTicket').length;
    const routed = () => groups('ticket-queue', 'rule').then((rules) => rules.filter(({ rule }) => rule));
    const assigned = await eventually(async () => {
      const count = (await routed()).reduce((sum, rule) => sum + Number(rule.count), 0);
      return count === opened ? count : undefined;
    });
    expect(assigned).toBeGreaterThan(0);
  });

  it('offers lines that work when pasted: a command, its retry, the past', async () => {
    const lines = curls(server.url, server.adminTokenFile, { pipelineId: company.pipelineId, day: '2025-01-01' })
      .split('\n')
      .filter((line) => line.startsWith('  curl'));
    expect(lines).toHaveLength(3);
    const answers = [];
    for (const line of lines) answers.push(JSON.parse((await shell('sh', ['-c', line])).stdout) as Record<string, unknown>);
    const [first, retry, past] = answers;
    expect(first).toMatchObject({ outcome: 'created', facts: ['OpportunityOpened'] });
    expect(retry).toEqual(first);
    expect(past).toMatchObject({ view: 'pipeline', groups: expect.any(Array) });
  });
});

describe('npm run demo', () => {
  it('moves on from a busy port, and at Ctrl-C stops and removes its folder', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as { port: number };
    const folder = temporaryFolder();
    const demo = spawn(process.execPath, ['dist/apps/demo/main.js', '--port', String(port), '--maven', folder], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    demo.stderr.on('data', (chunk) => (said += chunk));
    demo.stdout.on('data', (chunk) => (said += chunk));
    const [code] = (await once(demo, 'exit')) as [number];
    busy.close();
    // There is no data in that folder: it says so, and leaves nothing behind.
    expect([code, said.includes('cannot read')]).toEqual([1, true]);
    expect(existsSync(path.join(folder, 'maven-sales-rejects.ndjson'))).toBe(false);
    const { stdout } = await shell('ls', [folder]);
    expect(stdout).toBe('');
  }, 60_000);
});
