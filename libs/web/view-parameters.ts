import type { AnyView } from '#kernel';
import type { JsonSchema } from '#runtime/commands/validation';
import { moment, type Parameter, inQuery as query } from './endpoint.js';

/** Every query parameter of a view: its filters with their operators, order, paging, groups and time. */
export function viewParameters(view: AnyView, of: 'list' | 'document' = 'list'): readonly Parameter[] {
  return of === 'document'
    ? time
    : [...view.filters.flatMap((field: string) => filterParameters(view, field)), ...listParameters(view), ...time];
}

const time: readonly Parameter[] = [
  query('asOf', 'As of the end of this day, or of this moment: only facts that had occurred.'),
  query('knownAt', 'Only facts that had been recorded by then.'),
  query('position', 'The same answer as the one that named this position.'),
  query('minPosition', 'Wait (bounded) until facts up to here are in: read your own write.'),
  query('wait', 'Milliseconds to wait for `minPosition`; 5000 if left out.', { type: 'integer', minimum: 0, maximum: 30_000 }),
  query('tz', 'IANA time zone in which days, and periods of groups, end; UTC if left out.', {
    type: 'string',
    examples: ['Europe/Berlin'],
  }),
];

function filterParameters(view: AnyView, field: string): readonly Parameter[] {
  const { description = field, ...shape } = fieldSchema(view, field);
  const operators = isOrdered(shape) ? [...EVERY, ...ORDERED] : EVERY;
  return [
    query(field, `Only where it is this, or one of these if given several times: ${description}`, shape),
    ...operators.map(([operator, says, own]) => query(`${field}[${operator}]`, `${field} ${says}.`, own ?? shape)),
  ];
}

const EVERY: readonly (readonly [string, string, JsonSchema?])[] = [
  ['ne', 'is another than this, or than all of these if given several times'],
  ['in', 'is one of these, separated by commas', { type: 'string' }],
  ['empty', 'is not there (`true`) or is (`false`)', { type: 'string', enum: ['true', 'false'] }],
];
const ORDERED: readonly (readonly [string, string, JsonSchema?])[] = [
  ['lt', 'is less than this'],
  ['lte', 'is this or less'],
  ['gt', 'is more than this'],
  ['gte', 'is this or more'],
];

function listParameters({ filters, sums, sort }: AnyView): readonly Parameter[] {
  const fields = filters as readonly string[];
  return [
    query('sort', `A field, with - before it for descending; ${sort ?? 'by key'} if left out. The key breaks ties.`, {
      type: 'string',
      enum: fields.flatMap((field) => [field, `-${field}`]),
    }),
    query('limit', 'At most so many documents; 50 if left out.', { type: 'integer', minimum: 1, maximum: 500 }),
    query('cursor', 'The `next` of the page before, with the same other parameters: goes on with the same state of the view.'),
    query(
      'group',
      'Fields to group by, separated by commas; a moment as `field:day`, `:month`, `:quarter` or `:year`. ' +
        'More than 10000 groups are refused (400 `too-many-groups`).',
    ),
    ...(sums ? [query('sum', `Fields to add up in each group, separated by commas: ${Object.keys(sums).join(', ')}.`)] : []),
  ];
}

function fieldSchema({ document }: AnyView, field: string): JsonSchema & { readonly description?: string } {
  const { description, type, format, enum: values } = (document.properties[field] ?? {}) as Record<string, unknown>;
  return {
    ...(typeof description === 'string' && { description }),
    ...(format === 'date-time' ? moment : { type: typeof type === 'string' ? type : 'string' }),
    ...(Array.isArray(values) && { enum: values }),
  };
}

const isOrdered = ({ type, format }: JsonSchema) => type === 'integer' || type === 'number' || format === 'date-time';
