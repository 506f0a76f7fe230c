import { type Consequences, settleConsequences } from '../commands/consequences.js';
import { isOf, type KeyStore, type Log } from '../ports.js';
import type { Registry } from '../registry.js';
import { Follower } from './follower.js';

/**
 * Sees to it that what a fact says about keys and reservations comes true, whatever crashed after it was recorded: persons
 * that it erases lose their keys, reservations that it gives up are free. Remembers its position in the key store, so that
 * a key store from a backup catches up before anything is served.
 */
export async function settlements(
  log: Log,
  keys: KeyStore,
  registry: Registry,
  consequences: Consequences,
  onError: (name: string, error: unknown) => void,
): Promise<Follower> {
  const concerned = [...registry.facts.values()].filter(({ erases, releases }) => erases !== undefined || releases !== undefined);

  const applied = await keys.appliedTo();
  return new Follower({
    name: 'settlements',
    log,
    types: concerned.map(({ type }) => type),
    // A position of a log that was restored since says nothing: then all is applied again, which changes nothing where it was.
    position: applied !== undefined && isOf(log, applied) && applied <= (await log.head()) ? applied : undefined,
    handle: async (facts) => {
      for (const stored of facts) await settleConsequences(stored, registry, consequences);
    },
    store: (position) => keys.setAppliedTo(position),
    onError,
  });
}
