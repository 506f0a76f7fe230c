import { startLoadGenerator } from './load/load.js';
import { clientOf } from './support/client.js';
import { atMost, type Bench, median, percentile } from './support/measure.js';
import { openOpportunities } from './support/opportunities.js';
import { type ServerProcess, settled, startServerProcess } from './support/server-process.js';

const CONNECTIONS = 50;

/** From the answer to a command to the answer of a query that has it, HTTP included, at half the rate that the server can take. */
export const visible: Bench = async ({ short, folder, say }) => {
  const [rounds, milliseconds] = short ? [2, 3_000] : [5, 6_000];
  const server = await startServerProcess(`${folder}/visible`);
  const load = startLoadGenerator();
  try {
    const streams = await openOpportunities(server, 2_000);
    const [probe = '', ...others] = streams;
    const order = { url: server.url, token: server.token, plan: 'correct', connections: CONNECTIONS, streams: others } as const;
    await load.run({ ...order, milliseconds: 1_500 });
    const highest: number[] = [];
    for (let round = 0; round < 3; round++) highest.push((await load.run({ ...order, milliseconds: 2_000 })).perSecond);
    const rate = median(highest) / 2;
    await settled(server);
    const quiet = await probed(server, probe, async () => new Promise((over) => setTimeout(over, 1_500)));
    const seen: number[] = [];
    const p99s: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const times = await probed(server, probe, () => load.run({ ...order, milliseconds, rate }));
      seen.push(...times);
      p99s.push(percentile(times, 99));
      say(`visible at ${rate.toFixed(0)}/s: p50 ${median(times).toFixed(1)}, p99 ${percentile(times, 99).toFixed(1)} ms`);
    }
    const p99 = median(p99s);
    const line = (measure: string, value: number) => ({ bench: 'visible', measure, value, unit: 'ms' });
    return [
      {
        ...line('answered → in the view, at half the highest rate: p99', p99),
        target: atMost(p99, 50, ' ms'),
        note: `${rate.toFixed(0)} commands a second, ${seen.length} probes over HTTP`,
      },
      line('the same: p50', median(seen)),
      line('the same without load: p50', median(quiet)),
    ];
  } finally {
    load.stop();
    await server.stop();
  }
};

async function probed(server: ServerProcess, opportunityId: string, during: () => Promise<unknown>): Promise<number[]> {
  const client = await clientOf(server);
  const times: number[] = [];
  let over = false;
  const work = during().finally(() => {
    over = true;
  });
  for (let amount = 1 + Math.floor(Math.random() * 1e9); !over; amount++) {
    const { position } = await client.command(`/v1/opportunities/${opportunityId}/correct`, { amount });
    times.push((await client.get(`/v1/views/pipeline/${opportunityId}?minPosition=${position}`)).milliseconds);
    await new Promise((next) => setTimeout(next, 5));
  }
  await work;
  client.close();
  return times;
}
