import { derivedId } from '#kernel';

/** The column that every row of a file has: the number of its line. */
export const LINE = '$line';

/** A row as expressions see it: column → trimmed text; empty columns are absent. Lists only in NDJSON. */
export type Row = Readonly<Record<string, unknown>>;
export type Value = string | number | boolean;

/** What expressions know beside their row. */
export interface Scope {
  /** Name of the mapping; part of every id. */
  readonly mapping: string;
  readonly tables: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Whether an accepted row of a source that defines this kind has this identity. */
  readonly isKnown: (kind: string, identity: readonly string[]) => boolean;
  /** A column of the row of that source with that identity. */
  readonly lookUp: (source: string, identity: string, column: string) => string | undefined;
}

export interface FunctionDefinition {
  readonly usage: string;
  readonly summary: string;
  readonly least: number;
  readonly most: number;
  /** Number of leading arguments of which an empty one makes the whole empty. */
  readonly needed: number;
  readonly call: (texts: readonly (string | undefined)[], scope: Scope) => Value | undefined;
}

const MANY = 20;
const text = (value: string | undefined): string => value ?? '';

export const functions: Readonly<Record<string, FunctionDefinition>> = {
  id: {
    usage: 'id(kind, value, …)',
    summary: 'the UUID that stands for this natural key; the same in every run',
    least: 2,
    most: MANY,
    needed: MANY,
    call: ([kind, ...identity], { mapping }) => idOf(mapping, text(kind), identity.map(text)),
  },
  ref: {
    usage: 'ref(kind, value, …)',
    summary: 'as id(), and refused unless a row of a source that `defines` this kind went in',
    least: 2,
    most: MANY,
    needed: MANY,
    call: ([kind, ...rest], scope) => {
      const identity = rest.map(text);
      if (!scope.isKnown(text(kind), identity)) throw new Error(`refers to an unknown ${kind}`);
      return idOf(scope.mapping, text(kind), identity);
    },
  },
  lookup: {
    usage: 'lookup(source, identity, column)',
    summary: 'a column of the row of another source',
    least: 3,
    most: 3,
    needed: 3,
    call: ([source, identity, column], scope) => {
      const found = scope.lookUp(text(source), text(identity), text(column));
      if (found === undefined) throw new Error(`is not in ${source}`);
      return found;
    },
  },
  map: {
    usage: 'map(table, value)',
    summary: 'the value that the table of `values` gives for it; itself where the table does not list it',
    least: 2,
    most: 2,
    needed: 2,
    call: ([table, value], { tables }) => own(tables[text(table)], text(value)) ?? text(value),
  },
  pick: {
    usage: 'pick(table, value)',
    summary: 'as map(), and refused where the table does not list it',
    least: 2,
    most: 2,
    needed: 2,
    call: ([table, value], { tables }) => {
      const found = own(tables[text(table)], text(value));
      if (found === undefined) throw new Error(`is none of ${Object.keys(tables[text(table)] ?? {}).join(', ')}`);
      return found;
    },
  },
  money: {
    usage: "money(value, currency, decimal mark = '.')",
    summary: 'minor units of the currency; refused if negative or finer than the currency',
    least: 2,
    most: 3,
    needed: 2,
    call: ([value, currency, mark]) => minorUnits(text(value), text(currency), mark ?? '.'),
  },
  moment: {
    usage: "moment(value, time of day = '00:00', pattern = 'YYYY-MM-DD')",
    summary: 'a moment in UTC; the time of day may end with an offset (09:00+02:00)',
    least: 1,
    most: 3,
    needed: 1,
    call: ([value, time, pattern]) => momentFrom(text(value), time ?? '00:00', pattern ?? 'YYYY-MM-DD'),
  },
  before: {
    usage: 'before(moment, number, days | months)',
    summary: 'the moment so many days of 24 hours or months earlier; where that month is shorter, on its last day',
    least: 3,
    most: 3,
    needed: 3,
    call: ([moment, number, unit]) => earlier(text(moment), text(number), text(unit)),
  },
  whole: {
    usage: 'whole(value)',
    summary: 'a whole number',
    least: 1,
    most: 1,
    needed: 1,
    call: ([value]) => {
      if (!/^-?\d{1,15}$/.test(text(value))) throw new Error('is not a whole number');
      return Number(value);
    },
  },
  digits: {
    usage: 'digits(value)',
    summary: 'the digits of a text, without all else',
    least: 1,
    most: 1,
    needed: 1,
    call: ([value]) => text(value).replace(/\D/g, '') || undefined,
  },
  yes: {
    usage: 'yes(value)',
    summary: 'true for yes, true, y, 1; false for no, false, n, 0',
    least: 1,
    most: 1,
    needed: 1,
    call: ([value]) => {
      const lower = text(value).toLowerCase();
      if (['yes', 'true', 'y', '1'].includes(lower)) return true;
      if (['no', 'false', 'n', '0'].includes(lower)) return false;
      throw new Error('is neither yes nor no');
    },
  },
  lower: {
    usage: 'lower(value)',
    summary: 'in lower case',
    least: 1,
    most: 1,
    needed: 1,
    call: ([value]) => text(value).toLowerCase(),
  },
  upper: {
    usage: 'upper(value)',
    summary: 'in upper case',
    least: 1,
    most: 1,
    needed: 1,
    call: ([value]) => text(value).toUpperCase(),
  },
  first: {
    usage: 'first(value, value, …)',
    summary: 'the first that is not empty',
    least: 1,
    most: MANY,
    needed: 0,
    call: (texts) => texts.find((one) => one !== undefined),
  },
  join: {
    usage: 'join(separator, value, …)',
    summary: 'those that are not empty, with the separator between them',
    least: 2,
    most: MANY,
    needed: 0,
    call: ([separator, ...texts]) => {
      const present = texts.filter((one) => one !== undefined);
      return present.length === 0 ? undefined : present.join(separator);
    },
  },
};

