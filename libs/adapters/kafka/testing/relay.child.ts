import { openSqliteLog } from '#adapters/sqlite';
import { Publication } from '#runtime/relay/index';
import { openKafkaTopics } from '../topics.js';
import { type Kind, newFact, newStream } from './facts.js';

/**
 * Appends for ever and publishes what it appends; says every position up to which it has published. The crash test runs it
 * and kills it.
 */
const [folder = '', address = '', prefix = ''] = process.argv.slice(2);
const log = await openSqliteLog({ folder });
const publication = new Publication({
  log,
  open: () => openKafkaTopics({ brokers: [address], partitions: 3, prefix }),
  onError: (name, error) => process.stderr.write(`${name}: ${String(error)}\n`),
});
publication.start();

let said: string | undefined;
setInterval(() => {
  const [position] = publication.readers().map((reader) => reader.position);
  if (position === undefined || position === said) return;
  said = position;
  process.stdout.write(`${position}\n`);
}, 2);

const kinds: readonly Kind[] = ['public', 'public', 'internal', 'imported', 'public'];
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (;;) {
      const stream = newStream();
      for (let revision = -1; revision < 40; revision += kinds.length) {
        await log.append(
          stream,
          revision,
          kinds.map((kind) => newFact(kind)),
        );
        await new Promise((over) => setTimeout(over, 10));
      }
    }
  }),
);
