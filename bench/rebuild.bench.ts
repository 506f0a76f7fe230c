import { type GeneratedLog, largeLog } from './log/logs.js';
import type { ReadOrder, ReadReport } from './log/read.js';
import type { RebuildOrder, RebuildReport } from './log/rebuild.js';
import { inChild } from './support/child.js';
import { atLeast, atMost, type Bench, type BenchOptions, type Measure, median } from './support/measure.js';

const VIEWS = ['pipeline', 'customer360'];

/** Rebuilds against the fastest way to merely read and parse the facts that the view folds. */
export const rebuild: Bench = async (options) => {
  const log = await largeLog(options);
  const measures: Measure[] = [];
  for (const view of VIEWS) measures.push(...(await ofView(options, log, view)));
  return measures;
};

async function ofView({ short, say }: BenchOptions, log: GeneratedLog, view: string): Promise<Measure[]> {
  const first = await rebuiltIn(log, view, 'first');
  const rounds: { readonly read: ReadReport; readonly built: RebuildReport }[] = [];
  for (let round = 0; round < (short ? 2 : 3); round++) {
    const read = await readIn(log, view);
    const built = await rebuiltIn(log, view, 'again');
    if (built.state !== 'identical') throw new Error(`The rebuild of ${view} gave other documents: ${built.state}.`);
    rounds.push({ read, built });
    say(
      `${view}: ${built.builtIn.toFixed(1)} s, reading alone ${read.seconds.toFixed(1)} s, ${built.peakMegabytes.toFixed(0)} MB`,
    );
  }
  const { facts } = rounds[0]?.read ?? { facts: 0 };
  const { documents } = rounds[0]?.built ?? { documents: 0 };
  const readRate = median(rounds.map(({ read }) => facts / read.seconds));
  const ratio = median(rounds.map(({ read, built }) => read.seconds / built.builtIn));
  const peak = Math.max(first.peakMegabytes, ...rounds.map(({ built }) => built.peakMegabytes));
  const rate = (measure: string, value: number): Measure => ({
    bench: 'rebuild',
    measure: `${view}: ${measure}`,
    value,
    unit: 'facts/s',
    baseline: { name: 'reading and parsing the same facts', value: readRate },
  });
  return [
    {
      ...rate('rebuild beside the live one', median(rounds.map(({ built }) => facts / built.builtIn))),
      ratio,
      target: atLeast(ratio, 0.25),
      note: `${facts} of ${log.facts} facts concern ${documents} documents`,
    },
    rate('the same with the comparison of all documents', median(rounds.map(({ built }) => facts / built.comparedIn))),
    rate('first build', facts / first.builtIn),
    { bench: 'rebuild', measure: `${view}: peak memory`, value: peak, unit: 'MB', target: atMost(peak, 400, ' MB') },
  ];
}

export const readIn = ({ data }: GeneratedLog, view: string): Promise<ReadReport> =>
  inChild<ReadReport>(new URL('./log/read.js', import.meta.url), { data, view } satisfies ReadOrder);

export const rebuiltIn = (
  { data }: GeneratedLog,
  view: string,
  build: RebuildOrder['build'],
  mongodb?: RebuildOrder['mongodb'],
): Promise<RebuildReport> =>
  inChild<RebuildReport>(new URL('./log/rebuild.js', import.meta.url), { data, view, build, mongodb } satisfies RebuildOrder);
