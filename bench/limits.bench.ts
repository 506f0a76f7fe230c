import { startLoadGenerator } from './load/load.js';
import type { LoadReport } from './load/messages.js';
import { atMost, type Bench, median } from './support/measure.js';
import { openOpportunities } from './support/opportunities.js';
import { type ServerProcess, settled, startServerProcess } from './support/server-process.js';

/** People who click: a rate that the server takes with ease. */
const INTERACTIVE = { plan: 'correct', connections: 8, rate: 100 } as const;
const BULK_SENDERS = 4;
const LINES = 2_000;

/** What interactive commands take beside bulk senders that send as much as the server takes, and without them, in turns. */
export const limits: Bench = async ({ short, folder, say }) => {
  const [rounds, milliseconds] = short ? [3, 5_000] : [7, 10_000];
  const server = await startServerProcess(`${folder}/limits`);
  const load = startLoadGenerator();
  try {
    const streams = await openOpportunities(server, 500);
    const interactive = (time: number) =>
      load.run({ ...INTERACTIVE, url: server.url, token: server.token, streams, milliseconds: time });
    await interactive(2_000);
    const alone = await bulkDuring(server, () => new Promise((over) => setTimeout(over, milliseconds)));
    const pairs: { readonly idle: LoadReport; readonly loaded: LoadReport; readonly bulk: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      await settled(server);
      const idle = await interactive(milliseconds);
      let loaded: LoadReport | undefined;
      const bulk = await bulkDuring(server, async () => {
        loaded = await interactive(milliseconds);
      });
      if (!loaded) throw new Error('The load was not measured.');
      pairs.push({ idle, loaded, bulk });
      say(`interactive p99 ${loaded.p99.toFixed(1)} of ${idle.p99.toFixed(1)} ms beside ${bulk.toFixed(0)} bulk commands/s`);
    }
    const of = (side: 'idle' | 'loaded', value: (report: LoadReport) => number) => median(pairs.map((pair) => value(pair[side])));
    const ratio = median(pairs.map(({ idle, loaded }) => loaded.p99 / idle.p99));
    const line = (measure: string, value: (report: LoadReport) => number) => ({
      bench: 'limits',
      measure,
      value: of('loaded', value),
      unit: 'ms',
      baseline: { name: 'without bulk', value: of('idle', value) },
    });
    return [
      {
        ...line('interactive commands beside bulk at full load: p99', ({ p99 }) => p99),
        ratio,
        target: atMost(ratio, 2),
        note: `rounds ${pairs.map(({ idle, loaded }) => (loaded.p99 / idle.p99).toFixed(2)).join(' ')}; ${INTERACTIVE.rate} commands/s`,
      },
      line('the same: p50', ({ p50 }) => p50),
      {
        bench: 'limits',
        measure: 'bulk commands beside interactive ones',
        value: median(pairs.map(({ bulk }) => bulk)),
        unit: '1/s',
        baseline: { name: 'bulk alone', value: alone },
      },
    ];
  } finally {
    load.stop();
    await server.stop();
  }
};

/** Sends commands as lines on several connections for as long as `during` takes; gives how many a second were done. */
async function bulkDuring(server: ServerProcess, during: () => Promise<unknown>): Promise<number> {
  const over = new AbortController();
  let done = 0;
  const began = performance.now();
  const senders = Array.from({ length: BULK_SENDERS }, async () => {
    while (!over.signal.aborted) {
      const lines = Array.from({ length: LINES }, (_, index) =>
        JSON.stringify({ command: 'OpenOpportunity', payload: { amount: 100_00 + index, currency: 'EUR' } }),
      );
      try {
        const response = await fetch(`${server.url}/v1/commands`, {
          method: 'POST',
          headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/x-ndjson' },
          body: `${lines.join('\n')}\n`,
          signal: over.signal,
        });
        if (!response.ok || !response.body) throw new Error(`Bulk was answered ${response.status}.`);
        for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
          for (const byte of chunk) if (byte === NEWLINE) done++;
      } catch (error) {
        if (!over.signal.aborted) throw error;
      }
    }
  });
  await during();
  over.abort();
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all(senders);
  return done / seconds;
}

const NEWLINE = 10;
