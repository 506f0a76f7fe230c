import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { onDistributedEngines } from '../support/engines.js';
import { eventually, temporaryFolder } from '../support/house.js';
import { type ServerProcess, ServerRefused, startServer } from '../support/server.js';
import { Journal } from './journal.js';
import { judgeLog, judgeProcesses, judgeRetries, judgeViews, ready, rebuild } from './judge.js';
import { settleOpen } from './sender.js';
import { Traffic } from './traffic.js';

/** `npm run test:crash` has 200. */
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 4);
const STARTS = Math.max(3, ROUNDS / 5);
const CLIENTS = 24;
const JUDGED_EACH = 25;
/** On the distributed engines a start makes databases and topics, and waits for what the killed one held. */
const SECONDS_A_ROUND = onDistributedEngines ? 60 : 20;

const chance = (most: number) => Math.floor(Math.random() * most);
const pause = (milliseconds: number) => new Promise((over) => setTimeout(over, milliseconds));

describe('kill -9 under load', () => {
  it(
    `forgets nothing, doubles nothing and needs no repair, ${ROUNDS} times`,
    async () => {
      const folder = temporaryFolder();
      const journal = new Journal();
      for (let round = 1; round <= ROUNDS; round++) {
        if (round % 4 === 0) await killedWhileStarting(folder);
        const server = await startServer(folder);
        await settleOpen(server, journal);
        expect(await judgeRetries(server, journal, 20)).toEqual([]);

        const traffic = new Traffic(server, journal);
        const clients = traffic.run(CLIENTS);
        // Inside the build of a view, now and then; view commits and processes are under way all the time.
        if (round % 3 === 0)
          void ready(server)
            .then(() => rebuild(server, ['pipeline', 'customer360', 'timeline'][chance(3)] ?? ''))
            .catch(() => {});
        await pause(20 + chance(1_200));
        // Each round leaves at least one command of each client, sent again after the kill. The last is killed in full swing, however
        // long a slow machine takes to get there.
        if (round === ROUNDS) await eventually(async () => journal.acknowledged.length > ROUNDS * CLIENTS || undefined, 30_000);
        const { signal } = await server.stop('SIGKILL');
        expect(signal).toBe('SIGKILL');
        await clients;
        if (round % JUDGED_EACH === 0 || round === ROUNDS) await judged(folder, journal);
      }
      expect(journal.entries.filter(({ outcome }) => outcome.state !== 'acknowledged')).toEqual([]);
      expect(journal.acknowledged.length).toBeGreaterThan(ROUNDS * CLIENTS);
    },
    (ROUNDS + 5) * SECONDS_A_ROUND * 1_000,
  );

  it(
    'can be killed at any moment of its first start',
    async () => {
      for (let round = 0; round < STARTS; round++) {
        const folder = temporaryFolder();
        await killedWhileStarting(folder, 900);
        const server = await startServer(folder);
        const who = (await server.get('/v1/whoami')) as { readonly roles?: readonly string[] };
        expect(who.roles).toContain('admin');
        expect(await server.stop()).toEqual({ code: 0, signal: null });
      }
    },
    STARTS * 2 * SECONDS_A_ROUND * 1_000,
  );
});

async function judged(folder: string, journal: Journal): Promise<void> {
  const server = await startServer(folder);
  await settleOpen(server, journal);
  expect(await judgeProcesses(server)).toEqual([]);
  expect(await judgeLog(server, journal)).toEqual([]);
  expect(await judgeRetries(server, journal, 200)).toEqual([]);
  expect(await judgeViews(server)).toEqual([]);
  expect(await server.stop()).toEqual({ code: 0, signal: null });
}

/** Kills the server before or soon after it listens. */
async function killedWhileStarting(folder: string, most = 600): Promise<void> {
  const token = join(folder, 'secrets', 'admin.token');
  const starting = startServer(folder, { onSpawn: (child) => void pause(chance(most)).then(() => child.kill('SIGKILL')) });
  const server: ServerProcess | undefined = await starting.catch((error: unknown) => {
    // The token file may be missing as yet: then it listened to nobody.
    if (error instanceof ServerRefused || !existsSync(token)) return undefined;
    throw error;
  });
  await server?.ended;
}
