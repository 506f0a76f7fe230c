import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '#kernel';
import { startWeb, type Web } from '#web';
import { Consumer, ERASED, httpKeys, httpSource, on, SourceRefused } from '../../libs/consumer/index.js';
import { type TestStore, testStore } from '../../libs/consumer/testing/sqlite.js';
import { eventually, openHouse, type TestHouse, temporaryFolder } from '../support/house.js';

type Tx = TestStore['database'];

describe('the consumer kit on a server', () => {
  const file = join(temporaryFolder(), 'names.db');
  let house: TestHouse;
  let web: Web;
  let store: TestStore;

  beforeAll(async () => {
    house = await openHouse();
    web = await startWeb(house, { port: 0, heartbeat: 200 });
    store = testStore(file);
  });
  afterAll(async () => {
    store.close();
    await web.close(2_000);
    await house.close(5_000);
  });

  const tokenFor = async (...roles: Role[]) =>
    (await house.access.issueToken(house.admin, { label: 'kit', roles, holder: crypto.randomUUID() })).token;
  const register = async (name: string) => (await house.send('RegisterCustomer', { kind: 'PERSON', name })).id;
  const notes = () =>
    (store.database.prepare('SELECT note FROM done ORDER BY rowid').all() as { note: string }[]).map(({ note }) => note);

  /** Writes down the names of customers; gives how to stop it. */
  async function reading(name: string): Promise<{ stop(): Promise<void>; failed: Promise<unknown>; consumer: Consumer<Tx> }> {
    const keys = httpKeys({ url: web.url, token: await tokenFor('opener'), purpose: name });
    const handler = on<Tx, 'CustomerRegistered', 'name'>(
      'CustomerRegistered',
      ({ subject, annalsrevision }, { tx, opened }) => {
        const note = opened.name === ERASED ? 'erased' : opened.name;
        tx.prepare('INSERT INTO done VALUES (?, ?, ?)').run(subject, annalsrevision, note);
      },
      { opens: ['name'] },
    );
    const consumer = new Consumer<Tx>({ name, inbox: store.inbox, handlers: [handler], keys });
    const stop = new AbortController();
    const source = httpSource({ url: web.url, token: await tokenFor('consumer'), topics: ['customer', 'order'] });
    const run = consumer.run(source, stop.signal);
    const failed = run.then(
      () => undefined,
      (error: unknown) => error,
    );
    const ended = async () => {
      stop.abort();
      await run;
    };
    return { stop: ended, failed, consumer };
  }
  const told = (count: number) => eventually(async () => (notes().length >= count ? notes() : undefined));

  it('reads from the first event on, goes on as facts come, and after a stop where it was', async () => {
    const [first] = [await register('Ada'), await register('Grace')];
    const one = await reading('names');
    expect(await told(2)).toEqual(['Ada', 'Grace']);
    await register('Alan');
    expect(await told(3)).toEqual(['Ada', 'Grace', 'Alan']);
    await one.stop();

    await register('Edsger');
    await register('Barbara');
    const [openings] = [await house.groups('openings', { group: 'personId', personId: first })];
    const two = await reading('names');
    expect(await told(5)).toEqual(['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara']);
    await two.stop();
    expect(await house.groups('openings', { group: 'personId', personId: first })).toEqual(openings);
  });

  it('sees who was erased, and opens nothing of them', async () => {
    const id = await register('Soon Forgotten');
    await house.send('EraseCustomer', { customerId: id });
    const before = notes().length;
    const one = await reading('names');
    expect((await told(before + 1)).at(-1)).toBe('erased');
    await one.stop();
  });

  it('goes on after the server was away', async () => {
    const one = await reading('names');
    const before = notes().length;
    await register('Tony');
    await told(before + 1);
    const { port } = new URL(web.url);
    await web.close(2_000);
    await register('Niklaus');
    web = await startWeb(house, { port: Number(port), heartbeat: 200 });
    expect((await told(before + 2)).slice(-2)).toEqual(['Tony', 'Niklaus']);
    await one.stop();
  });

  it('ends where its token is refused', async () => {
    const consumer = new Consumer<Tx>({ name: 'refused', inbox: store.inbox, handlers: [] });
    const source = httpSource({ url: web.url, token: await tokenFor('sales'), topics: ['customer'] });
    await expect(consumer.run(source, new AbortController().signal)).rejects.toThrow(SourceRefused);
  });
});
