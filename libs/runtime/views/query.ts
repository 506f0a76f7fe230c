import { isTimeZone, type Moment, zoneName } from '#kernel';
import { type Condition, type GroupQuery, isOf, type ListQuery } from '../ports.js';
import { type FieldError, Problem } from '../problem.js';
import type { ViewRequest } from '../requests.js';
import { conditionsOf, OPERATORS, type Operator } from './conditions.js';
import { type Cursor, cursorOf, questionDigest } from './cursor.js';
import { spanNeeded, spanOf } from './days.js';
import type { ViewPlan } from './plan.js';

/** What a caller asks of a view, checked against its definition. */
export interface ViewQuery {
  readonly ask:
    | { readonly kind: 'document'; readonly key: string }
    | {
        readonly kind: 'list';
        readonly list: Omit<ListQuery, 'after'>;
        readonly cursor: Cursor | undefined;
        readonly digest: string;
      }
    | { readonly kind: 'groups'; readonly groups: GroupQuery };
  /** Conditions on the field that holds a customer: they mean all who were merged with it. */
  readonly customer: string | undefined;
  /** Whose documents alone the caller may see. */
  readonly own?: Own;
  readonly asOf: Moment | undefined;
  readonly knownAt: Moment | undefined;
  readonly position: string | undefined;
  readonly minPosition: string | undefined;
  /** Milliseconds to wait for `minPosition`. */
  readonly wait: number;
}

/** The field that names the customer, the customer, and all that are one with it today. */
export interface Own {
  readonly field: string;
  readonly customerId: string;
  readonly today: ReadonlySet<string>;
}

const TIME = ['asOf', 'knownAt', 'position', 'minPosition', 'tz', 'wait'];
const LIST = ['sort', 'limit', 'cursor'];
const GROUP = ['group', 'sum'];
const PERIODS = ['day', 'month', 'quarter', 'year'] as const;
const LIMIT = { usual: 50, most: 500 };
const WAIT = { usual: 5_000, most: 30_000 };
const POSITION = /^[^.]{8}\.\d{16}$/;
const PARAMETER = /^([A-Za-z][A-Za-z0-9_]*)(?:\[([A-Za-z]*)\])?$/;

/**
 * Reads the parameters of a request. Days, and periods of groups, end in the zone `tz` (default UTC).
 * Throws Problem 400 `invalid-query` with each parameter that is wrong and what is allowed; 410 for a position of another log.
 * @param now milliseconds since 1970
 * @param logId prefix of the positions of this log
 */
export function parseQuery(
  plan: ViewPlan,
  { caller, key, parameters, present }: ViewRequest,
  now: number,
  logId: string,
): ViewQuery {
  const reader = new ParameterReader(parameters);
  const zone = reader.one('tz') ?? 'UTC';
  const timeZone = isTimeZone(zone)
    ? zone
    : reader.wrong('tz', 'Name a time zone of the IANA list, such as Europe/Berlin.', 'UTC');
  const text = reader.one('cursor');
  const cursor =
    text === undefined
      ? undefined
      : (readCursor(text) ?? reader.wrong('cursor', 'Use the cursor that the page before gave.', undefined));
  const times = {
    asOf: cursor?.asOf ?? past(reader, 'asOf', timeZone, present === undefined ? now : Date.parse(present)),
    knownAt: cursor?.knownAt ?? past(reader, 'knownAt', timeZone, now),
    position: cursor?.position ?? position(reader, 'position', logId),
    minPosition: position(reader, 'minPosition', logId),
    wait: whole(reader, 'wait', 0, WAIT.most) ?? WAIT.usual,
  };
  const grouped = parameters.group !== undefined;
  const where = key === undefined ? conditions(plan, reader, timeZone) : [];
  const allowed = [...TIME, ...(key !== undefined ? [] : grouped ? GROUP : [...LIST, 'group'])];
  if (key === undefined && !grouped && parameters.sum !== undefined)
    reader.wrong('sum', 'Sums are those of groups: name the fields to group by in group.', undefined);
  const known = [...new Set([...allowed, ...(key === undefined ? ['sum'] : [])])];
  const forLists = grouped && key === undefined ? LIST.filter((name) => parameters[name] !== undefined) : [];
  for (const name of forLists)
    reader.wrong(name, `${name} is for lists; groups are not paged and come in the order of their fields.`, undefined);
  reader.refuseOthers([...known, ...forLists], key === undefined ? [...plan.filters.keys()] : []);

  const ask: ViewQuery['ask'] =
    key !== undefined
      ? { kind: 'document', key }
      : grouped
        ? { kind: 'groups', groups: { where, by: groupFields(plan, reader, timeZone), sums: sums(plan, reader) } }
        : {
            kind: 'list',
            list: { where, limit: whole(reader, 'limit', 1, LIMIT.most) ?? LIMIT.usual, ...sorting(plan, reader) },
            cursor,
            digest: digestOf(plan, parameters, caller.customerId),
          };
  if (ask.kind === 'list' && cursor && cursor.question !== ask.digest)
    reader.wrong('cursor', 'It belongs to another query; repeat the parameters of the page before.', undefined);
  reader.check();
  if (cursor) checkPosition(cursor.position, 'cursor', logId);
  return { ask, customer: plan.identity ? (plan.view.customer as string | undefined) : undefined, ...times };
}

