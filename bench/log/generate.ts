import { Compile } from 'typebox/compile';
import { openSqliteLog } from '#adapters/sqlite';
import { isSealed, momentOf } from '#kernel';
import { answerParent } from '../support/child.js';
import { CustomerStory, type MadeFact, toldTypes } from './company.js';

export interface GenerateOrder {
  /** A data folder that a server made. */
  readonly data: string;
  readonly customers: number;
  readonly facts: number;
}

const AT_ONCE = 5_000;
const CHECKED = 5_000;
const DAY = 86_400_000;

/** Appends the facts of many customers, well mixed, as fast as the log takes them. */
await answerParent(async ({ data, customers, facts }: GenerateOrder) => {
  const log = await openSqliteLog({ folder: data });
  const stories = Array.from({ length: customers }, (_, number) => new CustomerStory(number));
  const random = numbersFrom(42);
  const end = Date.now() - DAY;
  const step = (1_000 * DAY) / facts;
  const check = checker();
  for (let made = 0; made < facts; ) {
    const batch: MadeFact[] = [];
    for (; batch.length < AT_ONCE && made < facts; made++) {
      // Everybody first tells one fact, so that all documents exist.
      const story = stories[made < customers ? made : random() % customers] as CustomerStory;
      batch.push(story.next(momentOf(Math.round(end - (facts - made) * step))));
    }
    if (made <= CHECKED) for (const { fact } of batch) check(fact.type, fact.data);
    await Promise.all(batch.map(({ stream, expected, fact }) => log.append(stream, expected, [fact])));
  }
  const head = await log.head();
  await log.close();
  return { head };
});

/** Throws where the data do not fit the schema of their type; a sealed value stands for the text in it. */
function checker(): (type: string, data: string) => void {
  const schemas = new Map(toldTypes.map(({ type, schema }) => [type, Compile(schema)]));
  return (type, data) => {
    const open = JSON.parse(data, (_, value) => (isSealed(value) ? 'sealed' : value)) as unknown;
    if (!schemas.get(type)?.Check(open)) throw new Error(`${type} does not fit its schema: ${data}`);
  };
}

/** xorshift32: the same mix in every run. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
