import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CheckUp, type CheckUpOptions } from './check-up.js';
import { type KeyStore, type Log, LogUnavailable, StoreFault } from './ports.js';
import { notingKeys, notingLog, type Refused } from './refused.js';

const at = (n: number) => `aaaaaaaa.${String(n).padStart(16, '0')}`;

/** A log that is written to and a reader of each kind, all of them moved by hand. */
async function watched() {
  let head = 0;
  let listener: (head: string) => void = () => {};
  const reader = { position: at(0), movedAt: Date.now() };
  const log = {
    start: at(0),
    sparse: false,
    head: async () => at(head),
    onAppend(told: (head: string) => void) {
      listener = told;
      return () => {};
    },
  };
  const checkUp = await CheckUp.open({
    log,
    refused: {},
    views: { progress: async () => [{ view: 'deals', parked: 0, ...reader }] },
    runner: { readers: () => [{ name: 'reminders', parked: 0, ...reader }] },
    publication: { readers: () => [{ name: 'relay.g1.0', failure: undefined, ...reader }] },
  } as unknown as CheckUpOptions);
  return {
    append() {
      head++;
      listener(at(head));
    },
    follow(behind = 0) {
      reader.position = at(head - behind);
      reader.movedAt = Date.now();
    },
    async seen() {
      const { readers } = await checkUp.health();
      expect(readers.map(({ kind }) => kind)).toEqual(['view', 'process', 'relay']);
      const [first, ...others] = readers.map(({ lagFacts, lagSeconds, stalled }) => ({ lagFacts, lagSeconds, stalled }));
      for (const other of others) expect(other).toEqual(first);
      return first as { lagFacts: number; lagSeconds: number; stalled: boolean };
    },
  };
}

/** A log that goes from nothing to ten facts, and webhooks: those that wait for their receivers, and those that do not move. */
async function delivering(...webhooks: readonly { readonly at: number; readonly waits?: true }[]) {
  const opened = Date.now();
  let told = (_: string) => {};
  let head = 0;
  const checkUp = await CheckUp.open({
    log: {
      start: at(0),
      sparse: false,
      head: async () => at(head),
      onAppend: (listener: typeof told) => {
        told = listener;
        return () => {};
      },
    },
    refused: {},
    views: { progress: async () => [] },
    runner: { readers: () => [] },
    delivery: {
      waiting: undefined,
      get deliveries() {
        return webhooks.map((one) => ({ position: at(one.at), movedAt: one.waits ? Date.now() : opened }));
      },
    },
  } as unknown as CheckUpOptions);
  head = 10;
  told(at(head));
  return checkUp;
}

describe('the lag of readers', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is that of the newest facts while a reader moves with steady writes, however often it is asked for', async () => {
    const { append, follow, seen } = await watched();
    for (let tenths = 0; tenths < 6_000; tenths++) {
      jest.advanceTimersByTime(100);
      append();
      follow(2);
      // each time something is on its way
      if (tenths % 850 === 0) expect((await seen()).lagSeconds).toBeLessThan(1.5);
    }
    const { lagFacts, lagSeconds, stalled } = await seen();
    expect([lagFacts, stalled]).toEqual([2, false]);
    expect(lagSeconds).toBeLessThan(1.5);
  });

  it('begins with the first fact after a quiet stretch, asked for seldom', async () => {
    const { append, follow, seen } = await watched();
    append();
    follow();
    await seen();
    jest.advanceTimersByTime(3_600_000);
    append();
    jest.advanceTimersByTime(500);
    expect(await seen()).toEqual({ lagFacts: 1, lagSeconds: 0.5, stalled: false });
  });

  it('is told at the first question: of a reader that stands still, and apart from one that is slow', async () => {
    const { append, follow, seen } = await watched();
    append();
    append();
    jest.advanceTimersByTime(120_000);
    expect(await seen()).toEqual({ lagFacts: 2, lagSeconds: 120, stalled: true });
    follow(1);
    expect(await seen()).toMatchObject({ lagFacts: 1, stalled: false });
    follow();
    expect(await seen()).toEqual({ lagFacts: 0, lagSeconds: 0, stalled: false });
  });

  it('of webhooks is that of the slowest, as one reader without a name of any', async () => {
    const checkUp = await delivering({ at: 10 }, { at: 7, waits: true });
    jest.advanceTimersByTime(120_000);
    expect((await checkUp.health()).readers).toEqual([
      { name: 'webhook-deliveries', kind: 'webhook', position: at(7), parked: 0, lagFacts: 3, lagSeconds: 120, stalled: false },
    ]);
  });

  it('of webhooks tells one that stands still beside a slower one that waits for its receiver', async () => {
    const checkUp = await delivering({ at: 3, waits: true }, { at: 7 }, { at: 10 });
    jest.advanceTimersByTime(120_000);
    expect((await checkUp.health()).readers).toMatchObject([{ position: at(3), lagFacts: 7, stalled: true }]);
  });

  it('of webhooks is not known to a server that does not deliver', async () => {
    const checkUp = await delivering();
    expect((await checkUp.health()).readers).toEqual([]);
  });
});

describe('a server that storage refuses something', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const log = (own: Partial<Log>) =>
    ({ start: at(0), sparse: false, head: async () => at(0), onAppend: () => () => {}, ...own }) as unknown as Log;
  const checkUpOf = (refused: Refused) =>
    CheckUp.open({
      log: log({}),
      refused,
      views: { progress: async () => [] },
      runner: { readers: () => [] },
    } as unknown as CheckUpOptions);

  it('is not ready until the same goes well, or for two minutes', async () => {
    const refused: Refused = {};
    const checkUp = await checkUpOf(refused);
    const full = new StoreFault(true, 'full', undefined, 'the disk that holds a store is full');
    let isFull = true;
    const create = () => (isFull ? Promise.reject(full) : Promise.resolve(new Uint8Array(32)));
    const keys = notingKeys({ create } as unknown as KeyStore, refused);
    await expect(keys.create('main', 'a.contact')).rejects.toBe(full);
    expect(await checkUp.health()).toMatchObject({ ready: false, failure: 'the disk that holds a store is full' });
    isFull = false;
    await keys.create('main', 'a.contact');
    expect(await checkUp.health()).toMatchObject({ ready: true });
    isFull = true;
    await expect(keys.create('main', 'b.contact')).rejects.toBe(full);
    jest.advanceTimersByTime(120_001);
    expect(await checkUp.health()).toMatchObject({ ready: true });
  });

  it('is not ready after a page of the log could not be read, whatever else can', async () => {
    const refused: Refused = {};
    const checkUp = await checkUpOf(refused);
    const damaged = new LogUnavailable('log.db is damaged', { why: 'the file of the log is damaged' });
    const noted = notingLog(
      log({
        readStream: async () => [],
        readAll: () => Promise.reject(damaged),
        append: async () => ({ revision: 0, position: at(1) }),
      }),
      refused,
    );
    await expect(noted.readAll(at(0), { limit: 1 })).rejects.toBe(damaged);
    await noted.readStream('deal-main.1', 0);
    await noted.append('deal-main.1', -1, []);
    expect(await checkUp.health()).toMatchObject({ ready: false, failure: 'the file of the log is damaged' });
  });

  it('is ready where a link failed: whether that is back can be asked', async () => {
    const refused: Refused = {};
    const away = new LogUnavailable('No connection.');
    const noted = notingLog(log({ append: () => Promise.reject(away) }), refused);
    await expect(noted.append('deal-main.1', -1, [])).rejects.toBe(away);
    expect(await (await checkUpOf(refused)).health()).toMatchObject({ ready: true });
  });
});
