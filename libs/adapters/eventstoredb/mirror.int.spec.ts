import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { logWith } from '#runtime/log-with';
import { ForeignPosition, type Log, LogUnavailable, OutcomeUnknown, type StoredFact } from '#runtime/ports';
import { eventually, fact, facts, logContract, newStream, readEverything } from '../../../test/contract/log.contract.js';
import { type GivenServer, givenEventStore, newNamespace } from '../../../test/stand-ins/eventstoredb/given.js';
import { type StandIn, startStandIn } from '../../../test/stand-ins/eventstoredb/start.js';
import { openSqliteCopyReader, openSqliteLog } from '../sqlite/index.js';
import { openSqliteLogCopy } from '../sqlite/log/copy.js';
import { mirrorLog, openEventStoreLog, readThroughCopy } from './index.js';

const newFolder = () => mkdtempSync(join(tmpdir(), 'annals-mirror-'));
const fileIn = (folder: string) => join(folder, 'mirror.db');
const mirrored = async (remote: Log, folder: string) => mirrorLog(remote, (logId) => openSqliteLogCopy(fileIn(folder), logId));

let shared: GivenServer | undefined;
const contractOf = (name: string, open: (log: Log, folder: string) => Promise<readonly [Log, ...Log[]]>) =>
  logContract(name, async () => {
    shared ??= await givenEventStore();
    const { connection } = shared;
    const logs: Log[] = [];
    const folders: string[] = [];
    const opened = async (namespace: string, folder: string) => {
      const [log, ...others] = await open(await openEventStoreLog({ connection, namespace }), folder);
      logs.push(log, ...others);
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

contractOf('EventStoreDB behind a mirror', async (remote, folder) => [await mirrored(remote, folder)]);
contractOf('EventStoreDB read through the copy of a mirror', async (remote, folder) => {
  const mirror = await mirrored(remote, folder);
  return [readThroughCopy(remote, () => openSqliteCopyReader(fileIn(folder))), mirror];
});

describe('a copy that does not get on', () => {
  const folder = newFolder();
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A mirror of an embedded log whose copy fails at something as long as it is told to. */
  const failing = async (what: 'write' | 'clear', remote: Log) => {
    const troubles: unknown[] = [];
    const fails = { now: true };
    const open = async (logId: string) => {
      const copy = await openSqliteLogCopy(join(folder, `${what}.db`), logId);
      const fail = async (...given: readonly never[]) => {
        if (fails.now) throw new Error('The disk is full.');
        return (copy[what] as (...given: readonly never[]) => Promise<void>)(...given);
      };
      return { ...copy, [what]: fail };
    };
    const mirror = await mirrorLog(remote, open, (error) => troubles.push(error));
    return { mirror, troubles, fails, copied: async () => (await openSqliteCopyReader(join(folder, `${what}.db`))).log };
  };

  it('says why, tries again and gets on when it can', async () => {
    const remote = await openSqliteLog({ folder: mkdtempSync(join(folder, 'log-')) });
    const { mirror, troubles, fails, copied } = await failing('write', remote);
    const { position } = await mirror.append(newStream(), -1, facts(3));
    await eventually(() => troubles.length > 1);
    expect(troubles[0]).toMatchObject({ message: 'The disk is full.' });
    expect((await readEverything(mirror)).length).toBe(3);
    fails.now = false;
    const copy = await copied();
    await eventually(async () => (await copy.head()) === position);
    await copy.close();
    await mirror.close();
  });

  it('says why it cannot forget what the log lost, and forgets it when it can', async () => {
    const remote = await openSqliteLog({ folder: mkdtempSync(join(folder, 'log-')) });
    let lost = false;
    const { mirror, troubles, fails, copied } = await failing(
      'clear',
      logWith(remote, {
        readAll: async (after, options) => {
          if (lost && after !== remote.start) throw new ForeignPosition(`No fact lies at ${after}.`);
          return remote.readAll(after, options);
        },
      }),
    );
    const { position } = await mirror.append(newStream(), -1, facts(3));
    const copy = await copied();
    await eventually(async () => (await copy.head()) === position);
    lost = true;
    await mirror.append(newStream(), -1, facts(1));
    await eventually(() => troubles.length > 1);
    fails.now = false;
    await eventually(async () => (await copy.head()) === copy.start);
    lost = false;
    await copy.close();
    await mirror.close();
  });
});

describe('a mirror of an EventStoreDB log', () => {
  let folder: string;
  let server: StandIn;
  let log: Log;
  const copyHead = async () => {
    const copy = await openSqliteLogCopy(fileIn(folder), log.id);
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
    const early = readThroughCopy(remote, () => openSqliteCopyReader(join(folder, 'nowhere.db')));
    await log.append(newStream(), -1, facts(300));
    const { position } = await log.append(newStream(), -1, facts(700));
    expect(await readEverything(early)).toEqual(await readEverything(remote));
    await eventually(async () => (await copyHead()) === position);
    const through = readThroughCopy(remote, () => openSqliteCopyReader(fileIn(folder)));
    expect(through.file?.()).toBeUndefined();
    expect(await readEverything(through)).toEqual(await readEverything(remote));
    // Another thread may read it there; and what is not a copy has no file.
    expect([through, log, early, remote].map((each) => each.file?.())).toEqual([
      fileIn(folder),
      fileIn(folder),
      undefined,
      undefined,
    ]);
    await log.append(newStream(), -1, facts(10));
    expect(await readEverything(through)).toHaveLength(1_010);
    await server.kill();
    // What is in the copy needs no server; what is behind it does.
    expect((await through.readAll(through.start, { limit: 900 })).facts).toHaveLength(900);
    await expect(through.readAll(await log.head(), { limit: 1 })).rejects.toThrow(LogUnavailable);
    for (const each of [early, through, remote]) await each.close();
  });

  it('keeps who has read all of a copy that is being filled from reading the log itself', async () => {
    const remote = await openEventStoreLog({ connection: server.connection, deadline: 1_000 });
    await log.append(newStream(), -1, facts(300));
    await log.append(newStream(), -1, facts(300));
    const all = await readEverything(remote);
    const [first, second] = [all.slice(0, 300), all.slice(300)];
    const filled = await openSqliteLogCopy(join(folder, 'filled.db'), remote.id);
    await filled.write(first);
    const asked: string[] = [];
    const counted = logWith(remote, {
      readAll: (after, options) => {
        asked.push(after);
        return remote.readAll(after, options);
      },
    });
    const through = readThroughCopy(counted, () => openSqliteCopyReader(join(folder, 'filled.db')));
    const whole = readEverything(through, { limit: 200 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(asked).toHaveLength(1);
    await filled.write(second);
    filled.noteCaughtUp(true);
    expect(await whole).toEqual([...first, ...second]);
    // That the copy is one of this log, and what comes behind it.
    expect(asked).toEqual([first.at(-1)?.position, second.at(-1)?.position]);
    for (const each of [through, remote, filled]) await each.close();
  });

  it('is opened again by who found the log away at first', async () => {
    await log.append(newStream(), -1, facts(3));
    const remote = await openEventStoreLog({ connection: server.connection, deadline: 500 });
    await eventually(async () => (await copyHead()) === (await remote.head()));
    const through = readThroughCopy(remote, () => openSqliteCopyReader(fileIn(folder)));
    await server.kill();
    await expect(through.readAll(through.start, { limit: 10 })).rejects.toThrow(LogUnavailable);
    server = await startStandIn({ folder: join(folder, 'server'), port: server.port });
    await eventually(
      async () => (await through.readAll(through.start, { limit: 10 }).catch(() => undefined))?.facts.length === 3,
    );
    for (const each of [through, remote]) await each.close();
  });

  it('is not read where it is of a log that lost its end', async () => {
    const remote = await openEventStoreLog({ connection: server.connection, deadline: 1_000 });
    await log.append(newStream(), -1, facts(3));
    const known = await readEverything(remote);
    const copied = await openSqliteLogCopy(join(folder, 'other.db'), remote.id);
    const lost = { ...(known.at(-1) as StoredFact), stream: newStream(), position: further(known.at(-1)?.position) };
    await copied.write([...known, lost]);
    copied.noteCaughtUp(true);
    const through = readThroughCopy(remote, () => openSqliteCopyReader(join(folder, 'other.db')));
    expect(await readEverything(through)).toEqual(known);
    // Nor does it judge positions that it does not know.
    await copied.clear();
    await copied.write(known);
    await expect(through.readAll(further(known[0]?.position), { limit: 1 })).rejects.toThrow(ForeignPosition);
    for (const each of [through, remote, copied]) await each.close();
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

const further = (position = ''): string => position.replace(/\d+$/, (digits) => String(Number(digits) + 1_000).padStart(16, '0'));

/** While the server comes back. */
async function again(work: () => Promise<{ position: string }>): Promise<string> {
  for (const late = Date.now() + 10_000; ; ) {
    const done = await work().catch((error: Error) => error);
    if (!(done instanceof Error)) return done.position;
    if (Date.now() > late || done instanceof OutcomeUnknown) throw done;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
