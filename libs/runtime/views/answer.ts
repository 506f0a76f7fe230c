import type { Condition, Generation, GenerationSpec, StoredDocument } from '../ports.js';
import { Problem } from '../problem.js';
import type { ViewAnswer, ViewMeta } from '../requests.js';
import { type Cursor, cursorText } from './cursor.js';
import { Forest, loadLinks } from './identity.js';
import type { Documents } from './kept-totals.js';
import { definitionPart, type ViewPlan } from './plan.js';
import type { Own, ViewQuery } from './query.js';

export interface AnswerContext {
  readonly plan: ViewPlan;
  readonly tenant: string;
  readonly query: ViewQuery;
  /** Of the answer; everything in the generation is of this position. */
  readonly position: string;
  readonly frozen: boolean;
}

/** Groups are answered at once, in the memory of the server and of the caller. */
export const MOST_GROUPS = 10_000;

/** Answers from a generation, live or historic alike. Its documents must not change meanwhile. */
export async function answerFrom(documents: Documents, context: AnswerContext): Promise<ViewAnswer> {
  const { query, tenant } = context;
  const { ask } = query;
  const meta = metaOf(documents.spec, context);
  refuseUnbuilt(documents.spec, query);
  if (ask.kind === 'document') {
    const found = await survivorDocument(documents, context.plan, tenant, ask.key);
    const stored = found && (await isOwn(documents, context, found)) ? found : undefined;
    return { kind: 'document', meta, key: stored?.key ?? ask.key, json: stored?.json };
  }
  if (ask.kind === 'groups') {
    const where = await conditionsFor(documents, context, ask.groups.where);
    const groups = await documents.groups(tenant, { ...ask.groups, where, limit: MOST_GROUPS + 1 });
    if (groups.length > MOST_GROUPS) throw tooManyGroups();
    return { kind: 'groups', meta, groups };
  }
  const { cursor, list, digest } = ask;
  if (cursor && cursor.definition !== meta.definition.slice(0, 16))
    throw new Problem(410, 'cursor-gone', 'The view has been built anew since the page before; start with the first page again.');
  const where = await conditionsFor(documents, context, list.where);
  const after = cursor ? { after: { value: cursor.value, key: cursor.key } } : {};
  const found = await documents.list(tenant, { ...list, ...after, where, limit: list.limit + 1 });
  const items = found.slice(0, list.limit).map(({ key, json }) => ({ key, json }));
  const last = items.at(-1);
  if (found.length <= list.limit || !last) return { kind: 'list', meta, items };
  const value = list.sort ? fieldOf(last.json, list.sort.field) : null;
  const { definition, position, asOf, knownAt } = meta;
  const moments = { ...(asOf === undefined ? {} : { asOf }), ...(knownAt === undefined ? {} : { knownAt }) };
  return {
    kind: 'list',
    meta,
    items,
    next: cursorText({ definition, question: digest, position, ...moments, value, key: last.key }),
  };
}

function tooManyGroups(): Problem {
  const message = `There are more than ${MOST_GROUPS} groups: filter, group by fewer fields or by a longer period, or read the list in pages.`;
  return new Problem(400, 'too-many-groups', message, { errors: [{ field: 'group', message }] });
}

function fieldOf(json: string, field: string): Cursor['value'] {
  return (JSON.parse(json) as Readonly<Record<string, Cursor['value'] | undefined>>)[field] ?? null;
}

/** The answer that is this document, which is of the context's position. */
export const documentAnswer = ({ spec }: Generation, context: AnswerContext, { key, json }: StoredDocument): ViewAnswer => ({
  kind: 'document',
  meta: metaOf(spec, context),
  key,
  json,
});

