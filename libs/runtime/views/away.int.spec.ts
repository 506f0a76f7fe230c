import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mirrorLog } from '#adapters/eventstoredb';
import { openSqliteLogCopy, openSqliteViews } from '#adapters/sqlite';
import { type Log, LogUnavailable, type ViewStore } from '../ports.js';
import { unavailable } from '../unavailable.js';
import type { Views } from './service.js';
import { Standings } from './standings.js';
import { CompanySystem, document, groups, list, until } from './testing/company-system.js';
import { CustomerNoted, DealMoved, DealOpened, deals } from './testing/deals.js';

/** `away`: refuses each question at once. `frozen`: says nothing until its deadline. */
type State = 'open' | 'away' | 'frozen';
const DEADLINE = 5_000;

let system: CompanySystem;
let state: State;
let reading: ViewStore;
const mirrors: Log[] = [];
const timers = new Set<NodeJS.Timeout>();
beforeEach(async () => {
  system = await CompanySystem.open();
  state = 'open';
});
afterEach(async () => {
  state = 'away';
  for (const timer of timers) clearTimeout(timer);
  for (const mirror of mirrors.splice(0)) await mirror.close();
  await reading?.close();
  await system.close();
});

/** The log of the system as a remote one that can be away. */
function remote(): Log {
  const { log } = system;
  const asked = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (state === 'open') return ask();
    if (state === 'frozen') await new Promise((late) => timers.add(setTimeout(late, DEADLINE)));
    throw new LogUnavailable('The log does not answer.');
  };
  return {
    id: log.id,
    start: log.start,
    exclusive: false,
    sparse: true,
    append: (...append) => log.append(...append),
    readStream: (...read) => asked(() => log.readStream(...read)),
    readAll: (...read) => asked(() => log.readAll(...read)),
    head: () => asked(() => log.head()),
    onAppend: (listener) => log.onAppend(listener),
    close: async () => {},
  };
}

async function mirror(): Promise<Log> {
  const log = await mirrorLog(remote(), (id) => openSqliteLogCopy(join(system.folder, 'mirror.db'), id));
  mirrors.push(log);
  return log;
}

/** Reads through a mirror what another worker writes, which tells where the views stand if they share memory. */
async function reader(standings?: SharedArrayBuffer): Promise<Views> {
  reading = await openSqliteViews({ file: join(system.folder, 'views.db') }, { readonly: true });
  return system.start([deals], { writes: false, log: await mirror(), store: reading, standings });
}

const opened = (dealId: string) => DealOpened({ dealId, customerId: randomUUID(), amount: 1_000, currency: 'EUR' });
const standing = (memory: SharedArrayBuffer) => new Standings(memory, ['deals'], system.log.id).read('deals');
const DAY = { asOf: '2026-01-06' };

describe.each([
  ['in the process of the writer', true],
  ['elsewhere', false],
])('while the log is away, who reads %s', (_where, isTold) => {
  it('says how old the answer is, also of the past, of what is not there, and of what it lacks', async () => {
    const standings = isTold ? Standings.memoryFor(1) : undefined;
    await system.start([deals], { log: remote(), standings });
    const views = await reader(standings);
    const deal = randomUUID();
    await system.recorder.record(opened(deal));
    const { position } = await system.recorder.record(CustomerNoted({ customerId: randomUUID(), note: 'hello' }));
    const before = await document(views, 'deals', deal, { ...DAY, minPosition: position, wait: '10000' });
    expect(before).toMatchObject({ document: { phase: 'OPEN' } });
    expect(before).not.toHaveProperty('age');
    await until(async () => (await list(views, 'deals')).meta.position >= position);

    state = 'away';
    await until(async () => (await list(views, 'deals')).age !== undefined);
    const aged = { age: expect.any(Number), meta: { position } };
    expect(await document(views, 'deals', deal, DAY)).toMatchObject({ ...aged, document: { phase: 'OPEN' } });
    expect(await document(views, 'deals', randomUUID(), DAY)).toMatchObject({ ...aged, document: undefined });
    expect(await document(views, 'deals', randomUUID())).toMatchObject({ ...aged, document: undefined });
    expect(await groups(views, 'deals', { ...DAY, group: 'phase' })).toMatchObject(aged);
    expect(await document(views, 'deals', deal, { knownAt: new Date().toISOString() })).toMatchObject(aged);
    const beyond = position.replace(/\d{4}$/, '9999');
    await expect(list(views, 'deals', { minPosition: beyond, wait: '0' })).rejects.toMatchObject({
      code: 'view-behind',
      options: { age: expect.any(Number), members: { position } },
    });
    // What cannot be another answer later carries none, so that the same question has the same answer.
    expect(await document(views, 'deals', deal, { ...DAY, position })).not.toHaveProperty('age');
    expect(await document(views, 'deals', deal, { knownAt: '2026-02-01' })).not.toHaveProperty('age');

    state = 'open';
    await until(async () => (await document(views, 'deals', deal, DAY)).age === undefined);
  }, 30_000);

  it('waits half a second once for one that is frozen, and then not at all', async () => {
    const standings = isTold ? Standings.memoryFor(1) : undefined;
    await system.start([deals], { log: remote(), standings });
    const views = await reader(standings);
    const deal = randomUUID();
    const { position } = await system.recorder.record(opened(deal));
    await document(views, 'deals', deal, { ...DAY, minPosition: position, wait: '10000' });
    await until(async () => (await mirrors[0]?.readAll(system.log.start, { limit: 9 }))?.position === position);
    state = 'frozen';
    await until(() => (standings ? (standing(standings)?.age ?? 0) > 3_000 : true));
    const began = performance.now();
    for (let times = 0; times < 20; times++) {
      expect((await document(views, 'deals', deal, DAY)).meta.position).toBe(position);
      expect((await document(views, 'deals', deal, { knownAt: new Date().toISOString() })).meta.position).toBe(position);
    }
    expect(performance.now() - began).toBeLessThan(DEADLINE / 2);
  }, 30_000);
});

it('does not take for the past what a copy lacks while the log is away', async () => {
  await system.start([deals]);
  const deal = randomUUID();
  const { position } = await system.recorder.record(opened(deal));
  reading = await openSqliteViews({ file: join(system.folder, 'views.db') }, { readonly: true });
  const log = await mirrorLog(remote(), async (id) => ({
    ...(await openSqliteLogCopy(join(system.folder, 'mirror.db'), id)),
    write: () => Promise.reject(new Error('The disk is full.')),
  }));
  mirrors.push(log);
  const views = await system.start([deals], { writes: false, log, store: reading });
  await list(views, 'deals', { minPosition: position });
  state = 'away';
  for (const parameters of [DAY, { knownAt: '2026-02-01' }]) {
    const refused = await document(views, 'deals', deal, parameters).catch((error: unknown) => error);
    expect(unavailable(refused)).toMatchObject({ status: 503, code: 'log-unavailable' });
  }
  state = 'open';
  await system.recorder.record(DealMoved({ dealId: deal, phase: 'WON' }));
  expect((await document(views, 'deals', deal, { ...DAY, position })).document).toMatchObject({ phase: 'OPEN' });
});
