import { readFileSync } from 'node:fs';
import { logFileIn } from '#adapters/sqlite';
import { Database } from '../libs/adapters/sqlite/database.js';
import { type GeneratedLog, generatedLog } from './log/logs.js';
import type { StreamsOrder } from './log/streams.js';
import { rebuiltIn } from './rebuild.bench.js';
import { inChild } from './support/child.js';
import { clientOf } from './support/client.js';
import { atMost, type Bench, type BenchOptions, type Measure, median } from './support/measure.js';
import { type ServerProcess, settled, startServerProcess } from './support/server-process.js';

const AT_MOST = 1.3;

/** Ten times the facts over the same documents, and a stream of 10,000 facts beside one of 10. */
export const growth: Bench = async (options) => {
  const [customers, facts] = options.short ? [2_000, 20_000] : [10_000, 100_000];
  const small = await ofLog(options, await generatedLog(options, customers, facts));
  const large = await ofLog(options, await generatedLog(options, customers, facts * 10));
  const compared = (measure: string, unit: string, value: (of: LogMeasures) => number, ratio: number): Measure => ({
    bench: 'growth',
    measure: `${measure}, ${facts * 10} facts over ${customers} customers`,
    value: value(large),
    unit,
    baseline: { name: `${facts} facts`, value: value(small) },
    ratio,
    target: atMost(ratio, AT_MOST),
  });
  const grown = (measure: string, unit: string, value: (of: LogMeasures) => number): Measure =>
    compared(measure, unit, value, value(large) / value(small));
  return [
    compared(
      'time for a fact in a rebuild of pipeline',
      'µs',
      (of) => of.microsecondsAFact,
      large.microsecondsAFact / small.microsecondsAFact,
    ),
    grown('peak memory of the rebuild', 'MB', (of) => of.rebuildMegabytes),
    grown('command on a stream that is in memory, p50', 'ms', (of) => of.warm),
    grown('command on a stream that is not in memory, p50', 'ms', (of) => of.cold),
    grown('command on a stream that is not in memory, with the snapshot that a server left, p50', 'ms', (of) => of.kept),
    grown('start of the server', 'ms', (of) => of.start),
    grown('memory of the server after its start', 'MB', (of) => of.megabytes),
    ...(await longStreams(options)),
  ];
};

interface LogMeasures {
  readonly microsecondsAFact: number;
  readonly rebuildMegabytes: number;
  readonly warm: number;
  /** The log was written without a server: there are no snapshots. */
  readonly cold: number;
  readonly kept: number;
  readonly start: number;
  readonly megabytes: number;
}

async function ofLog({ short, say }: BenchOptions, log: GeneratedLog): Promise<LogMeasures> {
  const view = 'pipeline';
  const first = await rebuiltIn(log, view, 'first');
  const again = [await rebuiltIn(log, view, 'again'), await rebuiltIn(log, view, 'again'), await rebuiltIn(log, view, 'again')];
  const concerned = factsOfPipeline(log);

  const filling = await startServerProcess(log.folder);
  await settled(filling);
  await filling.stop();
  const starts: number[] = [];
  const memories: number[] = [];
  for (let round = 0; round < (short ? 2 : 5); round++) {
    const server = await startServerProcess(log.folder);
    const behind = await settled(server);
    starts.push(server.startedIn + behind);
    memories.push(megabytesOf(server));
    await server.stop();
  }
  const streams = someOpportunities(log, short ? 200 : 1_000);
  const [cold, warm] = await correctedAt(log, streams, 2);
  const [kept] = await correctedAt(log, streams, 1);
  const measures = {
    microsecondsAFact: median(again.map(({ builtIn }) => (builtIn * 1e6) / concerned)),
    rebuildMegabytes: Math.max(first.peakMegabytes, ...again.map(({ peakMegabytes }) => peakMegabytes)),
    warm: median(warm ?? []),
    cold: median(cold ?? []),
    kept: median(kept ?? []),
    start: median(starts),
    megabytes: median(memories),
  };
  say(`${log.facts} facts: ${JSON.stringify(measures)}`);
  return measures;
}

