import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseStream, type Recorded } from '#kernel';
import type { FactQuery, FactService } from '../annals.js';
import { storedFormOf } from '../envelope.js';
import { leaves } from '../leaving.js';
import { ForeignPosition, isOf, type Log, type StoredFact } from '../ports.js';
import { Problem } from '../problem.js';

/** How often a page reads on before it answers with what it has: a rare type must not hold up whoever asks for it. */
const READS_AT_MOST = 100;
const CHUNK = 2_000;

/** Topics and replays: filtered reads of the log, in its order, in the stored form. */
export function factService(log: Log): FactService {
  return {
    async page(query) {
      try {
        return query.stream === undefined ? await pageOfLog(log, query) : await pageOfStream(log, query, query.stream);
      } catch (error) {
        if (error instanceof ForeignPosition)
          throw new Problem(
            410,
            'foreign-position',
            'This position belongs to another log. Start from the beginning, or from a position of this one.',
          );
        throw error;
      }
    },

    async moved(after, milliseconds) {
      if ((await log.head()) > after) return true;
      return new Promise((resolve) => {
        const settle = (moved: boolean) => {
          clearTimeout(timer);
          stop();
          resolve(moved);
        };
        const stop = log.onAppend((head) => {
          if (head > after) settle(true);
        });
        const timer = setTimeout(settle, milliseconds, false);
        timer.unref();
      });
    },

    head: () => log.head(),
  };
}

async function pageOfLog(log: Log, query: FactQuery) {
  const facts: Recorded[] = [];
  let position = query.after ?? log.start;
  let atHead = false;
  for (let reads = 0; reads < READS_AT_MOST && facts.length < query.limit && !atHead; reads++) {
    // Embedded logs are read on this thread, and others have requests too.
    if (reads > 0) await nextTurn();
    // of the facts of a time few may be wanted
    const more = query.from === undefined && query.to === undefined ? 0 : CHUNK / 4;
    const limit = Math.min(CHUNK, query.limit - facts.length + more);
    const page = await log.readAll(position, { limit, types: query.types, aggregates: query.aggregates, tenant: query.tenant });
    position = page.position;
    atHead = page.atHead;
    for (const stored of page.facts) {
      const fact = storedFormOf(stored);
      if (!wanted(fact, query)) continue;
      facts.push(fact);
      if (facts.length < query.limit) continue;
      position = stored.position;
      atHead = false;
      break;
    }
  }
  return { facts, position, atHead };
}

async function pageOfStream(log: Log, query: FactQuery, stream: string) {
  if (tenantAsked(stream) !== query.tenant)
    throw new Problem(404, 'stream-unknown', 'There is no such stream; name one of your own tenant.');
  if (query.after !== undefined && !isOf(log, query.after))
    throw new ForeignPosition(`${query.after} is a position of another log than ${log.id}.`);
  const { after = log.start } = query;
  const facts: Recorded[] = [];
  let position = after;
  for (let revision = 0; ; ) {
    const page = await log.readStream(stream, revision, CHUNK);
    if (page.length === CHUNK && (page.at(-1) as StoredFact).position <= after) {
      revision = await revisionBehind(log, stream, after, revision + CHUNK);
      continue;
    }
    for (const stored of page) {
      if (stored.position <= after) continue;
      const fact = storedFormOf(stored);
      if (!wanted(fact, query)) continue;
      facts.push(fact);
      position = stored.position;
      if (facts.length === query.limit) return { facts, position, atHead: false };
    }
    if (page.length < CHUNK) return { facts, position, atHead: true };
    revision += page.length;
    await nextTurn();
  }
}

/** Whose stream somebody asks for. Throws Problem 400 where it is no name of a stream. */
export function tenantAsked(stream: string): string {
  try {
    return parseStream(stream).tenant;
  } catch {
    throw new Problem(400, 'invalid-query', 'stream must read <aggregate>-<tenant>.<id>; each fact names its own so.', {
      errors: [{ field: 'stream', message: 'must read <aggregate>-<tenant>.<id>' }],
    });
  }
}

/** Of the first fact of a stream behind a position, at or after `from`: found by halves, as a page of a long stream begins far inside. */
async function revisionBehind(log: Log, stream: string, position: string, from: number): Promise<number> {
  const lies = async (revision: number) => {
    const [fact] = await log.readStream(stream, revision, 1);
    return fact === undefined || fact.position > position;
  };
  let [step, low] = [CHUNK, from];
  while (!(await lies(low + step))) [low, step] = [low + step, step * 2];
  for (let high = low + step; low < high; ) {
    const middle = (low + high) >> 1;
    if (await lies(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const wanted = (fact: Recorded, { types, from, to, leaving }: FactQuery) =>
  (types === undefined || types.includes(fact.type)) &&
  (from === undefined || fact.occurredAt >= from) &&
  (to === undefined || fact.occurredAt <= to) &&
  (leaving === undefined || leaves(fact, leaving));
