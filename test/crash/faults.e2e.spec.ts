import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeEmbedded } from '../support/engines.js';
import { openHouse, SetClock, temporaryFolder } from '../support/house.js';
import { type ServerProcess, ServerRefused, startServer } from '../support/server.js';
import { type Entry, Journal } from './journal.js';
import { factsOf, judgeLog, judgeRetries } from './judge.js';
import { send, settleOpen } from './sender.js';

const opened = () => ({ key: randomUUID(), command: 'OpenOpportunity', payload: { amount: 100_00, currency: 'EUR' } });

async function sent(server: ServerProcess, journal: Journal): Promise<Entry> {
  const entry = journal.record(opened());
  entry.outcome = await send(server, entry.sent);
  return entry;
}

const refusal = async (
  folder: string,
  env: Readonly<Record<string, string>> = {},
  wrap: (command: readonly string[]) => readonly string[] = (command) => command,
): Promise<ServerRefused> => {
  try {
    const server = await startServer(folder, { env, wrap });
    await server.stop();
  } catch (error) {
    if (error instanceof ServerRefused) return error;
    throw error;
  }
  throw new Error('It started.');
};

describeEmbedded('a start that is refused says why, changes nothing, and works once the fault is mended', () => {
  const folder = temporaryFolder();
  const journal = new Journal();
  const data = (name: string) => join(folder, 'data', name);
  const secret = (name: string) => join(folder, 'secrets', name);

  beforeAll(async () => {
    const server = await startServer(folder);
    for (let number = 0; number < 20; number++) await sent(server, journal);
    await server.stop();
  }, 60_000);
  afterAll(async () => {
    const server = await startServer(folder);
    expect(journal.acknowledged).toHaveLength(20);
    expect(await judgeLog(server, journal)).toEqual([]);
    expect(await judgeRetries(server, journal, 20)).toEqual([]);
    await server.stop();
  }, 60_000);

  it('a wrong or unknown setting', async () => {
    const unknown = await refusal(folder, { ANNALS_PROT: '7070' });
    expect([unknown.code, unknown.said]).toEqual([1, expect.stringContaining('ANNALS_PROT')]);
    expect((await refusal(folder, { ANNALS_PORT: 'first' })).said).toContain('ANNALS_PORT');
  }, 30_000);

  it('a newer format', async () => {
    const before = readFileSync(data('format.json'), 'utf8');
    writeFileSync(data('format.json'), '{"format":99}');
    expect((await refusal(folder)).said).toContain('format 99');
    writeFileSync(data('format.json'), '{"format":0}');
    expect((await refusal(folder)).said).toContain('cannot upgrade');
    expect(existsSync(join(folder, 'data.format-0'))).toBe(false);
    writeFileSync(data('format.json'), before);
  }, 30_000);

  it('a missing master key', async () => {
    const before = readFileSync(secret('master.key'));
    rmSync(secret('master.key'));
    expect((await refusal(folder)).said).toContain('master.key is missing');
    writeFileSync(secret('master.key'), before, { mode: 0o600 });
  }, 30_000);

  it('a missing log beside the keys of its facts', async () => {
    const [copy, token] = [join(folder, 'log.copy'), join(folder, 'token.copy')];
    renameSync(data('log.db'), copy);
    renameSync(secret('admin.token'), token);
    expect((await refusal(folder)).said).toMatch(/log\.db is missing.*backup/);
    expect(existsSync(data('log.db'))).toBe(false);
    renameSync(copy, data('log.db'));
    renameSync(token, secret('admin.token'));
  }, 30_000);

  it('another master key', async () => {
    const before = readFileSync(secret('master.key'));
    writeFileSync(secret('master.key'), `${'ab'.repeat(32)}\n`, { mode: 0o600 });
    expect((await refusal(folder)).said).toContain('master key');
    writeFileSync(secret('master.key'), before, { mode: 0o600 });
  }, 30_000);

  it('a second server on the same folder; the first goes on', async () => {
    const first = await startServer(folder);
    const { said } = await refusal(folder);
    expect(said).toContain(`in use by process ${first.pid}`);
    expect(await first.get('/v1/whoami')).toMatchObject({ tenant: 'main' });
    await first.stop();
  }, 30_000);

  it('a log whose pages are damaged', async () => {
    const copy = join(folder, 'log.copy');
    copyFileSync(data('log.db'), copy);
    const pages = Math.floor(statSync(data('log.db')).size / 8_192);
    const file = openSync(data('log.db'), 'r+');
    for (let page = 1; page < pages; page++) writeSync(file, Buffer.alloc(8_192, 0x5a), 0, 8_192, page * 8_192);
    closeSync(file);
    expect((await refusal(folder)).said).toMatch(/log\.db is damaged/);
    copyFileSync(copy, data('log.db'));
  }, 30_000);

  it('a log that is no database', async () => {
    const copy = join(folder, 'log.copy');
    writeFileSync(data('log.db'), 'not a database at all'.repeat(1_000));
    expect((await refusal(folder)).said).toMatch(/log\.db is damaged or no database/);
    copyFileSync(copy, data('log.db'));
  }, 30_000);
});

