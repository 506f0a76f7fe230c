import { logWith } from './log-with.js';
import { type KeyStore, type Log, LogUnavailable, StoreFault } from './ports.js';

/** What storage did not do, and why in words; `at` in milliseconds since 1970. */
interface Refusal {
  readonly at: number;
  readonly error: LogUnavailable | StoreFault;
}

/** What came of the newest append, the newest look at the log and the newest key; undefined where it went well. */
export interface Refused {
  append?: Refusal | undefined;
  reading?: Refusal | undefined;
  key?: Refusal | undefined;
}

/** Milliseconds for which a refusal counts, where the same was not tried since: somebody has to try to find out. */
const COUNTS_FOR = 120_000;

/** The newest refusal that still counts. */
export function refusalIn({ append, reading, key }: Refused): Refusal['error'] | undefined {
  const recent = [append, reading, key].flatMap((refusal) => (refusal && Date.now() - refusal.at < COUNTS_FOR ? [refusal] : []));
  return recent.sort((one, other) => other.at - one.at)[0]?.error;
}

/** A log that notes what its storage refuses. Pages that can be read say nothing of one that could not. */
export function notingLog(log: Log, refused: Refused): Log {
  const noted = (kind: 'append' | 'reading') => (error: unknown) => {
    // without a cause in words it is the link that failed: whether that is back can be asked
    if (error instanceof LogUnavailable && error.why !== undefined) refused[kind] = { at: Date.now(), error };
    throw error;
  };
  return logWith(log, {
    append: async (...given) => {
      const appended = await log.append(...given).catch(noted('append'));
      refused.append = undefined;
      return appended;
    },
    readStream: (...given) => log.readStream(...given).catch(noted('reading')),
    readAll: (...given) => log.readAll(...given).catch(noted('reading')),
  });
}

/** A key store that notes where its storage refuses to keep a key or an identifier. */
export function notingKeys(keys: KeyStore, refused: Refused): KeyStore {
  const noting =
    <A extends readonly unknown[], R>(work: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      try {
        const done = await work(...given);
        refused.key = undefined;
        return done;
      } catch (error) {
        if (error instanceof StoreFault && error.why !== undefined) refused.key = { at: Date.now(), error };
        throw error;
      }
    };
  return {
    load: (...given) => keys.load(...given),
    create: noting((...given) => keys.create(...given)),
    destroy: noting((...given) => keys.destroy(...given)),
    reservationOf: noting((...given) => keys.reservationOf(...given)),
    assignReservation: noting((...given) => keys.assignReservation(...given)),
    findReservation: (...given) => keys.findReservation(...given),
    secret: (...given) => keys.secret(...given),
    appliedTo: () => keys.appliedTo(),
    setAppliedTo: (position) => keys.setAppliedTo(position),
    close: () => keys.close(),
  };
}
