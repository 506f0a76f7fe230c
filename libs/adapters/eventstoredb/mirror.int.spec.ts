import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Log, LogUnavailable, OutcomeUnknown } from '#runtime/ports';
import { eventually, fact, facts, logContract, newStream, readEverything } from '../../../test/contract/log.contract.js';
import { type GivenServer, givenEventStore, newNamespace } from '../../../test/stand-ins/eventstoredb/given.js';
import { type StandIn, startStandIn } from '../../../test/stand-ins/eventstoredb/start.js';
import { openSqliteLogReader } from '../sqlite/index.js';
import { openSqliteLogCopy } from '../sqlite/log/copy.js';
import { mirrorLog, openEventStoreLog, readThroughCopy } from './index.js';

const newFolder = () => mkdtempSync(join(tmpdir(), 'annals-mirror-'));
const mirrored = async (remote: Log, folder: string) =>
  mirrorLog(remote, (logId) => openSqliteLogCopy(join(folder, 'mirror.db'), logId));

let shared: GivenServer | undefined;
logContract('EventStoreDB behind a mirror', async () => {
  shared ??= await givenEventStore();
  const { connection } = shared;
  const logs: Log[] = [];
  const folders: string[] = [];
  const opened = async (namespace: string, folder: string) => {
    const log = await mirrored(await openEventStoreLog({ connection, namespace }), folder);
    logs.push(log);
    return log;
  };
  const folderOf = () => {
    const folder = newFolder();
    folders.push(folder);
    return folder;
  };
  const [namespace, folder] = [newNamespace(), folderOf()];
  return {
    open: () => opened(namespace, folder),
    openAnother: () => opened(newNamespace(), folderOf()),
    dispose: async () => {
      for (const log of logs) await log.close();
      for (const each of folders) rmSync(each, { recursive: true });
    },
  };
});

describe('a mirror of an EventStoreDB log', () => {
  let folder: string;
  let server: StandIn;
  let log: Log;
  const copyHead = async () => {
    const copy = await openSqliteLogCopy(join(folder, 'mirror.db'), log.id);
    const head = await copy.log.head();
    await copy.close();
    return head;
  };

  beforeEach(async () => {
    folder = newFolder();
    server = await startStandIn({ folder: join(folder, 'server') });
    log = await mirrored(await openEventStoreLog({ connection: server.connection, deadline: 1_000 }), folder);
  });
  afterEach(async () => {
    await log.close();
    await server.kill();
    await shared?.end();
    shared = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  it('is what a rebuild reads in another thread, as far as it is', async () => {
    const remote = await openEventStoreLog({ connection: server.connection, deadline: 1_000 });
    // Nobody has followed anything as yet: the log itself is read.
    const early = readThroughCopy(remote, () => openSqliteLogReader(join(folder, 'nowhere.db')));
    await log.append(newStream(), -1, facts(300));
    const { position } = await log.append(newStream(), -1, facts(700));
    expect(await readEverything(early)).toEqual(await readEverything(remote));
    await eventually(async () => (await copyHead()) === position);
    const through = readThroughCopy(remote, () => openSqliteLogReader(join(folder, 'mirror.db')));
    expect(await readEverything(through)).toEqual(await readEverything(remote));
    await log.append(newStream(), -1, facts(10));
    expect(await readEverything(through)).toHaveLength(1_010);
    await server.kill();
    // What is in the copy needs no server; what is behind it does.
    expect((await through.readAll(through.start, { limit: 900 })).facts).toHaveLength(900);
    await expect(through.readAll(await log.head(), { limit: 1 })).rejects.toThrow(LogUnavailable);
    for (const each of [early, through, remote]) await each.close();
  });

  it('gives the same pages as the log, at the same positions, also of rare types', async () => {
    await log.append(newStream(), -1, facts(500));
    await log.append(newStream(), -1, [fact({ type: 'RareThing' })]);
    const { position } = await log.append(newStream(), -1, facts(500));
    await eventually(async () => (await copyHead()) === position);
    const remote = await openEventStoreLog({ connection: server.connection });
    expect(await readEverything(log, { limit: 170 })).toEqual(await readEverything(remote, { limit: 170 }));
    expect(await readEverything(log, { types: ['RareThing'], limit: 1 })).toHaveLength(1);
    await remote.close();
  });

  it('reads on where the copy ends, while the log is away', async () => {
    const { position } = await log.append(newStream(), -1, facts(50));
    await eventually(async () => (await copyHead()) === position);
    await server.kill();
    expect(await readEverything(log)).toHaveLength(50);
    expect(await log.head()).toBe(position);
  });

  it('forgets what a restored log does not have any more', async () => {
    const stream = newStream();
    await log.append(stream, -1, facts(5));
    await server.kill();
    cpSync(join(folder, 'server'), join(folder, 'backup'), { recursive: true });
    server = await startStandIn({ folder: join(folder, 'server'), port: server.port });
    const lost = await again(() => log.append(stream, 4, facts(2)));
    await eventually(async () => (await copyHead()) >= lost);
    await server.kill();
    server = await startStandIn({ folder: join(folder, 'backup'), port: server.port });
    const { position } = await log.append(newStream(), -1, facts(1)).catch(() => log.append(newStream(), -1, facts(1)));
    await eventually(async () => (await copyHead()) === position);
    expect(await readEverything(log)).toHaveLength(6);
  });
});

/** While the server comes back. */
async function again(work: () => Promise<{ position: string }>): Promise<string> {
  for (const late = Date.now() + 10_000; ; ) {
    const done = await work().catch((error: Error) => error);
    if (!(done instanceof Error)) return done.position;
    if (Date.now() > late || done instanceof OutcomeUnknown) throw done;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
