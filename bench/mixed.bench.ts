import { startBaseline } from './baseline/baseline.js';
import { startLoadGenerator } from './load/load.js';
import type { LoadReport, PlanName } from './load/messages.js';
import { READS, WRITES } from './load/mixed-plan.js';
import { type Bench, type Measure, median } from './support/measure.js';
import { openOpportunities, registerCustomers } from './support/opportunities.js';
import { settled, startServerProcess } from './support/server-process.js';

const CONNECTIONS = 16;
const KINDS: Readonly<Record<(typeof READS)[number] | (typeof WRITES)[number], string>> = {
  document: 'one document',
  list: 'a page of 20, filtered and sorted',
  'own write': 'the document of a command just answered (minPosition)',
  group: 'totals by phase',
  past: 'totals by phase as of a moment of the past',
  correct: 'CorrectOpportunity',
  open: 'OpenOpportunity',
  register: 'RegisterCustomer',
};

interface Round {
  readonly empty: LoadReport;
  readonly reads: LoadReport;
  readonly writes: LoadReport;
  readonly mixed: LoadReport;
}

/** 70 % reads and 30 % commands as fast as they are answered, against the same on empty routes and against each half alone, in turns. */
export const mixed: Bench = async ({ short, folder, say }) => {
  const [rounds, milliseconds] = short ? [3, 3_000] : [5, 8_000];
  const server = await startServerProcess(`${folder}/mixed`);
  const baseline = await startBaseline();
  const load = startLoadGenerator();
  try {
    const moments: string[] = [];
    const streams: string[] = [];
    const customers = await registerCustomers(server, 10_000);
    for (let part = 0; part < 4; part++) {
      streams.push(...(await openOpportunities(server, 500)));
      moments.push(new Date().toISOString());
    }
    await settled(server);
    const run = (url: string, plan: PlanName, time = milliseconds) =>
      load.run({ url, token: server.token, plan, connections: CONNECTIONS, milliseconds: time, streams, customers, moments });
    await run(baseline.url, 'mixed', 1_500);
    await run(server.url, 'mixed', 1_500);
    const all: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      const [empty, reads] = [await run(baseline.url, 'mixed'), await run(server.url, 'reads')];
      const writes = await run(server.url, 'writes');
      await settled(server);
      const mixed = await run(server.url, 'mixed');
      await settled(server);
      all.push({ empty, reads, writes, mixed });
      const rate = ({ perSecond }: LoadReport) => `${perSecond.toFixed(0)}/s`;
      say(`mixed ${rate(mixed)} of ${rate(empty)}; reads alone ${rate(reads)}, commands alone ${rate(writes)}`);
    }
    return [
      ...rates(all),
      ...READS.flatMap((kind) => times(all, kind, 'reads')),
      ...WRITES.flatMap((kind) => times(all, kind, 'writes')),
    ];
  } finally {
    load.stop();
    baseline.stop();
    await server.stop();
  }
};

function rates(rounds: readonly Round[]): Measure[] {
  const of = (value: (round: Round) => number) => median(rounds.map(value));
  const share = (round: Round, kinds: readonly string[]) => rateOf(round.mixed, kinds);
  return [
    {
      bench: 'mixed',
      measure: '70 % reads, 30 % commands: rate',
      value: of(({ mixed }) => mixed.perSecond),
      unit: '1/s',
      baseline: { name: 'the same on empty Nest routes', value: of(({ empty }) => empty.perSecond) },
      ratio: of(({ mixed, empty }) => mixed.perSecond / empty.perSecond),
      note: `rounds ${rounds.map(({ mixed, empty }) => (mixed.perSecond / empty.perSecond).toFixed(2)).join(' ')}`,
    },
    {
      bench: 'mixed',
      measure: 'its reads: rate',
      value: of((round) => share(round, READS)),
      unit: '1/s',
      baseline: { name: 'reads alone', value: of(({ reads }) => reads.perSecond) },
    },
    {
      bench: 'mixed',
      measure: 'its commands: rate',
      value: of((round) => share(round, WRITES)),
      unit: '1/s',
      baseline: { name: 'commands alone', value: of(({ writes }) => writes.perSecond) },
    },
  ];
}

function rateOf({ requests, perSecond, kinds }: LoadReport, wanted: readonly string[]): number {
  const count = wanted.reduce((sum, kind) => sum + (kinds[kind]?.requests ?? 0), 0);
  return (perSecond * count) / requests;
}

/** p50 and p99 of a kind beside the other half of the load and without it. */
function times(rounds: readonly Round[], kind: keyof typeof KINDS, alone: 'reads' | 'writes'): Measure[] {
  const names = { reads: 'reads alone', writes: 'commands alone' };
  return (['p50', 'p99'] as const).map((percent) => {
    const of = (side: keyof Round) => median(rounds.map((round) => round[side].kinds[kind]?.[percent] ?? Number.NaN));
    return {
      bench: 'mixed',
      measure: `${KINDS[kind]}: ${percent}`,
      value: of('mixed'),
      unit: 'ms',
      baseline: { name: names[alone], value: of(alone) },
      note: `${of('empty').toFixed(2)} ms on an empty route`,
    };
  });
}
