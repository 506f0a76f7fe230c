import { StaleWriter } from '#runtime/ports';
import { openMongoViews } from '../views/views.js';
import { STEPS_VIEW, takeStep } from './steps.js';

/**
 * Takes steps for ever, renewing its lease before each, and says each acknowledged one on its standard output; "stale" when
 * it is refused. Tests stop, wake and kill it.
 */
const [uri = '', database = '', leaseMilliseconds = ''] = process.argv.slice(2);
const store = await openMongoViews({ uri, database });
const generation = await store.generation(STEPS_VIEW);
const lease = await store.lease('views', `writer ${process.pid}`, Number(leaseMilliseconds));
if (!lease) throw new Error('Somebody else has the lease.');
try {
  for (let ended = false; !ended; ) {
    process.stdout.write(`${await takeStep(generation, lease.token)}\n`);
    const renewed = await store.lease('views', lease.holder, Number(leaseMilliseconds));
    // Goes on writing without one: the store has to refuse it.
    ended = renewed !== undefined && renewed.token !== lease.token;
  }
} catch (error) {
  if (!(error instanceof StaleWriter)) throw error;
  process.stdout.write('stale\n');
}
await store.close();
