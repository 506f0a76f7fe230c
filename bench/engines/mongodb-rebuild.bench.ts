import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { largeLog } from '../log/logs.js';
import { readIn, rebuiltIn } from '../rebuild.bench.js';
import { type Bench, type Measure, median } from '../support/measure.js';

const VIEW = 'pipeline';

/**
 * A view rebuilt from the large log into the MongoDB of ANNALS_TEST_MONGODB, beside the fastest way to merely read its facts. The
 * log is the file that a mirror of a remote log is, too.
 */
export const mongodbRebuild: Bench = async (options) => {
  const uri = process.env.ANNALS_TEST_MONGODB;
  if (!uri) {
    options.say('ANNALS_TEST_MONGODB is not set: skipped');
    return [];
  }
  const place = { uri, database: `annals_bench_${randomBytes(6).toString('hex')}` };
  const log = await largeLog(options);
  const client = new MongoClient(uri);
  try {
    const first = await rebuiltIn(log, VIEW, 'first', place);
    options.say(`${VIEW}: built at first in ${first.builtIn.toFixed(0)} s`);
    const rounds: { read: number; built: number; facts: number; documents: number }[] = [];
    for (let round = 0; round < (options.short ? 1 : 3); round++) {
      const read = await readIn(log, VIEW);
      const built = await rebuiltIn(log, VIEW, 'again', place);
      if (built.state !== 'identical') throw new Error(`The rebuild of ${VIEW} gave other documents: ${built.state}.`);
      rounds.push({ read: read.seconds, built: built.builtIn, facts: read.facts, documents: built.documents });
      options.say(`${VIEW}: rebuilt in ${built.builtIn.toFixed(1)} s, reading alone ${read.seconds.toFixed(1)} s`);
    }
    const { facts, documents } = rounds[0] ?? { facts: 0, documents: 0 };
    const rate = (measure: string, value: number): Measure => ({
      bench: 'mongodb-rebuild',
      measure: `${VIEW} into MongoDB: ${measure}`,
      value,
      unit: 'facts/s',
      baseline: { name: 'reading and parsing the same facts', value: median(rounds.map(({ read }) => facts / read)) },
      note: `${facts} of ${log.facts} facts concern ${documents} documents`,
    });
    return [
      {
        ...rate('rebuild beside the live one', median(rounds.map(({ built }) => facts / built))),
        ratio: median(rounds.map(({ read, built }) => read / built)),
      },
      rate('first build', facts / first.builtIn),
    ];
  } finally {
    await client.db(place.database).dropDatabase();
    await client.close();
  }
};