function readCursor(text: string): Cursor | undefined {
  const cursor = cursorOf(text);
  return cursor && POSITION.test(cursor.position) ? cursor : undefined;
}

/** The parameters that must be the same from page to page; the customer too, to whom the caller is bound. */
function digestOf({ view }: ViewPlan, parameters: ViewRequest['parameters'], customerId: string | undefined): string {
  const { cursor: _, limit: __, minPosition: ___, wait: ____, ...same } = parameters;
  return questionDigest({ view: view.name, same, ...(customerId !== undefined && { customerId }) });
}

class ParameterReader {
  readonly #errors: FieldError[] = [];

  constructor(readonly parameters: ViewRequest['parameters']) {}

  one(name: string): string | undefined {
    const value = this.parameters[name];
    if (value === undefined || typeof value === 'string') return value;
    return value.length === 1 ? value[0] : this.wrong(name, 'Give it once.', undefined);
  }

  wrong<T>(field: string, message: string, instead: T): T {
    this.#errors.push({ field, message });
    return instead;
  }

  refuseOthers(allowed: readonly string[], filters: readonly string[]): void {
    for (const name of Object.keys(this.parameters)) {
      if (allowed.includes(name) || filters.includes(PARAMETER.exec(name)?.[1] ?? '')) continue;
      const fields = filters.length === 0 ? '' : ` Filters: ${filters.join(', ')}.`;
      this.wrong(name, `Unknown here.${fields} Parameters: ${allowed.join(', ')}.`, undefined);
    }
  }

