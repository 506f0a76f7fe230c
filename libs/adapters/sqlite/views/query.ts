import type { Condition, FieldKind, GenerationSpec, Group, GroupQuery, ListQuery } from '#runtime/ports';
import { orderedText, originalText } from '#runtime/views/ordered-text';
import type { Database, SqlValue } from '../database.js';

/** SQL of one question, with the values of its placeholders. */
export interface Question {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Shown documents are space 0; a literal, so that partial indexes on it are used. */
const SHOWN = 'space = 0';

/** Characters whose place in the order differs between bytes and code units, and those that orderedText escapes. */
const UNEVEN = '*[\u0001\ue000-\u{10ffff}]*';

/** The function that fields of kind text are compared by; every connection has to have it. */
export function defineOrderedText(database: Database): void {
  database.define('ordered_text', (value) => (typeof value === 'string' ? orderedText(value) : (value as SqlValue)));
}

/** What a field is filtered, sorted and indexed by. A missing field is null, which SQL sorts first and matches with nothing. */
export function fieldExpression(field: string, kind: FieldKind): string {
  const value = `json_extract(json, ${literal(`$."${field}"`)})`;
  return kind === 'text' ? `CASE WHEN ${value} GLOB '${UNEVEN}' THEN ordered_text(${value}) ELSE ${value} END` : value;
}

/** Whose documents, and whether an index or the table itself leads to them. */
export interface Scope {
  readonly tenant: string;
  readonly through: 'index' | 'table';
}

/** A unary plus keeps the planner off the primary key. */
const ofTenant = ({ through }: Scope) => (through === 'index' ? 'tenant = ?' : '+tenant = ?');

export function listQuestion(spec: GenerationSpec, table: string, scope: Scope, query: ListQuery): Question {
  const fields = new Fields(spec);
  const ordered = query.sort ? scope : { ...scope, through: 'index' as const };
  const conditions = [ofTenant(ordered), SHOWN, ...query.where.map((condition) => fields.condition(condition))];
  const order = query.sort ? fields.expression(query.sort.field) : undefined;
  const direction = query.sort?.descending ? 'DESC' : 'ASC';
  if (query.after) conditions.push(fields.after(query.sort, query.after));
  const by = order ? `${order} ${direction}, key ${direction}` : `key ${direction}`;
  const sql = `SELECT key, json, position FROM ${table} WHERE ${conditions.join(' AND ')} ORDER BY ${by} LIMIT ?`;
  return { sql, values: [scope.tenant, ...fields.values, query.limit] };
}

export interface GroupQuestion extends Question {
  /** Names of the result's columns, in order. */
  readonly names: readonly string[];
  readonly row: (row: readonly unknown[]) => Group;
}

/** Throws RangeError for sums in currencies of different fields: they cannot share one row. */
export function groupQuestion(spec: GenerationSpec, table: string, scope: Scope, query: GroupQuery): GroupQuestion {
  const fields = new Fields(spec);
  const conditions = [ofTenant(scope), SHOWN, ...query.where.map((condition) => fields.condition(condition))];
  const columns = query.by.map(({ field, period }) => ({
    name: field,
    kind: period ? ('text' as const) : fields.kind(field),
    sql: period ? PERIODS[period](fields.expression(field)) : fields.expression(field),
  }));
  const currency = currencyOf(spec, query.sums);
  if (currency !== undefined && !columns.some(({ name }) => name === 'currency')) {
    columns.push({ name: 'currency', kind: 'text', sql: fieldExpression(currency, 'text') });
  }
  const keys = columns.map((_, index) => String(index + 1));
  const sums = query.sums.map((field) => `coalesce(sum(json_extract(json, ${literal(`$."${field}"`)})), 0)`);
  const selected = [...columns.map(({ sql }) => sql), 'count(*)', ...sums];
  const grouping = keys.length > 0 ? ` GROUP BY ${keys.join()} ORDER BY ${keys.join()}` : ' HAVING count(*) > 0';
  const names = [...columns.map(({ name }) => name), 'count', ...query.sums];
  return {
    sql: `SELECT ${selected.join(', ')} FROM ${table} WHERE ${conditions.join(' AND ')}${grouping}`,
    values: [scope.tenant, ...fields.values],
    names,
    row: (row) =>
      Object.fromEntries(names.map((name, index) => [name, documentValue(row[index], columns[index]?.kind ?? 'number', name)])),
  };
}

function currencyOf(spec: GenerationSpec, sums: readonly string[]): string | undefined {
  const fields = new Set(sums.flatMap((sum) => spec.sums[sum] ?? []));
  if (fields.size > 1) throw new RangeError(`Sums in different currencies cannot be asked together: ${sums.join(', ')}.`);
  return [...fields][0];
}

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

const COMPARISONS = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** Conditions on a view's fields; collects the values of the placeholders in the order of the SQL. */
class Fields {
  readonly values: SqlValue[] = [];

  constructor(private readonly spec: GenerationSpec) {}

  kind(field: string): FieldKind {
    const filter = this.spec.filters.find((each) => each.field === field);
    if (!filter) throw new RangeError(`${this.spec.view} has no filter ${field}.`);
    return filter.kind;
  }

  expression(field: string): string {
    return fieldExpression(field, this.kind(field));
  }

  condition({ field, operator, values }: Condition): string {
    const expression = this.expression(field);
    switch (operator) {
      case 'empty':
        return `(${expression}) IS NULL`;
      case 'set':
        return `(${expression}) IS NOT NULL`;
      case 'in':
        return `(${expression}) IN (${values.map((value) => this.#add(value, field)).join()})`;
      case 'ne':
        return `(${expression}) IS NOT ${this.#add(values[0], field)}`;
      default:
        return `(${expression}) ${COMPARISONS[operator]} ${this.#add(values[0], field)}`;
    }
  }

  after(sort: ListQuery['sort'], after: NonNullable<ListQuery['after']>): string {
    const comparison = sort?.descending ? '<' : '>';
    const key = orderedText(after.key);
    const beyondKey = (condition: string) => {
      this.values.push(key);
      return `${condition}key ${comparison} ?`;
    };
    if (!sort) return beyondKey('');
    const expression = `(${this.expression(sort.field)})`;
    if (after.value === null) {
      const rest = sort.descending ? '' : ` OR ${expression} IS NOT NULL`;
      return `(${beyondKey(`${expression} IS NULL AND `)}${rest})`;
    }
    const nulls = sort.descending ? ` OR ${expression} IS NULL` : '';
    const further = `${expression} ${comparison} ${this.#add(after.value, sort.field)}`;
    return `(${further}${nulls} OR (${beyondKey(`${expression} = ${this.#add(after.value, sort.field)} AND `)}))`;
  }

  #add(value: string | number | boolean | undefined, field: string): string {
    if (value === undefined) throw new RangeError(`A filter on ${field} without a value.`);
    if (typeof value === 'string') this.values.push(this.kind(field) === 'text' ? orderedText(value) : value);
    else this.values.push(typeof value === 'boolean' ? Number(value) : value);
    return '?';
  }
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