/** So many rounds over the same streams by a server that begins with none in memory; milliseconds of each. */
async function correctedAt({ folder }: GeneratedLog, opportunities: readonly string[], rounds: number): Promise<number[][]> {
  const server = await startServerProcess(folder);
  try {
    await settled(server);
    const times: number[][] = [];
    for (let round = 0; round < rounds; round++) times.push(await corrected(server, opportunities));
    return times;
  } finally {
    await server.stop();
  }
}

async function longStreams({ folder, short, say }: BenchOptions): Promise<Measure[]> {
  const place = `${folder}/streams`;
  await (await startServerProcess(place)).stop();
  const order: StreamsOrder = { data: `${place}/data`, lengths: [10, 10_000], each: short ? 4 : 12 };
  const [short10 = [], long10000 = []] = (
    await inChild<{ readonly streams: readonly (readonly string[])[] }>(new URL('./log/streams.js', import.meta.url), order)
  ).streams;

  const compared = (measure: string, shorts: readonly number[], longs: readonly number[], hasTarget: boolean): Measure => {
    const ratio = median(longs) / median(shorts);
    return {
      bench: 'growth',
      measure: `command on a stream of 10,000 facts, ${measure}, p50`,
      value: median(longs),
      unit: 'ms',
      baseline: { name: 'a stream of 10', value: median(shorts) },
      ratio,
      ...(hasTarget && { target: atMost(ratio, AT_MOST) }),
    };
  };
  const measures: Measure[] = [];
  for (const first of [true, false]) {
    const server = await startServerProcess(place);
    try {
      await settled(server);
      const cold = [await corrected(server, short10), await corrected(server, long10000)] as const;
      measures.push(compared(first ? 'read for the first time (no snapshot)' : 'not in memory (snapshot)', ...cold, false));
      if (first) continue;
      const warm: [number[], number[]] = [[], []];
      for (let round = 0; round < (short ? 20 : 40); round++) {
        warm[0].push(...(await corrected(server, short10)));
        warm[1].push(...(await corrected(server, long10000)));
      }
      measures.push(compared('in memory', ...warm, true));
    } finally {
      await server.stop();
    }
  }
  for (const { measure, value, ratio } of measures) say(`${measure}: ${value.toFixed(2)} ms, ratio ${ratio?.toFixed(2)}`);
  return measures;
}

/** One command on each, one after another; milliseconds. */
async function corrected(server: ServerProcess, opportunities: readonly string[]): Promise<number[]> {
  const client = await clientOf(server);
  const times: number[] = [];
  for (const opportunityId of opportunities) {
    const amount = Math.floor(Math.random() * 1e9);
    times.push((await client.command(`/v1/opportunities/${opportunityId}/correct`, { amount })).milliseconds);
  }
  client.close();
  return times;
}

const megabytesOf = ({ pid }: ServerProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1_024;

function factsOfPipeline(log: GeneratedLog): number {
  return withLog(log, (database) =>
    Number(database.value("SELECT count(*) FROM facts WHERE type_id IN (SELECT id FROM types WHERE name LIKE 'Opportunity%')")),
  );
}

function someOpportunities(log: GeneratedLog, count: number): readonly string[] {
  return withLog(log, (database) =>
    database
      .sql<[string]>("SELECT substr(name, instr(name, '.') + 1) FROM streams WHERE name LIKE 'opportunity-%' ORDER BY id LIMIT ?")
      .all(count)
      .map(([id]) => id),
  );
}

function withLog<T>({ data }: GeneratedLog, look: (database: Database) => T): T {
  const database = new Database(logFileIn(data), { readonly: true, durability: 'full' });
  try {
    return look(database);
  } finally {
    database.close();
  }
}
