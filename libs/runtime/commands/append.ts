import { metadataOf } from '../envelope.js';
import { type Appended, type Log, type NewFact, OutcomeUnknown, type StoredFact, WrongRevision } from '../ports.js';
import type { Stream, Streams } from './streams.js';

/** Milliseconds until an append whose outcome cannot be learnt is given up. */
const OUTCOME_DEADLINE = 10_000;

/**
 * Writes the facts behind the stream, once. Undefined on a conflict with another command. What cannot be known is tried again
 * with the same ids at the same revision: throws OutcomeUnknown if that does not tell before the deadline.
 */
export async function appendOnce(
  log: Log,
  streams: Streams,
  stream: Stream,
  facts: readonly NewFact[],
  milliseconds = OUTCOME_DEADLINE,
): Promise<Appended | undefined> {
  const deadline = Date.now() + milliseconds;
  let unknown: OutcomeUnknown | undefined;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
    try {
      const appended = await appendOrFind(log, stream, facts);
      if (!appended) streams.forget(stream.name);
      return appended;
    } catch (error) {
      streams.forget(stream.name);
      if (error instanceof OutcomeUnknown) unknown = error;
      // Once a try may have written them, no later failure says that they are not there.
      if (!unknown) throw error;
      if (Date.now() + pause > deadline) throw unknown;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

async function appendOrFind(log: Log, stream: Stream, facts: readonly NewFact[]): Promise<Appended | undefined> {
  try {
    return await log.append(stream.name, stream.revision, facts);
  } catch (error) {
    if (!(error instanceof WrongRevision)) throw error;
    return find(log, stream, facts);
  }
}

/** Our own facts, if an append whose outcome was unknown had written them. */
async function find(log: Log, stream: Stream, facts: readonly NewFact[]): Promise<Appended | undefined> {
  const stored = await log.readStream(stream.name, stream.revision + 1, facts.length);
  const last = stored[facts.length - 1];
  return last && stored.every(({ id }, index) => id === facts[index]?.id)
    ? { revision: last.revision, position: last.position }
    : undefined;
}

const PAGE = 100;

/** The facts that a command recorded, from its first one on: a relationship whose contracts ended together has hundreds of them. */
export async function factsOf(
  log: Log,
  stream: string,
  firstRevision: number,
  commandId: string,
): Promise<readonly StoredFact[]> {
  const facts: StoredFact[] = [];
  for (;;) {
    const page = await log.readStream(stream, firstRevision + facts.length, PAGE);
    const other = page.findIndex((stored) => metadataOf(stored).commandId !== commandId);
    facts.push(...(other < 0 ? page : page.slice(0, other)));
    if (other >= 0 || page.length < PAGE) return facts;
  }
}
