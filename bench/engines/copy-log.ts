import { openEventStoreLog } from '#adapters/eventstoredb';
import { logFileIn, openSqliteLogReader } from '#adapters/sqlite';
import { type Log, OutcomeUnknown, type StoredFact } from '#runtime/ports';
import { answerParent } from '../support/child.js';

export interface CopyOrder {
  /** A data folder with an embedded log. */
  readonly data: string;
  readonly connection: string;
  readonly namespace: string;
}
export interface CopyReport {
  readonly facts: number;
  /** Position before the first fact of the copy. */
  readonly start: string;
  readonly seconds: number;
}

const PAGE = 1_000;
const MOST_TRIES = 5;

/** Appends all facts of an embedded log to an empty one in EventStoreDB, a page at a time: order within streams stays. */
await answerParent(async ({ data, connection, namespace }: CopyOrder): Promise<CopyReport> => {
  const from = await openSqliteLogReader(logFileIn(data));
  const to = await openEventStoreLog({ connection, namespace, deadline: 60_000 });
  const began = performance.now();
  let facts = 0;
  for (let after = from.start, atHead = false; !atHead; ) {
    const page = await from.readAll(after, { limit: PAGE });
    const streams = new Map<string, typeof page.facts>();
    for (const fact of page.facts) streams.set(fact.stream, [...(streams.get(fact.stream) ?? []), fact]);
    await Promise.all([...streams].map(([stream, its]) => appended(to, stream, its)));
    facts += page.facts.length;
    after = page.position;
    atHead = page.atHead;
  }
  await to.close();
  await from.close();
  return { facts, start: to.start, seconds: (performance.now() - began) / 1_000 };
});

/** Where the outcome is unknown, the same facts at the same revision again: they are there once. */
async function appended(log: Log, stream: string, facts: readonly StoredFact[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await log.append(stream, (facts[0]?.revision ?? 0) - 1, facts);
      return;
    } catch (error) {
      if (!(error instanceof OutcomeUnknown) || tries === MOST_TRIES) throw error;
    }
  }
}
