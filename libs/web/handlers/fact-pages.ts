import type { Recorded } from '#kernel';
import type { FactQuery, FactService } from '#runtime/annals';
import { RawStream } from '../raw-stream.js';
import type { Answer, Visit } from '../surface.js';

/** Facts of a piece at most: a millisecond of reading and writing, in which nobody else is served. */
export const PIECE = 50;

/** Facts as the texts that an answer has of them. */
export interface FactPage {
  readonly texts: readonly string[];
  readonly position: string;
  readonly atHead: boolean;
}

/**
 * Answers with a page of facts as JSON, its list under a name. A large one is read in pieces, each in its turn, and written as they come:
 * put together first, a megabyte would be one long piece for everybody. What fails behind the first one breaks the connection off. Before
 * the head a page may hold fewer than asked for: where they are rare.
 */
export async function answerPage(
  { request, reply, inTurn }: Visit,
  facts: FactService,
  query: FactQuery,
  name: string,
  textOf: (fact: Recorded) => string,
): Promise<Answer | undefined> {
  const pieceBehind = (after: string | undefined, left: number) =>
    inTurn(() => pageOf(facts, { ...query, limit: Math.min(PIECE, left) }, after, textOf));
  const begin = ({ texts }: FactPage) => `{${JSON.stringify(name)}:[${texts.join()}`;
  const end = ({ position, atHead }: FactPage) => `],"position":${JSON.stringify(position)},"atHead":${atHead}}`;

  let piece = await pieceBehind(query.after, query.limit);
  if (piece.atHead || piece.texts.length < PIECE || query.limit === PIECE) return { body: begin(piece) + end(piece) };

  const stream = new RawStream(request, reply, 'application/json; charset=utf-8');
  try {
    await stream.write(begin(piece));
    for (let left = query.limit - PIECE; left > 0 && !piece.atHead && !stream.closed; left -= PIECE) {
      piece = await pieceBehind(piece.position, left);
      if (piece.texts.length > 0) await stream.write(`,${piece.texts.join()}`);
      if (piece.texts.length < PIECE) break;
    }
    await stream.write(end(piece));
    stream.end();
  } catch (error) {
    stream.abort();
    throw error;
  }
  return undefined;
}

/** A page in one piece, behind a position or from where the query begins. */
export async function pageOf(
  service: FactService,
  query: FactQuery,
  behind: string | undefined,
  textOf: (fact: Recorded) => string,
): Promise<FactPage> {
  const { facts, position, atHead } = await service.page({ ...query, ...(behind !== undefined && { after: behind }) });
  return { texts: facts.map(textOf), position, atHead };
}
