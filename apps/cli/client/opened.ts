import { replaceSealed, sealedValuesIn } from '#runtime/sealing/cipher';
import type { Client } from './client.js';

const FACTS_AT_ONCE = 100;
const VALUES_AT_ONCE = 500;

/** The same facts in the same order, with `purpose` with their sealed values open: erased ones as `{ "erased": true }`. */
export async function* opened<T>(client: Client, facts: AsyncIterable<T>, purpose: string | undefined): AsyncGenerator<T> {
  if (purpose === undefined) {
    yield* facts;
    return;
  }
  let waiting: T[] = [];
  for await (const fact of facts) {
    waiting.push(fact);
    if (waiting.length < FACTS_AT_ONCE) continue;
    yield* await openAll(client, waiting, purpose);
    waiting = [];
  }
  yield* await openAll(client, waiting, purpose);
}

async function openAll<T>(client: Client, facts: readonly T[], purpose: string): Promise<readonly T[]> {
  const texts = [...new Set(sealedValuesIn(facts).map(({ $sealed }) => $sealed))];
  const found = new Map<string, unknown>();
  for (let start = 0; start < texts.length; start += VALUES_AT_ONCE) {
    const part = texts.slice(start, start + VALUES_AT_ONCE);
    const values = part.map(($sealed) => ({ $sealed }));
    const { values: answers } = await client.post<{ values: readonly object[] }>('/v1/keys/open', { values, purpose });
    for (const [index, answer] of answers.entries()) found.set(part[index] as string, 'value' in answer ? answer.value : answer);
  }
  return replaceSealed(facts, ({ $sealed }) => found.get($sealed)) as readonly T[];
}
