import type { Handler, Surface } from '../surface.js';
import { invalid, parametersOf, refuseQuery } from './parameters.js';

/** Signed heads of the history, and proofs of what is in it. */
export function historyHandlers({ annals, logger }: Surface): Readonly<Record<string, Handler>> {
  return {
    'get-history-head': async ({ request, caller }) => {
      const { since } = parametersOf(request, ['since']);
      if (since === undefined) return { body: await annals.history.head(caller.tenant) };
      return { body: await annals.history.since(caller.tenant, count(since, 'since')) };
    },

    'prove-fact': async ({ request, caller }) => {
      const { stream, revision, size } = parametersOf(request, ['stream', 'revision', 'size']);
      if (stream === undefined) throw invalid('stream', 'Name the stream of the fact.');
      if (revision === undefined) throw invalid('revision', 'Give the number of the fact in its stream, from 0.');
      const place = { stream, revision: count(revision, 'revision') };
      return { body: await annals.history.prove(caller.tenant, place, size === undefined ? undefined : count(size, 'size')) };
    },

    'publish-head': async ({ request, caller }) => {
      refuseQuery(request);
      const { isNew, ...head } = await annals.history.publish(caller.tenant);
      if (isNew)
        logger?.info(
          { event: 'history.published', requestId: request.id, size: head.size },
          'A head of the history was published.',
        );
      return { status: isNew ? 201 : 200, body: head };
    },
  };
}

function count(text: string, name: string): number {
  if (!/^\d{1,15}$/.test(text)) throw invalid(name, 'Write a whole number from 0 on.');
  return Number(text);
}