/** True if the answer to the query is at `position` what it is now. */
export async function sameSince(
  generation: Generation,
  { tenant, query }: Pick<AnswerContext, 'tenant' | 'query'>,
  position: string,
): Promise<boolean> {
  if (((await generation.changedAt(tenant)) ?? '') > position) return false;
  const { ask, customer, own } = query;
  const where = ask.kind === 'groups' ? ask.groups.where : ask.kind === 'list' ? ask.list.where : [];
  const named = where.filter(({ field }) => field === customer).flatMap(({ values }) => values.map(String));
  const customers = own ? [...named, own.customerId] : named;
  if (customers.length === 0) return true;
  const forest = new Forest();
  const together = await loadLinks(generation, forest, tenant, customers);
  return together.every((key) => (forest.link(tenant, key)?.position ?? '') <= position);
}

function metaOf(spec: GenerationSpec, { plan, query, position, frozen }: AnswerContext): ViewMeta {
  return {
    view: plan.view.name,
    version: spec.version,
    definition: definitionPart(spec.hash),
    position,
    ...(query.asOf === undefined ? {} : { asOf: query.asOf }),
    ...(query.knownAt === undefined ? {} : { knownAt: query.knownAt }),
    ...(frozen ? { frozen } : {}),
  };
}

/** What a new definition adds to filter or sum by, the old one that still serves does not have. */
function refuseUnbuilt({ view, filters, sums }: GenerationSpec, { ask }: ViewQuery): void {
  const has = (field: string) => filters.some((filter) => filter.field === field);
  const [where, others, summed] =
    ask.kind === 'groups'
      ? [ask.groups.where, ask.groups.by.map(({ field }) => field), ask.groups.sums]
      : ask.kind === 'list'
        ? [ask.list.where, ask.list.sort ? [ask.list.sort.field] : [], []]
        : [[], [], []];
  const missing = [...where.map(({ field }) => field), ...others]
    .filter((field) => !has(field))
    .concat(summed.filter((field) => !Object.hasOwn(sums, field)));
  if (missing.length > 0)
    throw new Problem(
      503,
      'view-rebuilding',
      `The view ${view} is being built anew; ${missing.join(', ')} can be used when that is done.`,
      { retryAfter: 10 },
    );
}

/** Who was merged away is found under the survivor. */
async function survivorDocument(
  documents: Documents,
  plan: ViewPlan,
  tenant: string,
  key: string,
): Promise<StoredDocument | undefined> {
  const stored = await documents.get(tenant, key);
  if (stored || !plan.identity || !plan.view.merge) return stored;
  const forest = new Forest();
  await loadLinks(documents, forest, tenant, [key]);
  const root = forest.survivor(tenant, key);
  return root === key ? undefined : await documents.get(tenant, root);
}

/** What is asked for, of what the caller may see. */
async function conditionsFor(
  documents: Documents,
  { tenant, query: { customer, own } }: AnswerContext,
  where: readonly Condition[],
): Promise<readonly Condition[]> {
  const asked = await expanded(documents, tenant, customer, where);
  return own ? [...asked, { field: own.field, operator: 'in', values: await visibleTo(documents, tenant, own) }] : asked;
}

async function isOwn(
  documents: Documents,
  { tenant, query: { own } }: AnswerContext,
  { json }: StoredDocument,
): Promise<boolean> {
  if (!own) return true;
  return (await visibleTo(documents, tenant, own)).includes(String(fieldOf(json, own.field)));
}

/** Who was one with the customer at the time that is asked of, and still is: after an unmerge nobody sees the other one's past. */
async function visibleTo(documents: Documents, tenant: string, { customerId, today }: Own): Promise<readonly string[]> {
  const then = await loadLinks(documents, new Forest(), tenant, [customerId]);
  return then.filter((one) => today.has(one));
}

async function expanded(
  documents: Documents,
  tenant: string,
  customer: string | undefined,
  where: readonly Condition[],
): Promise<readonly Condition[]> {
  const conditions: Condition[] = [];
  for (const condition of where) {
    const { field, operator, values } = condition;
    if (field !== customer || (operator !== 'eq' && operator !== 'in' && operator !== 'ne')) conditions.push(condition);
    else {
      const together = await loadLinks(documents, new Forest(), tenant, values.map(String));
      if (operator === 'ne') conditions.push(...together.map((one) => ({ field, operator, values: [one] }) as const));
      else conditions.push({ field, operator: 'in', values: together });
    }
  }
  return conditions;
}
