import type { FactQuery } from '#runtime/annals';
import type { Registry } from '#runtime/registry';
import { framesOf } from '../problem-json.js';
import { RawStream } from '../raw-stream.js';
import type { Handler, Surface } from '../surface.js';
import { answerPage, PIECE } from './fact-pages.js';
import { accepts, invalid, momentOrDay, parametersOf, positionOf, wholeNumber } from './parameters.js';

/** A page of facts, or with `Accept: application/x-ndjson` all up to the head. */
export function factsHandler({ annals, logger, stopping }: Surface): Handler {
  return async (visit) => {
    const { request, reply, caller, inTurn } = visit;
    const given = parametersOf(request, ['stream', 'type', 'from', 'to', 'after', 'limit']);
    const asLines = accepts(request, 'application/x-ndjson');
    const wanted =
      asLines && given.limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber(given.limit, 'limit', 100, 10_000);
    const query = {
      tenant: caller.tenant,
      ...defined({
        stream: given.stream,
        types: typesOf(given.type, annals.registry),
        from: momentOrDay(given.from, 'from', 'first'),
        to: momentOrDay(given.to, 'to', 'last'),
      }),
    };
    const after = positionOf(given.after, 'after');
    if (!asLines)
      return answerPage(visit, annals.facts, { ...query, ...defined({ after }), limit: wanted }, 'facts', (fact) =>
        JSON.stringify(fact),
      );

    // facts recorded while the answer is being written do not make it endless
    const head = await annals.facts.head();
    const pieceBehind = (from: string | undefined, left: number) =>
      inTurn(async () => {
        const page = await annals.facts.page({ ...query, ...defined({ after: from }), limit: Math.min(left, PIECE) });
        const facts = page.facts.filter(({ position }) => position <= head);
        return { ...page, facts: facts.length, lines: facts.map((fact) => `${JSON.stringify(fact)}\n`).join('') };
      });
    let piece = await pieceBehind(after, wanted);
    const stream = new RawStream(request, reply, 'application/x-ndjson; charset=utf-8');
    try {
      for (let left = wanted; ; ) {
        if (piece.facts > 0) await stream.write(piece.lines);
        left -= piece.facts;
        if (left <= 0 || piece.atHead || piece.position >= head || stream.closed) break;
        if (stopping.aborted) return void stream.abort();
        piece = await pieceBehind(piece.position, left);
      }
      stream.end();
    } catch (error) {
      logger?.error({ event: 'replay.failed', requestId: request.id, error: framesOf(error) }, 'A replay failed.');
      stream.abort();
    }
    return undefined;
  };
}

function typesOf(text: string | undefined, { facts }: Registry): readonly string[] | undefined {
  const types = text?.split(',').map((type) => type.trim());
  const unknown = types?.find((type) => !facts.has(type));
  if (unknown !== undefined)
    throw invalid(
      'type',
      `${unknown.slice(0, 100)} is no type of fact. Name types, separated by commas; /openapi.json lists them.`,
    );
  return types;
}

const defined = <T extends Partial<FactQuery>>(query: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