  check(): void {
    const [first] = this.#errors;
    if (first) throw new Problem(400, 'invalid-query', `${first.field}: ${first.message}`, { errors: this.#errors });
  }
}

function conditions(plan: ViewPlan, reader: ParameterReader, timeZone: string): readonly Condition[] {
  const where: Condition[] = [];
  for (const [name, value] of Object.entries(reader.parameters)) {
    const [, field = '', operator] = PARAMETER.exec(name) ?? [];
    const filter = plan.filters.get(field);
    if (!filter) continue;
    if (operator !== undefined && !(OPERATORS as readonly string[]).includes(operator)) {
      reader.wrong(
        name,
        `Unknown operator. Use ${field}=… or ${OPERATORS.map((known) => `${field}[${known}]`).join(', ')}.`,
        undefined,
      );
      continue;
    }
    const parsed = conditionsOf(filter, (operator ?? 'eq') as Operator, typeof value === 'string' ? [value] : value, timeZone);
    if ('error' in parsed) reader.wrong(parsed.error.field, parsed.error.message, undefined);
    else where.push(...parsed.conditions);
  }
  return where;
}

/** A moment of the past. A date means the end of that day; today, so far. */
function past(reader: ParameterReader, name: string, timeZone: string, now: number): Moment | undefined {
  const text = reader.one(name);
  if (text === undefined) return undefined;
  const span = spanOf(text, timeZone);
  if (!span) return reader.wrong(name, spanNeeded(text), undefined);
  const present = new Date(now).toISOString();
  if (span.from > present) return reader.wrong(name, `It lies in the future; now it is ${present}.`, undefined);
  return span.to < present ? span.to : present;
}

function position(reader: ParameterReader, name: string, logId: string): string | undefined {
  const text = reader.one(name);
  if (text === undefined) return undefined;
  if (!POSITION.test(text)) return reader.wrong(name, 'Use a position that an answer gave.', undefined);
  checkPosition(text, name, logId);
  return text;
}

function checkPosition(text: string, name: string, logId: string): void {
  if (!isOf({ id: logId }, text))
    throw new Problem(410, 'foreign-position', `${name} is a position of another log; ask again without it.`);
}

function whole(reader: ParameterReader, name: string, least: number, most: number): number | undefined {
  const text = reader.one(name);
  if (text === undefined) return undefined;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  return number >= least && number <= most
    ? number
    : reader.wrong(name, `Write a whole number from ${least} to ${most}.`, undefined);
}

function sorting(plan: ViewPlan, reader: ParameterReader): Pick<ListQuery, 'sort'> {
  const text = reader.one('sort') ?? plan.view.sort;
  if (text === undefined) return {};
  const descending = text.startsWith('-');
  const field = descending ? text.slice(1) : text;
  if (!plan.filters.has(field))
    return reader.wrong('sort', `Sort by one of ${[...plan.filters.keys()].join(', ')}, with - before it for descending.`, {});
  return { sort: { field, descending } };
}

function groupFields(plan: ViewPlan, reader: ParameterReader, timeZone: string): GroupQuery['by'] {
  const name = zoneName(timeZone);
  const zone = name === 'UTC' ? {} : { zone: name };
  const by: GroupQuery['by'][number][] = [];
  for (const part of listed(reader, 'group')) {
    const [field = '', period, ...more] = part.split(':');
    const filter = plan.filters.get(field);
    if (!filter || more.length > 0)
      reader.wrong('group', `Group by ${[...plan.filters.keys()].join(', ')}, separated by commas.`, undefined);
    else if (by.some((known) => known.field === field)) reader.wrong('group', `${field} is named twice.`, undefined);
    else if (period === undefined) by.push({ field });
    else if (filter.kind !== 'moment') reader.wrong('group', `${field} is no moment, so it has no ${period}.`, undefined);
    else if (!(PERIODS as readonly string[]).includes(period))
      reader.wrong('group', `Use one of ${PERIODS.map((known) => `${field}:${known}`).join(', ')}.`, undefined);
    else by.push({ field, period: period as (typeof PERIODS)[number], ...zone });
  }
  return by;
}

function sums(plan: ViewPlan, reader: ParameterReader): readonly string[] {
  const grouped = listed(reader, 'group').map((field) => field.split(':', 1)[0]);
  const known = Object.keys(plan.spec.sums).filter((field) => !grouped.includes(field));
  const asked = reader.parameters.sum === undefined ? known : [...new Set(listed(reader, 'sum'))];
  if (asked.some((field) => !known.includes(field)))
    return reader.wrong(
      'sum',
      known.length === 0 ? 'This view has no sums.' : `Sum some of ${known.join(', ')}; what is grouped by is not summed.`,
      [],
    );
  const currencies = new Set(asked.flatMap((field) => plan.spec.sums[field] ?? []));
  if (currencies.size > 1) return reader.wrong('sum', `These have different currencies; name some of ${known.join(', ')}.`, []);
  return asked;
}

const listed = (reader: ParameterReader, name: string): readonly string[] =>
  [reader.parameters[name] ?? []]
    .flat()
    .flatMap((text) => text.split(','))
    .filter((part) => part !== '');
