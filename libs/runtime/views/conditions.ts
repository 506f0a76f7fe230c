import { isId } from '#kernel';
import { isStorable } from '../commands/validation-rules.js';
import type { Condition } from '../ports.js';
import type { FieldError } from '../problem.js';
import { spanNeeded, spanOf } from './days.js';
import type { FilterField } from './plan.js';

export const OPERATORS = ['ne', 'lt', 'lte', 'gt', 'gte', 'in', 'empty'] as const;
export type Operator = 'eq' | (typeof OPERATORS)[number];

type Value = string | number | boolean;
type Parsed = { readonly conditions: readonly Condition[] } | { readonly error: FieldError };

const MOST_VALUES = 500;

/** One filter parameter as conditions. A date on a moment field means the whole day: `lte` includes it, `gt` begins after it. */
export function conditionsOf(filter: FilterField, operator: Operator, texts: readonly string[], timeZone: string): Parsed {
  const { field } = filter;
  const name = operator === 'eq' ? field : `${field}[${operator}]`;
  const wrong = (message: string): Parsed => ({ error: { field: name, message } });

  if (operator === 'empty') {
    const [text] = texts;
    if (texts.length !== 1 || (text !== 'true' && text !== 'false')) return wrong('Say true or false.');
    return { conditions: [{ field, operator: text === 'true' ? 'empty' : 'set', values: [] }] };
  }
  const listed = operator === 'in' ? texts.flatMap((text) => text.split(',')) : texts;
  if (operator === 'in' && listed.every((text) => text === ''))
    return wrong('Give at least one value; several are separated by commas.');
  if (listed.length > MOST_VALUES) return wrong(`Give at most ${MOST_VALUES} values.`);
  if (filter.kind === 'moment') return moments(filter, operator, listed, timeZone, wrong);

  const values: Value[] = [];
  for (const text of listed) {
    const value = parsedValue(filter, text);
    if (value === undefined) return wrong(expected(filter, text));
    values.push(value);
  }
  if (filter.kind === 'flag' && operator !== 'eq' && operator !== 'ne' && operator !== 'in')
    return wrong('A flag can be compared with ne and in only.');
  return { conditions: together(field, operator, values) };
}

/** A field named several times means any of the values; an operator named several times means all of them. */
function together(field: string, operator: Exclude<Operator, 'empty'>, values: readonly Value[]): readonly Condition[] {
  if (operator === 'in' || (operator === 'eq' && values.length > 1)) return [{ field, operator: 'in', values }];
  return values.map((value) => ({ field, operator, values: [value] }));
}

function moments(
  { field }: FilterField,
  operator: Exclude<Operator, 'empty'>,
  texts: readonly string[],
  timeZone: string,
  wrong: (message: string) => Parsed,
): Parsed {
  const conditions: Condition[] = [];
  const exact: string[] = [];
  for (const text of texts) {
    const span = spanOf(text, timeZone);
    if (!span) return wrong(spanNeeded(text));
    if (operator === 'lt' || operator === 'gte') conditions.push({ field, operator, values: [span.from] });
    else if (operator === 'lte' || operator === 'gt') conditions.push({ field, operator, values: [span.to] });
    else if (!span.isDay) exact.push(span.from);
    else if (operator === 'eq' && texts.length === 1)
      conditions.push({ field, operator: 'gte', values: [span.from] }, { field, operator: 'lte', values: [span.to] });
    else return wrong(`Compare with days by ${field}[gte] and ${field}[lte], or write moments.`);
  }
  return {
    conditions:
      exact.length === 0 || operator === 'lt' || operator === 'gte'
        ? conditions
        : [...conditions, ...together(field, operator, exact)],
  };
}

const INTEGER = /^-?\d{1,16}$/;
const NUMBER = /^-?\d{1,16}(\.\d{1,16})?$/;

function parsedValue({ kind, choices, isIds }: FilterField, text: string): Value | undefined {
  if (choices && kind === 'text' && !choices.includes(text)) return undefined;
  if (kind === 'integer') return INTEGER.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
  if (kind === 'number') return NUMBER.test(text) ? Number(text) : undefined;
  if (kind === 'flag') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (isIds) return isId(text) ? text : undefined;
  return text !== '' && text.length <= 1_000 && isStorable(text) ? text : undefined;
}

/** No document holds an empty text: who asks for one means those without the field, or forgot the value. */
function expected({ field, kind, choices, isIds }: FilterField, text: string): string {
  if (choices) return `Use one of ${choices.join(', ')}.`;
  if (kind === 'integer') return 'Write a whole number.';
  if (kind === 'number') return 'Write a number, such as 12.5.';
  if (kind === 'flag') return 'Say true or false.';
  if (isIds) return 'Write a UUID in lower case.';
  if (text === '') return `Write a value; ${field}[empty]=true finds those that have none.`;
  return 'Write at most 1,000 characters, without U+0000.';
}
