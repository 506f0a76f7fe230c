import type { Recorded } from '#kernel';
import type { FactQuery, FactService } from '#runtime/annals';
import type { Visit } from '../surface.js';

/** Facts of a piece at most: some milliseconds of reading and writing, in which nobody else is served. */
export const PIECE = 100;

/** Facts as the texts that an answer has of them. */
export interface FactPage {
  readonly texts: readonly string[];
  readonly position: string;
  readonly atHead: boolean;
}

/** A page of facts in pieces, each in its turn. Before the head it may hold fewer than asked for: where they are rare. */
export async function pageInPieces(
  facts: FactService,
  inTurn: Visit['inTurn'],
  query: FactQuery,
  textOf: (fact: Recorded) => string,
): Promise<FactPage> {
  const texts: string[] = [];
  for (let after = query.after; ; ) {
    const limit = Math.min(PIECE, query.limit - texts.length);
    const piece = await inTurn(() => pageOf(facts, { ...query, limit }, after, textOf));
    texts.push(...piece.texts);
    const { position, atHead } = piece;
    if (atHead || texts.length === query.limit || piece.texts.length < limit) return { texts, position, atHead };
    after = position;
  }
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

/** The page as JSON, its list under a name. */
export const pageJson = (name: string, { texts, position, atHead }: FactPage): string =>
  `{${JSON.stringify(name)}:[${texts.join()}],"position":${JSON.stringify(position)},"atHead":${atHead}}`;
