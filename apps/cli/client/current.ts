import type { Client, RequestOptions, ViewItem, ViewPage } from './client.js';
import { codeOf, Refusal } from './problems.js';

type Query = NonNullable<RequestOptions['query']>;

/**
 * The documents of a view, all or as many as `limit` says, with everything in them that was answered before they were asked for. Of a
 * view that is far behind what it has.
 */
export async function currentDocuments(client: Client, view: string, query: Query = {}): Promise<readonly ViewItem[]> {
  const { head } = (await (await client.raw('/health/ready')).json()) as { readonly head: string };
  try {
    return await documents(client, view, { ...query, minPosition: head });
  } catch (error) {
    if (error instanceof Refusal && codeOf(error.answer) === 'view-behind') return documents(client, view, query);
    throw error;
  }
}

async function documents(client: Client, view: string, query: Query): Promise<readonly ViewItem[]> {
  if (query.limit !== undefined) return (await client.get<ViewPage>(`/v1/views/${view}`, query)).items;
  const all: ViewItem[] = [];
  for await (const item of client.documents(view, query)) all.push(item);
  return all;
}
