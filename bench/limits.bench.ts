import { startLoadGenerator } from './load/load.js';
import type { LoadReport } from './load/messages.js';
import { atMost, type Bench, type Measure, median } from './support/measure.js';
import { openOpportunities } from './support/opportunities.js';
import { type ServerProcess, settled, startServerProcess } from './support/server-process.js';

/** People who click: a rate that the server takes with ease. */
const INTERACTIVE = { plan: 'correct', connections: 8, rate: 100 } as const;
const BULK_CALLERS = 4;
const LINES = 2_000;
const FACTS = 1_000;

/** Gives how many of its things one request has done or got. */
type Bulk = (server: ServerProcess, signal: AbortSignal) => Promise<number>;

/** What interactive commands take beside bulk callers that ask for as much as the server gives, and without them, in turns. */
export const limits: Bench = async ({ short, folder, say }) => {
  const [rounds, milliseconds] = short ? [3, 5_000] : [7, 10_000];
  const server = await startServerProcess(`${folder}/limits`);
  const load = startLoadGenerator();
  try {
    const streams = await openOpportunities(server, 500);
    const interactive = (time: number) =>
      load.run({ ...INTERACTIVE, url: server.url, token: server.token, streams, milliseconds: time });
    await interactive(2_000);
    const measures: Measure[] = [];
    for (const [bulk, what, target] of [
      [sendLines, 'bulk commands', true],
      [readFacts, 'facts of replays', true],
      [readTopic, 'events of topics', false],
    ] as const) {
      const alone = await bulkDuring(server, bulk, () => new Promise((over) => setTimeout(over, milliseconds)));
      const pairs: Pair[] = [];
      for (let round = 0; round < rounds; round++) {
        await settled(server);
        const idle = await interactive(milliseconds);
        let loaded: LoadReport | undefined;
        const perSecond = await bulkDuring(server, bulk, async () => {
          loaded = await interactive(milliseconds);
        });
        if (!loaded) throw new Error('The load was not measured.');
        pairs.push({ idle, loaded, bulk: perSecond });
        say(`interactive p99 ${loaded.p99.toFixed(1)} of ${idle.p99.toFixed(1)} ms beside ${perSecond.toFixed(0)} ${what}/s`);
      }
      measures.push(...compared(what, pairs, alone, target));
    }
    return measures;
  } finally {
    load.stop();
    await server.stop();
  }
};

interface Pair {
  readonly idle: LoadReport;
  readonly loaded: LoadReport;
  readonly bulk: number;
}

function compared(what: string, pairs: readonly Pair[], alone: number, hasTarget: boolean): readonly Measure[] {
  const of = (side: 'idle' | 'loaded', value: (report: LoadReport) => number) => median(pairs.map((pair) => value(pair[side])));
  const ratio = median(pairs.map(({ idle, loaded }) => loaded.p99 / idle.p99));
  const line = (measure: string, value: (report: LoadReport) => number): Measure => ({
    bench: 'limits',
    measure: `interactive commands beside ${what} at full load: ${measure}`,
    value: of('loaded', value),
    unit: 'ms',
    baseline: { name: 'without', value: of('idle', value) },
  });
  return [
    {
      ...line('p99', ({ p99 }) => p99),
      ratio,
      ...(hasTarget && { target: atMost(ratio, 2) }),
      note: `rounds ${pairs.map(({ idle, loaded }) => (loaded.p99 / idle.p99).toFixed(2)).join(' ')}; ${INTERACTIVE.rate} commands/s`,
    },
    line('p50', ({ p50 }) => p50),
    {
      bench: 'limits',
      measure: `${what} beside interactive commands`,
      value: median(pairs.map(({ bulk }) => bulk)),
      unit: '1/s',
      baseline: { name: 'alone', value: alone },
    },
  ];
}

/** Asks on several connections for as long as `during` takes; gives how many things a second were done or got. */
async function bulkDuring(server: ServerProcess, bulk: Bulk, during: () => Promise<unknown>): Promise<number> {
  const over = new AbortController();
  let done = 0;
  const began = performance.now();
  const callers = Array.from({ length: BULK_CALLERS }, async () => {
    while (!over.signal.aborted) {
      try {
        done += await bulk(server, over.signal);
      } catch (error) {
        if (!over.signal.aborted) throw error;
      }
    }
  });
  await during();
  over.abort();
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all(callers);
  return done / seconds;
}

const sendLines: Bulk = async ({ url, token }, signal) => {
  const lines = Array.from({ length: LINES }, (_, index) =>
    JSON.stringify({ command: 'OpenOpportunity', payload: { amount: 100_00 + index, currency: 'EUR' } }),
  );
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' };
  const response = await fetch(`${url}/v1/commands`, { method: 'POST', headers, body: `${lines.join('\n')}\n`, signal });
  if (response.status === 429) return tooMany();
  if (!response.ok || !response.body) throw new Error(`Bulk was answered ${response.status}.`);
  let done = 0;
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
      for (const byte of chunk) if (byte === NEWLINE) done++;
  } catch (error) {
    // broken off by the end of the round: what was answered until then counts
    if (!signal.aborted) throw error;
  }
  return done;
};

/** The server has not noticed yet that the requests of the round before were broken off. */
async function tooMany(): Promise<number> {
  await new Promise((later) => setTimeout(later, 100));
  return 0;
}

const NEWLINE = 10;

const reads =
  (path: string): Bulk =>
  async ({ url, token }, signal) => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` }, signal });
    if (response.status === 429) return tooMany();
    if (!response.ok) throw new Error(`A page was answered ${response.status}.`);
    await response.arrayBuffer();
    return FACTS;
  };
const readFacts = reads(`/v1/facts?limit=${FACTS}`);
const readTopic = reads(`/v1/topics/opportunity?limit=${FACTS}`);
