import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { openSqliteKeys } from '#adapters/sqlite';
import { largeLog } from '../log/logs.js';
import { inChild } from '../support/child.js';
import { clientOf } from '../support/client.js';
import { eventStore } from '../support/event-store.js';
import { atMost, type Bench, type Measure, median } from '../support/measure.js';
import { settled, startServerProcess } from '../support/server-process.js';
import type { CopyOrder, CopyReport } from './copy-log.js';

const DAY = 86_400_000;
const DAYS_AGO = [30, 365, 700];

/**
 * Totals of the pipeline as of a day, as in the embedded bench, with the log in EventStoreDB: folded from the local mirror. Views
 * are embedded, so that nothing else differs; processes, which would append what the embedded bench's have appended, run elsewhere.
 */
export const mirror: Bench = async (options) => {
  const { folder, say } = options;
  const log = await largeLog(options);
  const place = await eventStore(`${folder}/eventstoredb`);
  const own = `${folder}/mirror`;
  const env = {
    ANNALS_ROLES: 'api,views',
    ANNALS_LOG_ENGINE: 'eventstoredb',
    ANNALS_EVENTSTOREDB_URI: place.connection,
    ANNALS_EVENTSTOREDB_NAMESPACE: place.namespace,
  };
  try {
    const { connection, namespace } = place;
    const order: CopyOrder = { data: log.data, connection, namespace };
    const { facts, start, seconds } = await inChild<CopyReport>(new URL('./copy-log.js', import.meta.url), order);
    say(`${facts} facts copied into EventStoreDB (${place.from}) in ${seconds.toFixed(0)} s`);
    // Its first token is in the log, and the secret beside that log.
    mkdirSync(`${own}/data`, { recursive: true });
    for (const name of ['secrets', 'data/keys.db']) cpSync(`${log.folder}/${name}`, `${own}/${name}`, { recursive: true });
    await keysOf(own, start);
    const server = await startServerProcess(own, { env });
    try {
      const built = await settled(server, 3_600_000);
      say(`log copied and all views built in ${(built / 1_000).toFixed(0)} s`);
      const client = await clientOf(server);
      const measures = await asked((path) => client.get(path), facts, place.from);
      client.close();
      return [
        ...measures,
        { bench: 'mirror', measure: 'log copied and all views built from an empty folder', value: built / 1_000, unit: 's' },
      ];
    } finally {
      await server.stop();
    }
  } finally {
    await place.end();
  }
};

/** Marks the keys as those of the copied log: its sealed values are made up, and a server refuses a log whose keys it has never had. */
async function keysOf(folder: string, start: string): Promise<void> {
  const masterKey = Buffer.from(readFileSync(`${folder}/secrets/master.key`, 'utf8').trim(), 'hex');
  const keys = await openSqliteKeys({ file: `${folder}/data/keys.db`, masterKey });
  await keys.setAppliedTo(start);
  await keys.close();
}

async function asked(
  get: (path: string) => Promise<{ readonly milliseconds: number }>,
  facts: number,
  from: string,
): Promise<Measure[]> {
  const first: number[] = [];
  const again: number[] = [];
  for (const days of DAYS_AGO) {
    const asOf = new Date(Date.now() - days * DAY).toISOString().slice(0, 10);
    const path = `/v1/views/pipeline?group=phase&asOf=${asOf}`;
    first.push((await get(path)).milliseconds);
    for (let time = 0; time < 5; time++) again.push((await get(path)).milliseconds);
  }
  const worst = Math.max(...first) / 1_000;
  const each = first.map((milliseconds) => (milliseconds / 1_000).toFixed(1)).join(', ');
  return [
    {
      bench: 'mirror',
      measure: 'totals of the pipeline as of a day through the mirror, first (longest of 3 days)',
      value: worst,
      unit: 's',
      target: atMost(worst, 5, ' s'),
      note: `${facts} facts in EventStoreDB (${from}); ${each} s`,
    },
    { bench: 'mirror', measure: 'the same again', value: median(again) / 1_000, unit: 's' },
  ];
}
