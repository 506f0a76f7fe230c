import type { FastifyRequest } from 'fastify';
import type { AnyView } from '#kernel';
import { Problem } from '#runtime/problem';
import type { ViewAnswer } from '#runtime/requests';
import type { QueryKind } from '../metrics.js';
import type { Handler, Surface } from '../surface.js';
import { queryOf, refuseQuery } from './parameters.js';

/** A list, groups, or with a key one document. */
export function viewHandler(surface: Surface, view: AnyView): Handler {
  const answer = answering(surface, view);
  return async (visit) => {
    const began = performance.now();
    try {
      return await answer(visit);
    } finally {
      surface.metrics.query(view.name, kindOf(visit.request), (performance.now() - began) / 1_000);
    }
  };
}

function kindOf(request: FastifyRequest): QueryKind {
  if ((request.params as { readonly key?: string }).key !== undefined) return 'document';
  return (request.query as { readonly group?: unknown }).group === undefined ? 'list' : 'totals';
}

function answering({ annals, buses }: Surface, { name }: AnyView): Handler {
  const answered: Handler = async ({ request, caller }) => {
    const { key } = request.params as { readonly key?: string };
    const answer = await buses.ask({ caller, view: name, parameters: queryOf(request), ...(key !== undefined && { key }) });
    if (answer.kind === 'document' && answer.json === undefined) {
      throw new Problem(
        404,
        'document-unknown',
        `The view ${name} has no such document; /v1/views/${name} lists those that are.`,
        {
          ...(answer.age !== undefined && { age: answer.age }),
          members: { ...answer.meta },
        },
      );
    }
    const body = textOf(answer, await annals.access.presentTexts(caller, documentsOf(answer), `view ${name}`));
    const headers: Record<string, string> = { 'annals-position': answer.meta.position };
    if (answer.age !== undefined) headers['annals-age'] = String(answer.age);
    return { headers, body };
  };
  return (visit) => visit.inTurn(() => answered(visit));
}

export function listViewsHandler({ annals }: Surface): Handler {
  return async ({ request, caller }) => {
    refuseQuery(request);
    const views = [...annals.registry.views.values()]
      .filter(({ roles }) => roles.some((role) => caller.roles.has(role)))
      .map(({ name, description, version, filters, sums = {} }) => ({
        view: name,
        description,
        version,
        filters,
        sums: Object.keys(sums),
        address: `/v1/views/${name}`,
      }));
    return { body: { views } };
  };
}

function documentsOf(answer: ViewAnswer): readonly string[] {
  if (answer.kind === 'list') return answer.items.map(({ json }) => json);
  return answer.kind === 'document' && answer.json !== undefined ? [answer.json] : [];
}

/** JSON around the documents, which are JSON already. */
function textOf(answer: ViewAnswer, documents: readonly string[]): string {
  const { meta } = answer;
  if (answer.kind === 'groups') return JSON.stringify({ ...meta, groups: answer.groups });
  const entry = (key: string, index: number) => `"key":${JSON.stringify(key)},"document":${documents[index]}`;
  const begun = JSON.stringify(meta).slice(0, -1);
  if (answer.kind === 'document') return `${begun},${entry(answer.key, 0)}}`;
  const items = answer.items.map(({ key }, index) => `{${entry(key, index)}}`);
  const next = answer.next === undefined ? '' : `,"next":${JSON.stringify(answer.next)}`;
  return `${begun},"items":[${items.join()}]${next}}`;
}
