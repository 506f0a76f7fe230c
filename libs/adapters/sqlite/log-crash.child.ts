import { randomUUID } from 'node:crypto';
import { openSqliteLog } from './log/log.js';

/**
 * Appends from fifty writers for ever and says each acknowledged one on its standard output, at once: `<stream> <revision> <id>`.
 * The crash test runs it and kills it.
 */
const log = await openSqliteLog({ folder: process.argv[2] ?? '' });
process.stdout.write('ready\n');
await Promise.all(
  Array.from({ length: 50 }, async () => {
    for (;;) {
      const stream = `order-acme.${randomUUID()}`;
      for (let revision = -1; revision < 20; revision += 2) {
        const ids = [randomUUID(), randomUUID()];
        const appended = await log.append(stream, revision, ids.map(fact));
        process.stdout.write(ids.map((id, index) => `${stream} ${appended.revision - 1 + index} ${id}\n`).join(''));
      }
    }
  }),
);

function fact(id: string) {
  const moment = '2026-01-05T09:00:00.000Z';
  const data = `{"note":"${'x'.repeat(Math.floor(Math.random() * 3000))}"}`;
  return { id, type: 'OrderPlaced', schemaVersion: 1, occurredAt: moment, recordedAt: moment, data, metadata: '{}' };
}
