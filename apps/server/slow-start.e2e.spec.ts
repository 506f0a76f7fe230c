import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { type StandIn, startStandIn } from '../../test/stand-ins/eventstoredb/start.js';
import { settingsOf } from '../../test/support/engines.js';
import { eventually } from '../../test/support/house.js';
import { startServer } from '../../test/support/server.js';
import { examine } from '../cli/commands/doctor.js';
import { SlowStart } from './slow-start.js';

let folder: string;
let standIn: StandIn;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'annals-slow-start-'));
  standIn = await startStandIn({ folder: join(folder, 'eventstoredb') });
});
afterEach(async () => {
  await standIn.kill();
  rmSync(folder, { recursive: true, force: true });
});

const env = () => ({ ANNALS_DATA: join(folder, 'data'), ANNALS_SECRETS: join(folder, 'secrets') });
/** Where the server can be asked, as soon as it says so. */
const address = () => {
  const file = join(folder, 'data/server.json');
  return eventually(async () => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { url: string }).url : undefined));
};

it('a start that waits says so at its address, in its log and to the doctor, and goes on at the same address', async () => {
  standIn.signal('SIGSTOP');
  const settings = { ...settingsOf('slow', { eventstoredb: standIn.connection }), ANNALS_LOG_LEVEL: 'info' };
  const starting = startServer(folder, { env: { ...settings, ANNALS_EVENTSTOREDB_DEADLINE_MILLISECONDS: '60000' } });
  starting.catch(() => undefined);
  const url = await address();
  expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' });
  const ready = await fetch(`${url}/health/ready`);
  expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await ready.json()).toMatchObject({
    ready: false,
    failure: expect.stringMatching(/^The server is starting: it waits for log, since \d+ s\.$/),
    starting: { waitsFor: 'log', seconds: expect.any(Number) },
  });
  const command = await fetch(`${url}/v1/customers`, { method: 'POST', body: '{}' });
  expect([command.status, command.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await command.json()).toMatchObject({ type: '/problems/starting', status: 503 });
  const found = await examine({}, { env: env() });
  expect(found.find(({ check }) => check === 'ready')).toMatchObject({
    state: 'warning',
    finding: expect.stringMatching(/^is starting: it waits for log, since \d+ s$/),
  });

  standIn.signal('SIGCONT');
  const server = await starting;
  expect(server.url).toBe(url);
  expect(await server.get('/health/ready')).toMatchObject({ ready: true });
  const lines = server
    .errors()
    .split('\n')
    .filter((line) => line.includes('start.waits'));
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'start.waits', waitsFor: 'log', seconds: 2 });
  expect(await server.stop()).toEqual({ code: 0, signal: null });
}, 60_000);

it('a start that is refused in the end leaves no address behind', async () => {
  standIn.signal('SIGSTOP');
  const settings = settingsOf('slow', { eventstoredb: standIn.connection });
  const starting = startServer(folder, { env: { ...settings, ANNALS_EVENTSTOREDB_DEADLINE_MILLISECONDS: '4000' } });
  await expect(starting).rejects.toThrow(/It has to be there when the server starts/);
  expect(() => readFileSync(join(folder, 'data/server.json'))).toThrow('ENOENT');
}, 60_000);

it('a start says how far it has read the log', async () => {
  const start = new SlowStart({ port: 0 }, pino({ level: 'silent' }), (url) => urls.push(url));
  const urls: string[] = [];
  start.at({ waitsFor: 'erasures', share: 0.3456 });
  const [url] = await eventually(async () => (urls.length > 0 ? urls : undefined));
  expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ starting: { waitsFor: 'erasures', percent: 34 } });
  expect(await start.over()).toBe(Number(new URL(url ?? '').port));
}, 30_000);

it('a port that is taken is no reason not to start before it is needed', async () => {
  const other = createServer();
  const port = await new Promise<number>((listening) =>
    other.listen(0, '127.0.0.1', () => listening((other.address() as { port: number }).port)),
  );
  const start = new SlowStart({ port }, pino({ level: 'silent' }), () => {});
  await new Promise((slow) => setTimeout(slow, 2_500));
  expect(await start.over()).toBeUndefined();
  other.close();
}, 30_000);
