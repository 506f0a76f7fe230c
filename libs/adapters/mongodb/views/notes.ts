import type { AnyBulkWriteOperation, ClientSession, Filter } from 'mongodb';
import { type Notes, StaleWriter, type Timer, type Timers } from '#runtime/ports';
import type { Connection } from '../connection.js';
import { isDuplicate } from '../faults.js';
import type { Sessions } from '../sessions.js';
import type { TimerRecord, ViewCollections } from './format.js';

export function notesIn(connection: Connection, collections: ViewCollections): Notes {
  return {
    read: (name) =>
      connection.ask(async () => {
        const found = await collections.notes.findOne({ _id: name });
        return found ? { value: found.value, version: found.version } : undefined;
      }),
    write: (name, value, version) => connection.ask(() => writeNote(collections, { name, value, version })),
  };
}

export function timersIn(connection: Connection, collections: ViewCollections, sessions: Sessions): Timers {
  const { timers } = collections;
  return {
    change: ({ add, done }) =>
      connection.ask(async () => {
        if (add.length === 0 && done.length === 0) return;
        await sessions.transaction(async (session) => {
          if (add.length > 0) await timers.bulkWrite(add.map(unlessThere), { session, ordered: true });
          if (done.length > 0) await timers.deleteMany({ _id: { $in: done.map(({ id }) => id) } }, { session });
        });
      }),
    due: (now, limit, clock) =>
      connection.ask(async () => {
        const sort = { due: 1, _id: 1 } as const;
        const found = await timers.find({ ...following(clock), due: { $lte: now } }, { sort, limit }).toArray();
        return found.map(({ _id, due, json }): Timer => ({ id: _id, due, json, ...(clock !== undefined && { clock }) }));
      }),
    next: (clock) => connection.ask(async () => (await timers.findOne(following(clock), { sort: { due: 1 } }))?.due),
    clocks: () =>
      connection.ask(async () => (await timers.distinct('clock', { clock: { $gt: '' } })).filter((clock) => clock !== undefined)),
    count: () => connection.ask(() => timers.countDocuments()),
  };
}

/** Those of the servers' clock have none. */
const following = (clock: string | undefined): Filter<TimerRecord> => ({ clock: clock ?? { $exists: false } });

const unlessThere = ({ id, due, json, clock }: Timer): AnyBulkWriteOperation<TimerRecord> => ({
  updateOne: {
    filter: { _id: id },
    update: { $setOnInsert: { due, json, ...(clock !== undefined && { clock }) } },
    upsert: true,
  },
});

async function writeNote(
  { notes }: ViewCollections,
  { name, value, version }: { readonly name: string; readonly value: string; readonly version: number },
  session?: ClientSession,
): Promise<void> {
  const options = session ? { session } : {};
  const stale = () => new StaleWriter(`The note ${name} is no longer at version ${version}.`);
  if (version === 0) {
    await notes.insertOne({ _id: name, value, version: 1 }, options).catch((error: unknown) => {
      throw isDuplicate(error) ? stale() : error;
    });
    return;
  }
  const { matchedCount } = await notes.updateOne({ _id: name, version }, { $set: { value }, $inc: { version: 1 } }, options);
  if (matchedCount === 0) throw stale();
}
