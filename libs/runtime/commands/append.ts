import { metadataOf } from '../envelope.js';
import { type Appended, type Log, type NewFact, OutcomeUnknown, type StoredFact, WrongRevision } from '../ports.js';
import type { Stream, Streams } from './streams.js';

/** Milliseconds until an append whose outcome cannot be learnt is given up. */
const OUTCOME_DEADLINE = 10_000;

/**
 * Writes the facts behind the stream, once. Undefined where what the stream holds has to be looked at: another command was
 * first, or an earlier attempt at this one, perhaps with another body. What cannot be known is tried again with the same ids, which
 * are of this decision alone, at the same revision: throws OutcomeUnknown if that does not tell before the deadline.
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
      return await log.append(stream.name, stream.revision, facts);
    } catch (error) {
      streams.forget(stream.name);
      if (error instanceof WrongRevision) return undefined;
      if (error instanceof OutcomeUnknown) unknown = error;
      // Once a try may have written them, no later failure says that they are not there.
      if (!unknown) throw error;
      if (Date.now() + pause > deadline) throw unknown;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Facts as they are read from the log once they were appended. */
export function asStored({ name: stream }: Stream, facts: readonly NewFact[], { revision, position }: Appended): StoredFact[] {
  const first = revision - facts.length + 1;
  // Member by member: Node 20 gives each copy that members are added to a shape of its own, which costs thirty times as much.
  return facts.map(({ id, type, schemaVersion, occurredAt, recordedAt, data, metadata }, index) => ({
    stream,
    revision: first + index,
    position,
    id,
    type,
    schemaVersion,
    occurredAt,
    recordedAt,
    data,
    metadata,
  }));
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
