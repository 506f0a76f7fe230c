import { randomUUID } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openSqliteLogReader, openSqliteViews } from '#adapters/sqlite';
import { registryOf } from '../registry.js';
import { document, givenCompany, list, problemOf } from './testing/company-system.js';
import { company, customers, deals, identity, opened } from './testing/deals.js';
import { remoteViews, runViewsThread, splitViews } from './thread.js';

const given = givenCompany();

const id = () => randomUUID();

describe('in another thread', () => {
  const channels: MessageChannel[] = [];
  afterEach(() => {
    for (const { port1 } of channels.splice(0)) port1.close();
  });
  const channel = () => {
    const made = new MessageChannel();
    channels.push(made);
    return made;
  };

  it('answers through a port, problems whole, and past and present can be two', async () => {
    const open = (port: import('node:worker_threads').MessagePort, writes: boolean) =>
      runViewsThread({
        port,
        contexts: [company([deals, customers])],
        identity,
        writes,
        openLog: () => openSqliteLogReader(`${given.system.folder}/log.db`),
        openViews: () => openSqliteViews({ file: `${given.system.folder}/views.db` }),
        scratch: () => openSqliteViews({ memory: true }),
      });
    const [live, past] = [channel(), channel()];
    const liveViews = remoteViews(live.port2);
    const pastViews = remoteViews(past.port2);
    const views = splitViews(liveViews, pastViews);
    await open(live.port1, true);
    await liveViews.ready;
    await open(past.port1, false);
    await pastViews.ready;
    const deal = id();
    const { position } = await given.system.recorder.record(opened(deal, id()), { occurredAt: '2026-01-05T09:00:00.000Z' });
    expect((await document(views, 'deals', deal, { minPosition: position })).document).toMatchObject({ phase: 'OPEN' });
    const quiet = (await given.system.recorder.record({ type: 'Unheard', data: { customerId: id() } })).position;
    expect((await document(views, 'deals', deal, { minPosition: quiet, asOf: '2026-01-05' })).document).toMatchObject({
      phase: 'OPEN',
    });
    expect((await document(views, 'deals', deal, { minPosition: quiet, asOf: '2026-01-04' })).document).toBeUndefined();
    expect(await problemOf(list(views, 'deals', { colour: 'red' }))).toMatchObject({
      status: 400,
      code: 'invalid-query',
      options: { errors: [{ field: 'colour' }] },
    });
    const states: string[] = [];
    for await (const { state } of views.rebuild('deals')) states.push(state);
    expect(states.at(-1)).toBe('identical');
    await views.stop();
    expect(await problemOf(list(views, 'deals'))).toMatchObject({ status: 503 });
  });

  it('says what kept it from starting', async () => {
    const { port1, port2 } = channel();
    const views = remoteViews(port2);
    const broken = { ...registryOf([company()]).contexts[0] } as ReturnType<typeof company>;
    await runViewsThread({
      port: port1,
      contexts: [broken, broken],
      identity,
      openLog: () => openSqliteLogReader(`${given.system.folder}/log.db`),
      openViews: () => openSqliteViews({ memory: true }),
      scratch: () => openSqliteViews({ memory: true }),
    });
    await expect(views.ready).rejects.toThrow('names are unique');
  });
});
