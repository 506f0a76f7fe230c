import type { AnyView } from '#kernel';
import { Problem } from '#runtime/problem';
import type { ViewAnswer } from '#runtime/requests';
import type { Handler, Surface } from '../surface.js';
import { queryOf, refuseQuery } from './parameters.js';

/** A list, groups, or with a key one document. */
export function viewHandler({ annals, buses }: Surface, { name }: AnyView): Handler {
  return async ({ request, caller }) => {
    const { key } = request.params as { readonly key?: string };
    const answer = await buses.ask({ caller, view: name, parameters: queryOf(request), ...(key !== undefined && { key }) });
    if (answer.kind === 'document' && answer.document === undefined) {
      throw new Problem(404, 'document-unknown', `The view ${name} has no such document.`, { members: { ...answer.meta } });
    }
    const body = await annals.access.present(caller, bodyOf(answer), `view ${name}`);
    const headers: Record<string, string> = { 'annals-position': answer.meta.position };
    if (answer.age !== undefined) headers['annals-age'] = String(answer.age);
    return { headers, body };
  };
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

function bodyOf(answer: ViewAnswer): object {
  const { meta } = answer;
  if (answer.kind === 'document') return { ...meta, key: answer.key, document: answer.document };
  if (answer.kind === 'groups') return { ...meta, groups: answer.groups };
  return { ...meta, items: answer.items, ...(answer.next !== undefined && { next: answer.next }) };
}
