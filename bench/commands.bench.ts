import { startBaseline } from './baseline/baseline.js';
import { startLoadGenerator } from './load/load.js';
import type { LoadReport, PlanName } from './load/messages.js';
import { atLeast, atMost, type Bench, type Measure, median } from './support/measure.js';
import { openOpportunities, registerCustomers } from './support/opportunities.js';
import { settled, startServerProcess } from './support/server-process.js';

const CONNECTIONS = 50;
const PLANS: readonly { readonly plan: PlanName; readonly command: string; readonly hasTarget: boolean }[] = [
  { plan: 'correct', command: 'CorrectOpportunity on 2,000 streams', hasTarget: true },
  { plan: 'open', command: 'OpenOpportunity, each a new stream', hasTarget: true },
  { plan: 'move', command: 'AdvanceOpportunity and RegressOpportunity on 2,000 streams', hasTarget: true },
  { plan: 'register', command: 'RegisterCustomer, each a new stream and a new key', hasTarget: false },
];

/** Commands over HTTP, on disk when answered, against an empty route of the same framework, in turns. */
export const commands: Bench = async ({ short, folder, say }) => {
  const [rounds, milliseconds] = short ? [3, 2_000] : [5, 5_000];
  const server = await startServerProcess(`${folder}/commands`);
  const baseline = await startBaseline();
  const load = startLoadGenerator();
  const measures: Measure[] = [];
  try {
    const [streams, customers] = [await openOpportunities(server, 2_000), await registerCustomers(server, 10_000)];
    const run = (url: string, plan: PlanName, time: number) =>
      load.run({ url, token: server.token, plan, connections: CONNECTIONS, milliseconds: time, streams, customers });
    for (const { plan, command, hasTarget } of PLANS) {
      await run(baseline.url, plan, 1_500);
      await run(server.url, plan, 1_500);
      const pairs: { readonly empty: LoadReport; readonly real: LoadReport }[] = [];
      for (let round = 0; round < rounds; round++) {
        await settled(server);
        const empty = await run(baseline.url, plan, milliseconds);
        const real = await run(server.url, plan, milliseconds);
        pairs.push({ empty, real });
        say(
          `${plan}: ${real.perSecond.toFixed(0)}/s of ${empty.perSecond.toFixed(0)}/s, p99 ${real.p99.toFixed(1)} of ${empty.p99.toFixed(1)} ms`,
        );
      }
      measures.push(...compared(command, pairs, hasTarget));
    }
    return measures;
  } finally {
    load.stop();
    baseline.stop();
    await server.stop();
  }
};

function compared(
  command: string,
  pairs: readonly { readonly empty: LoadReport; readonly real: LoadReport }[],
  hasTarget: boolean,
): Measure[] {
  const of = (side: 'empty' | 'real', value: (report: LoadReport) => number) => median(pairs.map((pair) => value(pair[side])));
  const rate = median(pairs.map(({ empty, real }) => real.perSecond / empty.perSecond));
  const slowness = median(pairs.map(({ empty, real }) => real.p99 / empty.p99));
  const line = (measure: string, unit: string, value: (report: LoadReport) => number): Measure => ({
    bench: 'commands',
    measure: `${command}: ${measure}`,
    value: of('real', value),
    unit,
    baseline: { name: 'empty Nest route', value: of('empty', value) },
  });
  return [
    {
      ...line('rate', '1/s', (report) => report.perSecond),
      ratio: rate,
      ...(hasTarget && { target: atLeast(rate, 0.7) }),
      note: `rounds ${pairs.map(({ empty, real }) => (real.perSecond / empty.perSecond).toFixed(2)).join(' ')}`,
    },
    { ...line('p50', 'ms', (report) => report.p50), ratio: median(pairs.map(({ empty, real }) => real.p50 / empty.p50)) },
    { ...line('p99', 'ms', (report) => report.p99), ratio: slowness, ...(hasTarget && { target: atMost(slowness, 4) }) },
  ];
}
