import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteLogReader, openSqliteViews } from '#adapters/sqlite';
import { derivedId } from '#kernel';
import { remoteViews, runViewsThread } from '#runtime/views/index';
import { CompanySystem, READER } from '../../libs/runtime/views/testing/company-system.js';
import { company, DealOpened, deals, identity } from '../../libs/runtime/views/testing/deals.js';
import { PastThread, type Thread } from './view-threads.js';

let system: CompanySystem;
beforeEach(async () => {
  system = await CompanySystem.open();
  await system.start([deals]);
});
afterEach(() => system.close());

/** A service at the other end of a port, as in a thread; `die` ends it. */
function thread(logFile: string): Thread & { die(): void } {
  const { port1, port2 } = new MessageChannel();
  const ended = new Promise<void>((resolve) => port1.once('close', () => resolve()));
  void runViewsThread({
    port: port1,
    contexts: [company([deals])],
    identity,
    writes: false,
    openLog: () => openSqliteLogReader(logFile),
    openViews: () => openSqliteViews({ file: `${system.folder}/views.db` }),
    scratch: () => openSqliteViews({ memory: true }),
  });
  return { views: remoteViews(port2), ended, die: () => port1.close() };
}

describe('the thread of the past', () => {
  const dealId = derivedId('deal');
  const asked = { caller: READER, view: 'deals', key: dealId, parameters: { asOf: '2026-01-06' } };

  it('starts with the first question, once, and again after it died', async () => {
    const { position } = await system.recorder.record(
      DealOpened({ dealId, customerId: derivedId('customer'), amount: 500, currency: 'EUR' }),
    );
    const started: ReturnType<typeof thread>[] = [];
    const past = new PastThread(
      () => {
        const one = thread(`${system.folder}/log.db`);
        started.push(one);
        return one;
      },
      () => {},
    );
    expect(started).toHaveLength(0);
    const parameters = { ...asked.parameters, minPosition: position, wait: '5000' };
    const answers = await Promise.all([1, 2].map(() => past.query({ ...asked, parameters })));
    expect(answers).toMatchObject([{ kind: 'document' }, { kind: 'document' }]);
    expect(started).toHaveLength(1);

    started[0]?.die();
    await started[0]?.ended;
    expect(await past.query(asked)).toMatchObject({ kind: 'document' });
    expect(started).toHaveLength(2);

    await past.stop();
    await expect(past.query(asked)).rejects.toMatchObject({ status: 503, code: 'views-gone' });
    expect(started).toHaveLength(2);
  });

  it('says why it does not open, answers 503, and is tried again', async () => {
    const told: unknown[] = [];
    let file = `${system.folder}/none.db`;
    const past = new PastThread(
      () => thread(file),
      (name, error) => told.push([name, (error as Error).name]),
    );
    await expect(past.query(asked)).rejects.toMatchObject({ status: 503, code: 'views-gone' });
    expect(told).toEqual([['views of the past', 'StorageError']]);
    file = `${system.folder}/log.db`;
    await new Promise((later) => setImmediate(later));
    expect(await past.query(asked)).toMatchObject({ kind: 'document' });
    await past.stop();
  });
});
