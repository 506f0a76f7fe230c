import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  Consumer,
  type ConsumerOptions,
  ERASED,
  type FactEvent,
  fixtures,
  type Handler,
  INVALID,
  type Keys,
  listSource,
  memoryInbox,
  on,
  Rejected,
  type Source,
  type Trouble,
  Unavailable,
  versions,
} from './index.js';
import { type TestStore, testStore } from './testing/sqlite.js';

type Tx = TestStore['database'];

const never = new AbortController().signal;
const [won] = fixtures('OpportunityWon') as readonly [FactEvent<'OpportunityWon'>];
const event = (stream: string, revision: number): FactEvent => ({
  ...won,
  id: `${stream}@${revision}`,
  subject: `opportunity-main.${stream}`,
  annalsrevision: revision,
  annalsposition: `sample00.${String(revision).padStart(16, '0')}`,
});
const done = ({ database }: TestStore) =>
  database.prepare('SELECT stream, revision FROM done ORDER BY rowid').all() as {
    readonly stream: string;
    readonly revision: number;
  }[];
const names = (store: TestStore) => done(store).map(({ stream, revision }) => `${stream.split('.')[1]}@${revision}`);

/** Writes down what it was given, then does what the test wants. */
const noting = (then: (event: FactEvent) => void = () => {}): Handler<Tx> =>
  on<Tx, 'OpportunityWon'>('OpportunityWon', (given, { tx }) => {
    tx.prepare('INSERT INTO done VALUES (?, ?, NULL)').run(given.subject, given.annalsrevision);
    then(given as FactEvent);
  });

