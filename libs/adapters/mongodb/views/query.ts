import type { Document, Filter, Sort } from 'mongodb';
import type { Condition, FieldKind, GenerationSpec, Group, GroupQuery, ListQuery } from '#runtime/ports';
import { originalText } from '#runtime/views/ordered-text';
import { type DocumentRecord, type FieldValue, fieldValue, idOf, idsOf } from './documents.js';

/** An index for each field that can be asked for; it leads to shown documents in the order of the field, ties by key. */
export const indexesOf = (spec: GenerationSpec) =>
  spec.filters.map(({ field }) => ({
    key: { tenant: 1, [pathOf(field)]: 1, _id: 1 } as const,
    name: `by_${field}`,
    partialFilterExpression: { tenant: { $exists: true } },
  }));

export function listQuestion(
  spec: GenerationSpec,
  tenant: string,
  { where, sort, after }: ListQuery,
): { readonly filter: Filter<DocumentRecord>; readonly sort: Sort } {
  const kinds = kindsOf(spec);
  const conditions = [
    ...where.map((condition) => match(kinds, condition)),
    ...(after ? [beyond(kinds, tenant, sort, after)] : []),
  ];
  const direction = sort?.descending ? -1 : 1;
  return {
    filter: shownOf(tenant, conditions),
    sort: sort ? { [pathOf(sort.field)]: direction, _id: direction } : { _id: 1 },
  };
}

export interface GroupQuestion {
  readonly pipeline: readonly Document[];
  readonly group: (row: Document) => Group;
}

/** Throws RangeError for sums in currencies of different fields: they cannot share one row. */
export function groupQuestion(spec: GenerationSpec, tenant: string, { where, by, sums, limit }: GroupQuery): GroupQuestion {
  const kinds = kindsOf(spec);
  const columns = by.map(({ field, period, zone }) => ({
    name: field,
    kind: period ? ('text' as const) : kinds(field),
    expression: period ? periodOf(`$${pathOf(field)}`, period, zone) : `$${pathOf(field)}`,
  }));
  const currency = currencyOf(spec, sums);
  if (currency !== undefined && !columns.some(({ name }) => name === 'currency'))
    columns.push({ name: 'currency', kind: 'text', expression: `$${pathOf(currency)}` });
  const keys = Object.fromEntries(columns.map(({ expression }, index) => [`by${index}`, expression]));
  const adding = sums.map((sum, index) => [`sum${index}`, { $sum: `$${pathOf(sum)}` }] as const);
  const order = Object.fromEntries(columns.map((_, index) => [`_id.by${index}`, 1 as const]));
  return {
    pipeline: [
      {
        $match: shownOf(
          tenant,
          where.map((condition) => match(kinds, condition)),
        ),
      },
      { $group: { _id: columns.length > 0 ? keys : null, count: { $sum: 1 }, ...Object.fromEntries(adding) } },
      ...(columns.length > 0 ? [{ $sort: order }] : []),
      ...(limit === undefined ? [] : [{ $limit: limit }]),
    ],
    group: (row) =>
      Object.fromEntries([
        ...columns.map(({ name, kind }, index) => [name, groupValue(row._id[`by${index}`], kind, name)]),
        ['count', groupValue(row.count, 'integer', 'count')],
        ...sums.map((sum, index) => [sum, groupValue(row[`sum${index}`], 'number', sum)]),
      ]),
  };
}

const pathOf = (field: string) => `fields.${field}`;

type Kinds = (field: string) => FieldKind;

function kindsOf(spec: GenerationSpec): Kinds {
  const kinds = new Map(spec.filters.map(({ field, kind }) => [field, kind]));
  return (field) => {
    const kind = kinds.get(field);
    if (!kind) throw new RangeError(`${spec.view} has no filter ${field}.`);
    return kind;
  };
}

