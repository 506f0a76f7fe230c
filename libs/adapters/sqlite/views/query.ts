import { shownAt } from '#kernel';
import type { Condition, FieldKind, GenerationSpec, ListQuery } from '#runtime/ports';
import { orderedText } from '#runtime/views/ordered-text';
import type { Database, SqlValue } from '../database.js';

/** SQL of one question, with the values of its placeholders. */
export interface Question {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Shown documents are space 0; a literal, so that partial indexes on it are used. */
export const SHOWN = 'space = 0';

/** Characters whose place in the order differs between bytes and code units, and those that orderedText escapes. */
const UNEVEN = '*[\u0001\ue000-\u{10ffff}]*';

/** The functions by which fields of kind text are compared, and moments seen in a zone; every connection has to have them. */
export function defineFunctions(database: Database): void {
  database.define('ordered_text', (value) => (typeof value === 'string' ? orderedText(value) : (value as SqlValue)));
  database.define('shown_at', (moment, zone) => (typeof moment === 'string' ? shownAt(moment, String(zone)) : null));
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
export const ofTenant = ({ through }: Scope) => (through === 'index' ? 'tenant = ?' : '+tenant = ?');

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

const COMPARISONS = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** Conditions on a view's fields; collects the values of the placeholders in the order of the SQL. */
export class Fields {
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