describe('a consumer', () => {
  let store: TestStore;
  let troubles: Trouble[];
  beforeEach(() => {
    store = testStore();
    troubles = [];
  });
  afterEach(() => store.close());

  const consumer = (handlers: readonly Handler<Tx>[], more: Partial<ConsumerOptions<Tx>> = {}) =>
    new Consumer<Tx>({
      name: 'won',
      inbox: store.inbox,
      handlers,
      retry: { attempts: 3, first: 1, longest: 2 },
      onTrouble: (trouble) => troubles.push(trouble),
      ...more,
    });

  it('handles each event once, however often it comes', async () => {
    const events = [event('a', 0), event('a', 2), event('b', 0)];
    await consumer([noting()]).run(listSource([...events, ...events]), never);
    await consumer([noting()]).run(listSource(events), never);
    expect(names(store)).toEqual(['a@0', 'a@2', 'b@0']);
  });

  it('begins anew under another name', async () => {
    await consumer([noting()]).run(listSource([event('a', 0)]), never);
    await consumer([noting()], { name: 'other' }).run(listSource([event('a', 0)]), never);
    expect(names(store)).toEqual(['a@0', 'a@0']);
  });

  it('undoes the work of an attempt that failed, and tries again', async () => {
    let failures = 2;
    const shaky = noting(() => {
      if (failures-- > 0) throw new Error('not now');
    });
    await consumer([shaky]).run(listSource([event('a', 0), event('a', 1)]), never);
    expect(names(store)).toEqual(['a@0', 'a@1']);
    expect(troubles.map(({ kind }) => kind)).toEqual(['retried', 'retried']);
  });

  it('puts a message aside that is no event, once, with its text; released it is dropped', async () => {
    const its = consumer([noting()]);
    const place = 'annals.main.sales[3]@1';
    const source: Source = {
      read: async (reader) => {
        for (let times = 0; times < 2; times++)
          expect(await reader.putAside({ place, text: 'no { json', why: 'This is no JSON.' })).toBe(true);
        await reader.handle({ events: [event('a', 0)] });
      },
    };
    await its.run(source, never);
    expect(names(store)).toEqual(['a@0']);
    expect(await its.deadLetters()).toMatchObject([
      { stream: place, error: expect.stringContaining('no JSON'), event: { data: { text: 'no { json' } } },
    ]);
    expect(await its.release(place)).toEqual({ released: 1, left: 0 });
    expect(await its.deadLetters()).toEqual([]);
  });

  it('puts aside what cannot be handled; its stream waits behind it in order, others go on', async () => {
    let poisoned = true;
    const handlers = [
      noting(({ subject, annalsrevision }) => {
        if (poisoned && subject.endsWith('.a') && annalsrevision === 1) throw new Error('poison');
      }),
    ];
    const its = consumer(handlers);
    await its.run(listSource([event('a', 0), event('a', 1), event('b', 0), event('a', 2), event('a', 3), event('b', 1)]), never);
    expect(names(store)).toEqual(['a@0', 'b@0', 'b@1']);
    expect((await its.deadLetters()).map(({ revision, error }) => [revision, error])).toEqual([
      [1, 'Error: poison'],
      [2, undefined],
      [3, undefined],
    ]);
    expect(troubles.at(-1)).toMatchObject({ kind: 'put aside', event: { annalsrevision: 1 } });

    expect(await its.release('opportunity-main.a')).toEqual({ released: 0, left: 3, error: 'Error: poison' });
    poisoned = false;
    expect(await its.release('opportunity-main.a')).toEqual({ released: 3, left: 0 });
    await its.run(listSource([event('a', 2), event('a', 4)]), never);
    expect(names(store)).toEqual(['a@0', 'b@0', 'b@1', 'a@1', 'a@2', 'a@3', 'a@4']);
  });

  it('handles what two release at once a single time', async () => {
    let poisoned = true;
    const handlers = [
      noting(() => {
        if (poisoned) throw new Rejected('poison');
      }),
    ];
    const its = consumer(handlers);
    await its.run(listSource([event('a', 0), event('a', 1)]), never);
    poisoned = false;
    const both = await Promise.all([its.release('opportunity-main.a'), its.release('opportunity-main.a')]);
    expect(names(store)).toEqual(['a@0', 'a@1']);
    expect(both.reduce((sum, { released }) => sum + released, 0)).toBe(2);
  });

  it('puts a rejected event aside at once', async () => {
    let attempts = 0;
    const rejecting = noting(() => {
      attempts++;
      throw new Rejected('never');
    });
    await consumer([rejecting]).run(listSource([event('a', 0)]), never);
    expect(attempts).toBe(1);
    expect(await consumer([rejecting]).deadLetters()).toMatchObject([{ error: 'Error: never' }]);
  });

  it('waits as long as it takes for what is only unavailable, and counts failures apart', async () => {
    let attempts = 0;
    const waiting = noting(() => {
      attempts++;
      if (attempts < 10) throw new Unavailable('not reachable');
      if (attempts === 10) throw new Error('once');
    });
    await consumer([waiting]).run(listSource([event('a', 0)]), never);
    expect([attempts, names(store)]).toEqual([11, ['a@0']]);
  });

  it('blames the store and not the event where nothing can be put aside either', async () => {
    let down = 8;
    const inbox = { ...store.inbox };
    inbox.transaction = (work) => (down-- > 0 ? Promise.reject(new Error('no database')) : store.inbox.transaction(work));
    await consumer([noting()], { inbox }).run(listSource([event('a', 0)]), never);
    expect(names(store)).toEqual(['a@0']);
    expect(await consumer([noting()]).deadLetters()).toEqual([]);
  });

  it('does not guess at a version that it does not know', async () => {
    const newer = { ...event('a', 0), annalsschemaversion: versions.OpportunityWon + 1 } as unknown as FactEvent;
    await consumer([noting()]).run(listSource([newer, event('a', 1)]), never);
    expect(names(store)).toEqual([]);
    expect(await consumer([noting()]).deadLetters()).toMatchObject([{ error: expect.stringContaining('not known here') }, {}]);
  });

  it('stops between two attempts, and leaves the event to the next run', async () => {
    const stop = new AbortController();
    const stopping = noting(() => {
      stop.abort();
      throw new Error('not now');
    });
    await consumer([stopping]).run(listSource([event('a', 0), event('a', 1)]), stop.signal);
    expect(names(store)).toEqual([]);
    await consumer([noting()]).run(listSource([event('a', 0), event('a', 1)]), never);
    expect(names(store)).toEqual(['a@0', 'a@1']);
  });

  it('has every event done once and in the order of its stream, whatever comes again and whatever fails (law)', async () => {
    const streams = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 25 });
    const faults = fc.array(fc.boolean(), { maxLength: 60 });
    const again = fc.array(fc.nat({ max: 24 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(streams, faults, again, async (order, failing, repeats) => {
        const own = testStore();
        const log = order.map((stream, index) => event(stream, order.slice(0, index).filter((one) => one === stream).length));
        let attempt = 0;
        const handler = noting(() => {
          if (failing[attempt++]) throw new Error('fault');
        });
        const its = new Consumer<Tx>({
          name: 'law',
          inbox: own.inbox,
          handlers: [handler],
          retry: { attempts: 2, first: 0, longest: 0 },
        });
        // as a reader does after a crash: from an earlier place on again
        for (const from of [0, ...repeats.map((place) => place % log.length)]) await its.run(listSource(log.slice(from)), never);
        for (const stream of new Set(order))
          while ((await its.release(`opportunity-main.${stream}`)).left > 0) expect(attempt).toBeLessThan(500);
        for (const stream of new Set(order)) {
          const wanted = log.filter(({ subject }) => subject.endsWith(`.${stream}`)).map(({ annalsrevision }) => annalsrevision);
          const got = done(own).filter((row) => row.stream.endsWith(`.${stream}`));
          expect(got.map(({ revision }) => revision)).toEqual(wanted);
        }
        own.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe('sealed fields', () => {
  const [registered] = fixtures('CustomerRegistered') as readonly [FactEvent<'CustomerRegistered'>];
  const opening = (answer: unknown): Keys => ({ open: async (values) => values.map(() => answer) });
  const named = (names: unknown[]) =>
    on<undefined, 'CustomerRegistered', 'name'>('CustomerRegistered', (_, { opened }) => void names.push(opened.name), {
      opens: ['name'],
    });
  const consumer = (keys: Keys, names: unknown[]) =>
    new Consumer({
      name: 'names',
      inbox: memoryInbox(),
      handlers: [named(names)],
      keys,
      retry: { attempts: 2, first: 1, longest: 1 },
    });

  it('are open where the handler asks for them, and erased where the person is', async () => {
    const names: unknown[] = [];
    await consumer(opening('Ada'), names).run(listSource([registered]), never);
    await consumer(opening(ERASED), names).run(listSource([registered]), never);
    expect(names).toEqual(['Ada', ERASED]);
  });

  it.each([INVALID, undefined])('put their event aside where they cannot be opened (%p)', async (answer) => {
    const its = consumer(opening(answer), []);
    await its.run(listSource([registered]), never);
    expect(await its.deadLetters()).toMatchObject([{ error: 'Error: CustomerRegistered.name cannot be opened.' }]);
  });

  it('are asked for once a batch, each value once, and waited for while keys are unavailable', async () => {
    const asked: number[] = [];
    const keys: Keys = {
      async open(values) {
        asked.push(values.length);
        if (asked.length < 3) throw new Unavailable('down');
        return values.map(() => 'Ada');
      },
    };
    const names: unknown[] = [];
    const other = { ...registered, subject: `${registered.subject.slice(0, -1)}0` };
    await consumer(keys, names).run(listSource([registered, other, ...fixtures('OpportunityWon')]), never);
    expect([asked, names]).toEqual([
      [1, 1, 1],
      ['Ada', 'Ada'],
    ]);
  });

  it('need keys', () => {
    expect(() => new Consumer({ name: 'names', inbox: memoryInbox(), handlers: [named([])] })).toThrow('give the consumer keys');
  });
});

describe('fixtures', () => {
  it('have every version of every public fact', () => {
    const found = new Set(fixtures().map(({ type, annalsschemaversion }) => `${type} ${annalsschemaversion}`));
    for (const [type, newest] of Object.entries(versions))
      for (let version = 1; version <= newest; version++) expect(found).toContain(`${type} ${version}`);
    expect(new Set(fixtures('LeadCreated').map(({ type }) => type))).toEqual(new Set(['LeadCreated']));
  });
});
