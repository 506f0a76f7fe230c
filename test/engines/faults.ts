import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Journal } from '../crash/journal.js';
import { factsOf, judgeLog, judgeProcesses, judgeRetries, judgeViews, ready } from '../crash/judge.js';
import { settleOpen } from '../crash/sender.js';
import { Traffic } from '../crash/traffic.js';
import { eventually, temporaryFolder } from '../support/house.js';
import type { TcpProxy } from '../support/proxy.js';
import { type ServerProcess, startServer } from '../support/server.js';
import type { EnginesBehindProxies } from './behind-proxies.js';

/** How often all faults come by: `CRASH_ROUNDS` of the long form. */
const ROUNDS = Math.ceil(Number(process.env.CRASH_ROUNDS ?? 1) / 10);
const CLIENTS = 8;
const SECONDS_A_ROUND = 120;
/** A half-open way to Kafka or MongoDB shows only when a call has waited in vain. */
const CAUGHT_UP_WITHIN = 90_000;

const pause = (milliseconds: number) => new Promise((over) => setTimeout(over, milliseconds));

/** Faults of the engines and of the ways to them, with the journal outside as the judge. */
export function faultsOf(given: () => EnginesBehindProxies): void {
  it(
    'lose and double no acknowledged command, and leave views and topics as the log has them',
    async () => {
      const engines = given();
      const folder = temporaryFolder();
      const env = engines.settings(join(folder, 'data'));
      const journal = new Journal();
      let server = await startServer(folder, { env });

      const during = async (fault: () => Promise<void>) => {
        const before = journal.acknowledged.length;
        const traffic = new Traffic(server, journal, 100);
        const clients = traffic.run(CLIENTS);
        await pause(300);
        await fault();
        await pause(300);
        traffic.stop();
        await clients;
        await settleOpen(server, journal, 40_000);
        expect(journal.acknowledged.length).toBeGreaterThan(before);
      };
      const { log, views, topics } = engines;
      const all = [log, views, topics];
      const onWays = (ways: readonly TcpProxy[], state: 'delayed' | 'silent' | 'cut', milliseconds: number) =>
        during(async () => {
          await Promise.all(ways.map((way) => way.set(state)));
          await pause(milliseconds);
          await Promise.all(ways.map((way) => way.set('open')));
        });

      for (let round = 0; round < ROUNDS; round++) {
        // The ways to views and topics are half open first: that shows only after a while, in which the others fail.
        await onWays([views, topics], 'silent', 1_000);
        await onWays(all, 'delayed', 600);
        await during(async () => {
          for (let times = 0; times < 6; times++) {
            for (const way of all) way.reset();
            await pause(100);
          }
        });
        await onWays([log], 'cut', 800);
        await onWays([views, topics], 'cut', 800);
        await onWays([log], 'silent', 1_000);
        await during(() => engines.killLog());
        await during(async () => void (await Promise.all([engines.killLog(), engines.killViews(), engines.killTopics()])));
        const traffic = new Traffic(server, journal);
        const clients = traffic.run(CLIENTS);
        await pause(500);
        await server.stop('SIGKILL');
        await clients;
        server = await startServer(folder, { env });
        await settleOpen(server, journal);
      }

      expect(journal.entries.filter(({ outcome }) => outcome.state !== 'acknowledged')).toEqual([]);
      expect(await judgeProcesses(server, CAUGHT_UP_WITHIN)).toEqual([]);
      expect(await judgeLog(server, journal)).toEqual([]);
      expect(await judgeRetries(server, journal, 100)).toEqual([]);
      await ready(server, CAUGHT_UP_WITHIN);
      await published(server);
      expect(await judgeViews(server)).toEqual([]);
      expect(await publishedWrongly(server)).toEqual([]);
      expect(await server.stop()).toEqual({ code: 0, signal: null });

      /** A server that was killed publishes again when its lease has run out; until then another one would. */
      async function published(by: ServerProcess): Promise<void> {
        await eventually(async () => {
          const { readers } = (await by.get('/health/ready')) as { readers: { kind: string; lagFacts: number }[] };
          return readers.some(({ kind, lagFacts }) => kind === 'relay' && lagFacts === 0) || undefined;
        }, CAUGHT_UP_WITHIN);
      }

      async function publishedWrongly(from: ServerProcess): Promise<readonly string[]> {
        const published = await engines.published(join(folder, 'data'));
        const inLog = new Map<string, number[]>();
        for (const { visibility, stream, revision } of await factsOf(from))
          if (visibility === 'public') inLog.set(stream, [...(inLog.get(stream) ?? []), revision]);
        const differing = [...new Set([...published.keys(), ...inLog.keys()])].filter(
          (stream) => published.get(stream)?.join() !== inLog.get(stream)?.join(),
        );
        return differing.map((stream) => `${stream}: ${inLog.get(stream)} in the log, ${published.get(stream)} in its topic.`);
      }
    },
    (ROUNDS + 2) * SECONDS_A_ROUND * 1_000,
  );
}
