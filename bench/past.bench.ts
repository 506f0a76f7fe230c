import { largeLog } from './log/logs.js';
import { clientOf } from './support/client.js';
import { atMost, type Bench, type Measure, median } from './support/measure.js';
import { settled, startServerProcess } from './support/server-process.js';

const DAY = 86_400_000;
const DAYS_AGO = [30, 365, 700];

/** Totals of the pipeline as of a day, asked of a running server: first, and again. */
export const past: Bench = async (options) => {
  const log = await largeLog(options);
  const server = await startServerProcess(log.folder);
  try {
    const filled = await settled(server);
    options.say(`all views built from ${log.facts} facts in ${(filled / 1_000).toFixed(0)} s`);
    const client = await clientOf(server);
    const totals = (asOf: string) => client.get(`/v1/views/pipeline?group=phase&asOf=${asOf}`);
    const live = median(await times(11, () => client.get('/v1/views/pipeline?group=phase')));
    const first: number[] = [];
    const again: number[] = [];
    for (const days of DAYS_AGO) {
      const asOf = new Date(Date.now() - days * DAY).toISOString().slice(0, 10);
      first.push(...(await times(1, () => totals(asOf))));
      again.push(...(await times(5, () => totals(asOf))));
    }
    client.close();
    const line = (measure: string, milliseconds: number): Measure => ({
      bench: 'past',
      measure,
      value: milliseconds / 1_000,
      unit: 's',
    });
    const worst = Math.max(...first);
    return [
      {
        ...line('totals of the pipeline as of a day, first (longest of 3 days)', worst),
        target: atMost(worst / 1_000, 5, ' s'),
        note: `${log.facts} facts; ${first.map((time) => (time / 1_000).toFixed(1)).join(', ')} s`,
      },
      line('the same again', median(again)),
      line('totals of today', live),
      { ...line('all views built from an empty folder', filled), note: `${log.facts} facts, all views at once` },
    ];
  } finally {
    await server.stop();
  }
};

async function times(count: number, ask: () => Promise<{ readonly milliseconds: number }>): Promise<number[]> {
  const taken: number[] = [];
  for (let number = 0; number < count; number++) taken.push((await ask()).milliseconds);
  return taken;
}
