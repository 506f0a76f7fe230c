import type { FieldKind, GenerationSpec, Group, GroupQuery } from '#runtime/ports';
import { originalText } from '#runtime/views/ordered-text';
import { Fields, fieldExpression, ofTenant, type Question, type Scope, SHOWN } from './query.js';

/** A question about totals. */
export interface TotalsQuestion extends Question {
  readonly row: (row: readonly unknown[]) => Group;
}

/** @param index one that holds all expressions of the question; it is then answered without looking at a document */
export function totalsQuestion(
  spec: GenerationSpec,
  table: string,
  scope: Scope,
  query: GroupQuery,
  index?: string,
): TotalsQuestion {
  const fields = new Fields(spec);
  const from = index === undefined ? table : `${table} INDEXED BY ${index}`;
  const conditions = [
    ofTenant(index === undefined ? scope : { ...scope, through: 'index' }),
    SHOWN,
    ...query.where.map((condition) => fields.condition(condition)),
  ];
  const columns = columnsOf(spec, query);
  const keys = columns.map((_, index) => String(index + 1));
  const sums = query.sums.map((field) => `coalesce(sum(${sumExpression(field)}), 0)`);
  const selected = [...columns.map(({ sql }) => sql), 'count(*)', ...sums];
  const grouping = keys.length > 0 ? ` GROUP BY ${keys.join()} ORDER BY ${keys.join()}` : ' HAVING count(*) > 0';
  const limit = query.limit === undefined ? '' : ` LIMIT ${query.limit}`;
  const names = [...columns.map(({ name }) => name), 'count', ...query.sums];
  return {
    sql: `SELECT ${selected.join(', ')} FROM ${from} WHERE ${conditions.join(' AND ')}${grouping}${limit}`,
    values: [scope.tenant, ...fields.values],
    row: (row) =>
      Object.fromEntries(names.map((name, index) => [name, documentValue(row[index], columns[index]?.kind ?? 'number', name)])),
  };
}

/** What an index has to hold for a question: in its order what leads to the documents and then groups them, and whatever else is read. */
export interface TotalsShape {
  readonly leading: readonly string[];
  readonly others: readonly string[];
}

export function shapeOf(spec: GenerationSpec, query: GroupQuery): TotalsShape {
  const fields = new Fields(spec);
  const equal = query.where.filter(({ operator }) => operator === 'eq').map(({ field }) => fields.expression(field));
  const leading = new Set([...equal.sort(), ...columnsOf(spec, query).map(({ sql }) => sql)]);
  const filtered = query.where.map(({ field }) => fields.expression(field));
  const others = new Set([...filtered, ...query.sums.map(sumExpression)].filter((expression) => !leading.has(expression)));
  return { leading: [...leading], others: [...others] };
}

/** Everything that a view can be asked to group, filter or sum by. */
export function expressionsOf({ filters, sums }: GenerationSpec): ReadonlySet<string> {
  const currencies = Object.values(sums).filter((currency) => currency !== null);
  return new Set([
    ...filters.flatMap(({ field, kind }) => {
      const expression = fieldExpression(field, kind);
      return [expression, ...Object.values(PERIODS).map((period) => period(expression))];
    }),
    ...Object.keys(sums).map(sumExpression),
    ...currencies.map((currency) => fieldExpression(currency, 'text')),
  ]);
}

interface Column {
  readonly name: string;
  readonly kind: FieldKind;
  readonly sql: string;
}

/** What the documents are grouped by. Throws RangeError for sums in currencies of different fields: they cannot share one row. */
function columnsOf(spec: GenerationSpec, { by, sums }: GroupQuery): readonly Column[] {
  const fields = new Fields(spec);
  const columns = by.map(
    ({ field, period, zone }): Column => ({
      name: field,
      kind: period ? 'text' : fields.kind(field),
      sql: period ? PERIODS[period](inZone(fields.expression(field), zone)) : fields.expression(field),
    }),
  );
  const currency = currencyOf(spec, sums);
  return currency === undefined || columns.some(({ name }) => name === 'currency')
    ? columns
    : [...columns, { name: 'currency', kind: 'text', sql: fieldExpression(currency, 'text') }];
}

function currencyOf(spec: GenerationSpec, sums: readonly string[]): string | undefined {
  const fields = new Set(sums.flatMap((sum) => spec.sums[sum] ?? []));
  if (fields.size > 1) throw new RangeError(`Sums in different currencies cannot be asked together: ${sums.join(', ')}.`);
  return [...fields][0];
}

/** Names of zones have no quote in them. */
const inZone = (moment: string, zone: string | undefined) =>
  zone === undefined ? moment : `shown_at(${moment}, '${zone.replaceAll("'", "''")}')`;

const sumExpression = (field: string) => fieldExpression(field, 'number');

/** From SQL, integers as bigint, to the document's own type. */
function documentValue(value: unknown, kind: FieldKind, name: string): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (kind === 'flag') return Number(value) === 1;
  if (typeof value === 'string') return kind === 'text' ? originalText(value) : value;
  const number = Number(value);
  if (typeof value === 'bigint' && !Number.isSafeInteger(number))
    throw new RangeError(`${name} exceeds what JSON numbers hold exactly.`);
  return number;
}

const PERIODS = {
  day: (moment: string) => `substr(${moment}, 1, 10)`,
  month: (moment: string) => `substr(${moment}, 1, 7)`,
  quarter: (moment: string) => `substr(${moment}, 1, 4) || '-Q' || ((CAST(substr(${moment}, 6, 2) AS INTEGER) + 2) / 3)`,
  year: (moment: string) => `substr(${moment}, 1, 4)`,
} as const;
