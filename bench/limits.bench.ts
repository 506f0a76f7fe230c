import { startBulkCallers } from './load/bulk.js';
import { startLoadGenerator } from './load/load.js';
import type { LoadReport } from './load/messages.js';
import { atMost, type Bench, type Measure, median } from './support/measure.js';
import { openOpportunities } from './support/opportunities.js';
import { settled, startServerProcess } from './support/server-process.js';

/** People who click: a rate that the server takes with ease. */
const INTERACTIVE = { plan: 'correct', connections: 8, rate: 100 } as const;

/** What interactive commands take beside bulk callers that ask for as much as the server gives, and without them, in turns. */
export const limits: Bench = async ({ short, folder, say }) => {
  const [rounds, milliseconds] = short ? [3, 5_000] : [7, 10_000];
  const server = await startServerProcess(`${folder}/limits`);
  const load = startLoadGenerator();
  const callers = startBulkCallers();
  try {
    const streams = await openOpportunities(server, 500);
    const interactive = (time: number) =>
      load.run({ ...INTERACTIVE, url: server.url, token: server.token, streams, milliseconds: time });
    await interactive(2_000);
    const measures: Measure[] = [];
    for (const [bulk, what, target] of [
      ['lines', 'bulk commands', true],
      ['facts', 'facts of replays', true],
      ['topic', 'events of topics', false],
    ] as const) {
      const alone = await callers.during(server, bulk, () => new Promise((over) => setTimeout(over, milliseconds)));
      const pairs: Pair[] = [];
      for (let round = 0; round < rounds; round++) {
        await settled(server);
        const idle = await interactive(milliseconds);
        let loaded: LoadReport | undefined;
        const perSecond = await callers.during(server, bulk, async () => {
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
    callers.stop();
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