describeEmbedded('a damaged view', () => {
  it('never costs a fact: without its file it is built again', async () => {
    const folder = temporaryFolder();
    const journal = new Journal();
    const server = await startServer(folder);
    const { outcome } = await sent(server, journal);
    await server.stop();
    for (const end of ['', '-wal', '-shm']) rmSync(join(folder, 'data', `views.db${end}`), { force: true });
    const again = await startServer(folder);
    const { id = '', position = '' } = outcome.state === 'acknowledged' ? outcome.answer : {};
    expect(await again.get(`/v1/views/pipeline/${id}?minPosition=${position}`)).toMatchObject({ document: { amount: 100_00 } });
    await again.stop();
  }, 60_000);

  it('is a refusal that says what to do, without a stack', async () => {
    const folder = temporaryFolder();
    await (await startServer(folder)).stop();
    writeFileSync(join(folder, 'data', 'views.db'), 'not a database at all'.repeat(1_000));
    const { said } = await refusal(folder);
    expect(said).toMatch(/views\.db is damaged.*remove the file.*built anew/s);
    expect(said).not.toMatch(/^ +at /m);
  }, 30_000);
});

const namespaces = spawnSync('unshare', ['-rm', 'true']).status === 0;
const inNamespace = (script: string) => (command: readonly string[]) => [
  'unshare',
  '-rm',
  'sh',
  '-c',
  `${script}; exec "$@"`,
  'sh',
  ...command,
];
/** Needs a mount namespace of one's own, which some systems do not allow. */
const whereMountsAreAllowed = namespaces ? it : it.skip;

describeEmbedded('a server that has less of the processor than others', () => {
  whereMountsAreAllowed(
    'starts where it may not give its threads more',
    async () => {
      const server = await startServer(temporaryFolder(), { wrap: inNamespace('renice -n 8 $$ >/dev/null') });
      expect(await server.get('/v1/whoami')).toMatchObject({ tenant: 'main' });
      await server.stop();
    },
    60_000,
  );
});

describeEmbedded('a folder on a disk that is read-only', () => {
  whereMountsAreAllowed(
    'is a refusal that names it, without a stack',
    async () => {
      const folder = temporaryFolder();
      await (await startServer(folder)).stop();
      const data = join(folder, 'data');
      const { said } = await refusal(folder, {}, inNamespace(`mount --bind ${data} ${data} && mount -o remount,bind,ro ${data}`));
      expect(said).toMatch(/cannot be written|read-only/);
      expect(said).not.toMatch(/^ +at /m);
    },
    30_000,
  );
});