/** By the range of ids where no index on a field serves, by tenant where one does. */
const shownOf = (tenant: string, conditions: readonly Filter<DocumentRecord>[]): Filter<DocumentRecord> => ({
  _id: idsOf(tenant, 'shown'),
  tenant,
  ...(conditions.length > 0 ? { $and: [...conditions] } : {}),
});

const COMPARISONS = { eq: '$eq', ne: '$ne', lt: '$lt', lte: '$lte', gt: '$gt', gte: '$gte' } as const;

/** The server matches nothing but its own type with < and >, and null with ≠: as the port says. */
function match(kinds: Kinds, { field, operator, values }: Condition): Filter<DocumentRecord> {
  const kind = kinds(field);
  const path = pathOf(field);
  switch (operator) {
    case 'empty':
      return { [path]: { $eq: null } };
    case 'set':
      return { [path]: { $ne: null } };
    case 'in':
      return { [path]: { $in: values.map((value) => asked(value, kind, field)) } };
    default:
      return { [path]: { [COMPARISONS[operator]]: asked(values[0], kind, field) } };
  }
}

function beyond(
  kinds: Kinds,
  tenant: string,
  sort: ListQuery['sort'],
  { value, key }: NonNullable<ListQuery['after']>,
): Filter<DocumentRecord> {
  const further = sort?.descending ? '$lt' : '$gt';
  const id = { _id: { [further]: idOf({ tenant, space: 'shown', key }) } };
  if (!sort) return id;
  const path = pathOf(sort.field);
  if (value === null) {
    const tied = { [path]: { $eq: null }, ...id };
    return sort.descending ? tied : { $or: [tied, { [path]: { $ne: null } }] };
  }
  const at = asked(value, kinds(sort.field), sort.field);
  const beyondValue = [{ [path]: { [further]: at } }, { [path]: { $eq: at }, ...id }];
  return { $or: sort.descending ? [...beyondValue, { [path]: { $eq: null } }] : beyondValue };
}

function asked(value: unknown, kind: FieldKind, field: string): FieldValue {
  const found = fieldValue(value, kind);
  if (found === undefined) throw new RangeError(`A filter on ${field} without a value of its kind.`);
  return found;
}

function currencyOf(spec: GenerationSpec, sums: readonly string[]): string | undefined {
  const fields = new Set(sums.flatMap((sum) => spec.sums[sum] ?? []));
  if (fields.size > 1) throw new RangeError(`Sums in different currencies cannot be asked together: ${sums.join(', ')}.`);
  return [...fields][0];
}

const PERIODS = {
  day: (moment: unknown) => ({ $substrBytes: [moment, 0, 10] }),
  month: (moment: unknown) => ({ $substrBytes: [moment, 0, 7] }),
  quarter: (moment: unknown) => ({
    $concat: [
      { $substrBytes: [moment, 0, 4] },
      '-Q',
      { $toString: { $toInt: { $divide: [{ $add: [{ $toInt: { $substrBytes: [moment, 5, 2] } }, 2] }, 3] } } },
    ],
  }),
  year: (moment: unknown) => ({ $substrBytes: [moment, 0, 4] }),
} as const;

const periodOf = (moment: string, period: keyof typeof PERIODS, zone: string | undefined) => ({
  $cond: [{ $eq: [moment, null] }, null, PERIODS[period](zone === undefined ? moment : shownAt(moment, zone))],
});

/** What the zone's clock shows, in the form of a moment. */
const shownAt = (moment: string, timezone: string) => ({
  $dateToString: { date: { $toDate: moment }, timezone, format: '%Y-%m-%dT%H:%M:%S.%LZ' },
});

/** 64 bit integers come as numbers where those hold them exactly, otherwise as objects. */
function groupValue(value: unknown, kind: FieldKind, name: string): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return kind === 'text' ? originalText(value) : value;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'number' || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    throw new RangeError(`${name} exceeds what JSON numbers hold exactly.`);
  return value;
}
