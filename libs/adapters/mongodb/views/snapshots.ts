import type { Snapshot } from '#runtime/ports';
import type { Connection } from '../connection.js';
import { isDuplicate, MongoFault } from '../faults.js';
import type { ViewCollections } from './format.js';

/** Milliseconds. A stream is read from its start in about that time; so no command waits longer for what only saves time. */
const WITHIN = 500;
/** Milliseconds in which nobody asks again after there was no answer. */
const LEFT_ALONE = 5_000;

/** Snapshots of streams. Commands wait for them: while the server does not answer they are refused at once. */
export class Snapshots {
  #leftAloneUntil = 0;

  constructor(
    private readonly connection: Connection,
    private readonly collections: ViewCollections,
  ) {}

  load(stream: string, stateVersion: number): Promise<Snapshot | undefined> {
    return this.#ask(async () => {
      const found = await this.collections.snapshots.findOne({ _id: snapshotId(stream, stateVersion) });
      return found ? { stream, stateVersion, revision: found.revision, json: found.json } : undefined;
    });
  }

  save({ stream, stateVersion, revision, json }: Snapshot): Promise<void> {
    return this.#ask(async () => {
      const older = { _id: snapshotId(stream, stateVersion), revision: { $lt: revision } };
      try {
        await this.collections.snapshots.updateOne(older, { $set: { revision, json } }, { upsert: true });
      } catch (error) {
        // The stored one is as new: the upsert would make a second.
        if (!isDuplicate(error)) throw error;
      }
    });
  }

  async #ask<T>(work: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#leftAloneUntil)
      throw new MongoFault('unavailable', `${this.connection.place} did not answer a moment ago.`);
    try {
      return await this.connection.within(WITHIN, work);
    } catch (error) {
      if (error instanceof MongoFault && error.passing) this.#leftAloneUntil = performance.now() + LEFT_ALONE;
      throw error;
    }
  }
}

const snapshotId = (stream: string, stateVersion: number) => `${stateVersion} ${stream}`;
