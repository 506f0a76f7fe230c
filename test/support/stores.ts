import { readFileSync, renameSync } from 'node:fs';
import { BSON, MongoClient } from 'mongodb';
import { renewEventStoreLogId } from '#adapters/eventstoredb';
import { logFileIn, renewLogId } from '#adapters/sqlite';
import { noteOf, progressIn } from '#runtime/webhooks/progress';
import { openState } from '../../apps/server/engines.js';
import { keysFileIn, stateFileIn } from '../../apps/server/layout.js';
import { testEngines } from './engines.js';

/** Gives the log of a data folder another id, as a restore does. Nobody may have it open. */
export async function renewLog(dataFolder: string): Promise<void> {
  const { log } = await testEngines(dataFolder);
  if (log.engine === 'eventstoredb') await renewEventStoreLogId(log);
  else renewLogId(logFileIn(dataFolder), stateFileIn(dataFolder));
}

/** Gives deliveries of a webhook a position that the log does not have, as after a restore that lost its end. Nobody may have it open. */
export async function moveBehindTheLog(dataFolder: string, webhook: string): Promise<string> {
  const store = await openState(await testEngines(dataFolder));
  try {
    const note = await store.notes.read(noteOf(webhook));
    if (!note) throw new Error(`${webhook} has delivered nothing.`);
    const progress = progressIn(note.value);
    const position = `${progress.position?.slice(0, 9)}${'9'.repeat(16)}`;
    await store.notes.write(noteOf(webhook), JSON.stringify({ ...progress, position }), note.version);
    return position;
  } finally {
    await store.close();
  }
}

/** Takes the key store away, as a lost disk does. Nobody may have it open. Gives what puts it back. */
export async function loseKeys(dataFolder: string): Promise<() => Promise<void>> {
  const { keys } = await testEngines(dataFolder);
  if (keys.engine === 'sqlite') {
    const file = keysFileIn(dataFolder);
    renameSync(file, `${file}.lost`);
    return async () => renameSync(`${file}.lost`, file);
  }
  const client = await MongoClient.connect(keys.uri);
  const names = (await client.db(keys.database).listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  const move = async (from: string, to: string) => {
    for (const name of names) {
      const held = await client.db(from).collection(name).find().toArray();
      if (held.length > 0) await client.db(to).collection(name).insertMany(held);
    }
    await client.db(from).dropDatabase();
  };
  const lost = `${keys.database}-lost`;
  await move(keys.database, lost);
  return async () => {
    await client.db(keys.database).dropDatabase();
    await move(lost, keys.database);
    await client.close();
  };
}

/** All that the key store of a data folder holds, to be compared. */
export async function storedKeys(dataFolder: string): Promise<string> {
  const { keys } = await testEngines(dataFolder);
  if (keys.engine === 'sqlite') {
    const file = keysFileIn(dataFolder);
    return [file, `${file}-wal`].map((each) => readFileSync(each).toString('base64')).join(' ');
  }
  const client = await MongoClient.connect(keys.uri);
  try {
    const db = client.db(keys.database);
    const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name).sort();
    const held = names.map(async (name) => [
      name,
      await db
        .collection(name)
        .find({}, { sort: { _id: 1 } })
        .toArray(),
    ]);
    return BSON.EJSON.stringify(await Promise.all(held));
  } finally {
    await client.close();
  }
}