describeEmbedded('a disk that is full', () => {
  whereMountsAreAllowed(
    'refuses commands, keeps what it has, and goes on when there is room again',
    async () => {
      const folder = temporaryFolder();
      const data = join(folder, 'data');
      mkdirSync(data);
      const journal = new Journal();
      const server = await startServer(folder, {
        wrap: inNamespace(`mount -t tmpfs -o size=40m tmpfs ${data} && head -c 34000000 /dev/zero > ${data}/filler`),
      });
      expect(await untilRefused(server, journal)).toBe(503);
      expect(journal.acknowledged.length).toBeGreaterThan(0);
      // Nothing of what was refused is there, and what was answered is.
      const before = journal.acknowledged.length;
      expect((await factsOf(server)).filter(({ type }) => type === 'OpportunityOpened')).toHaveLength(before);

      rmSync(join(`/proc/${server.pid}/root`, data, 'filler'));
      await settleOpen(server, journal);
      expect(journal.acknowledged.length).toBeGreaterThan(before);
      expect(await judgeLog(server, journal)).toEqual([]);
      expect(await judgeRetries(server, journal, 50)).toEqual([]);
      expect((await server.stop()).code).toBe(0);
    },
    120_000,
  );

  it('or a file that may not grow: an I/O error loses and invents nothing', async () => {
    const folder = temporaryFolder();
    const journal = new Journal();
    const limited = await startServer(folder, {
      wrap: (command) => ['sh', '-c', 'ulimit -f 5000; exec "$@"', 'sh', ...command],
    });
    // It tries again what it cannot know the outcome of, so answers stay away; they are not waited for.
    let batch: Promise<void> | undefined;
    for (let isDone = true; isDone; ) {
      batch = batchSent(limited, journal);
      isDone = await Promise.race([batch.then(() => true), new Promise<false>((late) => setTimeout(late, 3_000, false))]);
      isDone &&= journal.open.length === 0;
    }
    await limited.stop('SIGKILL');
    await batch;
    expect(journal.acknowledged.length).toBeGreaterThan(0);
    expect(journal.open.length).toBeGreaterThan(0);
    const server = await startServer(folder);
    await settleOpen(server, journal);
    expect(await judgeLog(server, journal)).toEqual([]);
    expect(await judgeRetries(server, journal, 50)).toEqual([]);
    await server.stop();
  }, 120_000);

  /** Fills the disk with commands until even a single one is not done; gives how that was answered. */
  async function untilRefused(server: ServerProcess, journal: Journal): Promise<number> {
    for (;;) {
      await batchSent(server, journal);
      const [open] = journal.open;
      if (!open) continue;
      const { status } = await fetch(`${server.url}/v1/opportunities`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${server.token}`,
          'content-type': 'application/json',
          'idempotency-key': open.sent.key,
        },
        body: JSON.stringify(open.sent.payload),
      });
      if (status >= 300) return status;
      // There was room for one where there was none for twenty.
      open.outcome = await send(server, open.sent);
    }
  }

  async function batchSent(server: ServerProcess, journal: Journal): Promise<void> {
    const campaign = 'spring-fair'.padEnd(100, '-');
    const payload = { amount: 100_00, currency: 'EUR', campaign };
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const entry = journal.record({ ...opened(), payload });
        entry.outcome = await send(server, entry.sent);
      }),
    );
  }
});

describeEmbedded('a folder that is read-only', () => {
  const mayWriteAnywhere = process.getuid?.() === 0;
  const folder = temporaryFolder();
  const data = join(folder, 'data');

  // permissions do not hold back the superuser; a mount does, where one is allowed
  const canBe = !mayWriteAnywhere || namespaces;
  const name = canBe
    ? 'stops the start'
    : 'stops the start (skipped: the superuser needs a mount namespace, which this system refuses)';

  (canBe ? it : it.skip)(
    name,
    async () => {
      const server = await startServer(folder);
      await server.stop();
      let said: string;
      if (mayWriteAnywhere) {
        const wrap = inNamespace(`mount --bind ${data} ${data} && mount -o remount,ro,bind ${data}`);
        said = await startServer(folder, { wrap }).then(
          () => 'It started.',
          (error: ServerRefused) => error.said,
        );
      } else {
        chmodSync(data, 0o500);
        said = (await refusal(folder)).said;
        chmodSync(data, 0o700);
      }
      expect(said).toMatch(/read-only|cannot be (written|opened|made)/);
      expect(said).toContain(data);
      await (await startServer(folder)).stop();
    },
    60_000,
  );
});

describe('a clock that was set back', () => {
  it('lets no stream go back in time, and the past stays as it was', async () => {
    const folder = temporaryFolder();
    const clock = new SetClock('2026-03-02T12:00:00.000Z');
    let house = await openHouse({ folder, clock });
    const { id, stream } = await house.send('OpenOpportunity', { amount: 100_00, currency: 'EUR' });
    clock.set('2026-03-01T12:00:00.000Z');
    await house.send('AdvanceOpportunity', { opportunityId: id, to: 'PROPOSAL' });
    const other = await house.send('OpenOpportunity', { amount: 50_00, currency: 'EUR' });
    const { facts } = await house.facts.page({ tenant: 'main', stream, limit: 10 });
    expect(facts.map(({ occurredAt }) => occurredAt)).toEqual(['2026-03-02T12:00:00.000Z', '2026-03-02T12:00:00.000Z']);

    const known = () => house.groups('pipeline', { group: 'phase', knownAt: '2026-03-01T12:00:00.000Z' });
    clock.set('2026-03-03T12:00:00.000Z');
    expect(await known()).toEqual([]);
    await house.close();
    house = await openHouse({ folder, clock });
    expect(await known()).toEqual([]);
    expect(await house.document('pipeline', other.id)).toMatchObject({ amount: 50_00 });
    for await (const { state } of house.views.rebuild('pipeline')) expect(state).not.toBe('differs');
    await house.close();
  }, 60_000);
});