export const idOf = (mapping: string, kind: string, identity: readonly string[]): string =>
  derivedId('import', mapping, kind, ...identity);

function own(table: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

/** ISO 4217 codes that this Node knows, with their number of decimals. */
const currencies = new Set(Intl.supportedValuesOf('currency'));

function minorUnits(value: string, currency: string, mark: string): number {
  if (!currencies.has(currency)) throw new Error(`is in the unknown currency ${currency}`);
  if (value.startsWith('-')) throw new Error('is negative');
  const group = mark === '.' ? ',' : '\\.';
  const decimal = mark === '.' ? '\\.' : mark;
  const [, whole, fraction = ''] = new RegExp(`^(\\d+|\\d{1,3}(?:${group}\\d{3})+)(?:${decimal}(\\d+))?$`).exec(value) ?? [];
  if (whole === undefined) throw new Error(`is not an amount of money (decimal mark "${mark}")`);
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > digits) throw new Error(`has more than the ${digits} decimals of ${currency}`);
  const units = Number(whole.replace(/[.,]/g, '') + significant.padEnd(digits, '0'));
  if (!Number.isSafeInteger(units)) throw new Error('is too large');
  return units;
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:Z|([+-])([01]\d):([0-5]\d))?$/;

function momentFrom(value: string, time: string, pattern: string): string {
  if (/^\d{4}-\d\d-\d\d[T ]/.test(value)) return exact(value.replace(' ', 'T'));
  const found = TIME.exec(time);
  if (!found) throw new Error('has no time of day like 09:00, 09:00:30 or 09:00+02:00');
  const [, hour = '', minute = '', second = '00', sign, offsetHours = '0', offsetMinutes = '0'] = found;
  const { year, month, day } = datePartsOf(value, pattern);
  const at = Date.UTC(year, month - 1, day, Number(hour), Number(minute), Number(second));
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) throw new Error('is not a day of the calendar');
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return new Date(at - offset).toISOString();
}

function exact(value: string): string {
  const day = value.slice(0, 10);
  const milliseconds = /(Z|[+-]\d\d:?\d\d)$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(milliseconds) || Number.isNaN(Date.parse(day)))
    throw new Error('is not a moment with a time zone (2026-01-05T09:00:00Z)');
  if (new Date(day).toISOString().slice(0, 10) !== day) throw new Error('is not a day of the calendar');
  return new Date(milliseconds).toISOString();
}

function earlier(moment: string, number: string, unit: string): string {
  if (!/^\d{1,5}$/.test(number)) throw new Error('is not a number of days or months');
  const date = new Date(exact(moment));
  if (unit === 'days') return new Date(date.getTime() - Number(number) * 86_400_000).toISOString();
  if (unit !== 'months') throw new Error('is counted in days or months');
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() - Number(number));
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.toISOString();
}

const letters = { Y: 'year', M: 'month', D: 'day' } as const;

function datePartsOf(value: string, pattern: string): { year: number; month: number; day: number } {
  if (value.length !== pattern.length) throw new Error(`is not a date like ${pattern}`);
  const parts = { year: 0, month: 0, day: 0 };
  for (let index = 0; index < pattern.length; index++) {
    const letter = pattern[index] as string;
    const character = value[index] as string;
    const part = Object.hasOwn(letters, letter) ? letters[letter as keyof typeof letters] : undefined;
    if (part === undefined ? letter !== character : !/\d/.test(character)) throw new Error(`is not a date like ${pattern}`);
    if (part !== undefined) parts[part] = parts[part] * 10 + Number(character);
  }
  return parts;
}

export const isTimeOfDay = (time: string): boolean => TIME.test(time);
export const isDatePattern = (pattern: string): boolean =>
  ['YYYY', 'MM', 'DD'].every((part) => pattern.split(part).length === 2) && !/[A-Za-z]/.test(pattern.replace(/YYYY|MM|DD/g, ''));
