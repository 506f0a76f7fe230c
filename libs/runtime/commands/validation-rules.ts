import {
  isBase64,
  isBIC,
  isDateString,
  isEmail,
  isHexColor,
  isIBAN,
  isISO4217CurrencyCode,
  isISO8601,
  isISO31661Alpha2,
  isLocale,
  isLowercase,
  isMimeType,
  isNotEmptyObject,
  isNumber,
  isPhoneNumber,
  isRFC3339,
  isTimeZone,
  isUppercase,
  isURL,
  isUUID,
  matches,
  maxLength,
  minLength,
} from 'class-validator';
import { languageTag, momentIn } from '#kernel';

/** JSON Schema 2020-12, as OpenAPI 3.1 takes it; beside it `x-unit`, `x-personal` and `x-assigned` on fields. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type Kind = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';

/** One class-validator decorator, compiled. */
export interface Rule {
  /** The JSON type that it decides; rules without one only narrow. */
  readonly kind?: Kind;
  readonly holds: (value: unknown) => boolean;
  readonly schema: JsonSchema;
  /** Completes "must be …". */
  readonly says: string;
  /** It bounds the text's length by itself. */
  readonly bounded?: boolean;
  /** The one form in which what is right is decided on and stored. */
  readonly normal?: (value: unknown) => unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: decorators take arguments of any shape
type Arguments = readonly any[];

const narrow = (says: string, schema: JsonSchema, holds: Rule['holds']): Rule => ({ says, schema, holds });
const text = (says: string, schema: JsonSchema, holds: (value: string) => boolean, bounded = false): Rule => ({
  kind: 'string',
  says,
  schema,
  holds: (value) => typeof value === 'string' && holds(value),
  bounded,
});
const list = (says: string, schema: JsonSchema, holds: (value: readonly unknown[]) => boolean): Rule =>
  narrow(says, schema, (value) => Array.isArray(value) && holds(value));

/** Ids are stored and compared as text, so they have one spelling: lower case; all zeros and all ones name nothing. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const CURRENCY = /^[A-Z]{3}$/;
/** In characters, of its one form: what RFC 5646 (4.4.1) has room made for. */
const LONGEST_TAG = 35;
const NOT_EMPTY = { minLength: 1 };

/** By the name that class-validator gives its decorator; what is not here stops the start. */
export const rules: Readonly<Record<string, (given: Arguments) => Rule>> = {
  isString: () => text('text', {}, () => true),
  isBoolean: () => ({ kind: 'boolean', says: 'true or false', schema: {}, holds: (value) => typeof value === 'boolean' }),
  isInt: () => ({
    kind: 'integer',
    says: 'a whole number',
    schema: { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
    holds: Number.isSafeInteger,
  }),
  isNumber: ([options]) => ({
    kind: 'number',
    says: options?.maxDecimalPlaces === undefined ? 'a number' : `a number of at most ${options.maxDecimalPlaces} decimals`,
    schema: {},
    holds: (value) => Number.isFinite(value) && isNumber(value, options ?? {}),
  }),
  isArray: () => ({ kind: 'array', says: 'a list', schema: {}, holds: Array.isArray }),
  isObject: () => ({ kind: 'object', says: 'an object', schema: {}, holds: isRecord }),
  isNotEmptyObject: ([options]) => narrow('not empty', { minProperties: 1 }, (value) => isNotEmptyObject(value, options)),

  isUuid: ([version]) =>
    version === undefined || version === null || version === 'all'
      ? text('a UUID in lower case', { format: 'uuid' }, (value) => ID.test(value), true)
      : text(
          `a UUID of version ${version} in lower case`,
          { format: 'uuid' },
          (value) => ID.test(value) && isUUID(value, version),
          true,
        ),
  isISO4217CurrencyCode: () =>
    text(
      'an ISO 4217 currency code in capitals',
      { pattern: CURRENCY.source },
      (value) => CURRENCY.test(value) && isISO4217CurrencyCode(value),
      true,
    ),
  isIso8601: ([options]) =>
    text('a date or moment of ISO 8601', { format: 'date-time' }, (value) => isISO8601(value, options), true),
  isRFC3339: () => ({
    ...text(A_MOMENT, { format: 'date-time' }, (value) => isRFC3339(value) && momentIn(value) !== undefined, true),
    normal: (value) => momentIn(value as string),
  }),
  isDateString: ([options]) =>
    text('a date or moment of ISO 8601', { format: 'date-time' }, (value) => isDateString(value, options), true),
  isEmail: ([options]) => text('an e-mail address', { format: 'email' }, (value) => isEmail(value, options), true),
  isPhoneNumber: ([region]) =>
    text('a phone number with its country code, such as +493012345678', {}, (value) => isPhoneNumber(value, region), true),
  isUrl: ([options]) => text('a URL', { format: 'uri' }, (value) => isURL(value, options)),
  isTimeZone: () => text('an IANA time zone, such as Europe/Berlin', {}, (value) => isTimeZone(value), true),
  isLocale: () =>
    text(
      'a language tag of BCP 47, such as en or de-AT',
      {},
      (value) => isLocale(value) && (languageTag(value)?.length ?? Number.POSITIVE_INFINITY) <= LONGEST_TAG,
      true,
    ),
  isISO31661Alpha2: () => text('a country code of two letters (ISO 3166-1)', {}, (value) => isISO31661Alpha2(value), true),
  isIBAN: ([options]) => text('an IBAN', {}, (value) => isIBAN(value, options), true),
  isBIC: () => text('a BIC', {}, (value) => isBIC(value), true),
  isHexColor: () => text('a colour such as #ff8800', {}, (value) => isHexColor(value), true),
  isMimeType: () => text('a media type such as text/plain', {}, (value) => isMimeType(value)),
  isBase64: ([options]) => text('text in Base64', { contentEncoding: 'base64' }, (value) => isBase64(value, options)),
  isLowercase: () => text('in lower case', {}, (value) => isLowercase(value)),
  isUppercase: () => text('in capitals', {}, (value) => isUppercase(value)),
  matches: ([pattern, modifiers]) =>
    text(`in the form ${String(pattern)}`, { pattern: pattern.source ?? pattern }, (value) => matches(value, pattern, modifiers)),
  contains: ([seed]) => text(`with "${seed}" in it`, {}, (value) => value.includes(seed)),

  isLength: ([min, max]) => ({
    ...text(
      max === undefined ? atLeast(min) : `${atLeast(min)} and at most ${characters(max)}`,
      { minLength: min, ...(max !== undefined && { maxLength: max }) },
      (value) => longEnough(value, min) && (max === undefined || shortEnough(value, max)),
    ),
    bounded: max !== undefined,
  }),
  minLength: ([min]) => text(atLeast(min), { minLength: min }, (value) => longEnough(value, min)),
  maxLength: ([max]) => text(`at most ${characters(max)}`, { maxLength: max }, (value) => shortEnough(value, max), true),

  min: ([min]) => narrow(`at least ${min}`, { minimum: min }, (value) => typeof value === 'number' && value >= min),
  max: ([max]) => narrow(`at most ${max}`, { maximum: max }, (value) => typeof value === 'number' && value <= max),
  isPositive: () => narrow('more than 0', { exclusiveMinimum: 0 }, (value) => typeof value === 'number' && value > 0),
  isNegative: () => narrow('less than 0', { exclusiveMaximum: 0 }, (value) => typeof value === 'number' && value < 0),
  isDivisibleBy: ([by]) =>
    narrow(
      `a multiple of ${by}`,
      { multipleOf: by },
      (value) => typeof value === 'number' && Number.isInteger(value) && value % by === 0,
    ),

  arrayMinSize: ([min]) => list(`with at least ${entries(min)}`, { minItems: min }, (value) => value.length >= min),
  arrayMaxSize: ([max]) => list(`with at most ${entries(max)}`, { maxItems: max }, (value) => value.length <= max),
  arrayNotEmpty: () => list('with at least 1 entry', { minItems: 1 }, (value) => value.length > 0),
  arrayUnique: ([identifier]) =>
    list('without repeated entries', identifier ? {} : { uniqueItems: true }, (value) => isUniqueBy(value, identifier)),

  isIn: ([values]) => choice(Array.isArray(values) ? values : Object.values(values)),
  isEnum: ([values]) => choice(Object.values(values)),
  equals: ([wanted]) => choice([wanted]),
  notEquals: ([unwanted]) =>
    narrow(`other than ${JSON.stringify(unwanted)}`, { not: { const: unwanted } }, (value) => value !== unwanted),
  isNotIn: ([values]) => narrow(`none of ${values.join(', ')}`, { not: { enum: values } }, (value) => !values.includes(value)),
  // blanks only are as good as nothing
  isNotEmpty: () =>
    narrow('not empty', NOT_EMPTY, (value) =>
      typeof value === 'string' ? !isBlank(value) : value !== null && value !== undefined,
    ),
  isDefined: () => narrow('', {}, (value) => value !== undefined && value !== null),
};

const A_MOMENT = 'a moment with its zone, such as 2026-01-05T09:00:00Z';

/** Text without a bound of its own gets this one, in characters. */
export const LONGEST_TEXT = 10_000;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** White space only, or nothing at all. */
export const isBlank = (value: string): boolean => {
  // nearly every text begins with a visible character of ASCII: seen without a copy
  const first = value.charCodeAt(0);
  return !(first > 0x20 && first < 0x7f) && value.trim() === '';
};

/** Every engine can store it: no U+0000, no half of a surrogate pair. */
export const isStorable = (value: string): boolean => !UNSTORABLE.test(value);
const UNSTORABLE = /[\0\p{Cs}]/u;

function choice(values: readonly unknown[]): Rule {
  const allowed = new Set(values);
  const kinds = new Set(values.map((value) => typeof value));
  const kind = kinds.size !== 1 ? undefined : kinds.has('string') ? 'string' : kinds.has('number') ? 'number' : undefined;
  const says = values.length === 1 ? JSON.stringify(values[0]) : `one of ${values.join(', ')}`;
  return { ...(kind && { kind }), says, schema: { enum: [...values] }, holds: (value) => allowed.has(value), bounded: true };
}

// class-validator counts an emoji with its presentation selector as one character, so only texts near the bound need its count
const shortEnough = (value: string, max: number) => value.length <= max || maxLength(value, max);
const longEnough = (value: string, min: number) => value.length >= min && minLength(value, min) && (min === 0 || !isBlank(value));

function isUniqueBy(values: readonly unknown[], identifier?: (value: unknown) => unknown): boolean {
  const seen = new Set(
    identifier ? values.map((value) => (value === null || value === undefined ? value : identifier(value))) : values,
  );
  return seen.size === values.length;
}

const characters = (count: number) => (count === 1 ? '1 character' : `${count} characters`);
const atLeast = (count: number) => `at least ${characters(count)}`;
const entries = (count: number) => (count === 1 ? '1 entry' : `${count} entries`);
