import type { DocumentAnswer, GroupsAnswer, ListAnswer } from './answers.js';

/** What the generated types say of a view. */
export interface ViewShape {
  readonly document: object;
  /** Fields that may be filtered, sorted and grouped by, with the type of a value. */
  readonly filters: object;
  /** Those of them that have an order: numbers and moments. */
  readonly ordered: string;
  /** Moments among them, which groups may cut into periods. */
  readonly moments: string;
  /** Fields that groups add up. */
  readonly sums: string;
}

/** Which time the answer is of. Days are `2026-01-31`, moments `2026-01-31T17:00:00.000Z`. */
export interface TimeOptions {
  /** Only what had occurred by the end of this day, or by this moment. */
  readonly asOf?: string;
  /** Only what had been recorded by then. */
  readonly knownAt?: string;
  /** The same answer as the one that named this position. */
  readonly position?: string;
  /** Wait until facts up to here are in; the client's own last write if left out. */
  readonly minPosition?: string;
  /** Milliseconds that the server waits for it before the client asks again; 5000 if left out. */
  readonly wait?: number;
  /** IANA time zone in which days end; UTC if left out. */
  readonly tz?: string;
  readonly signal?: AbortSignal;
}

type Where<V extends ViewShape> = {
  /** A list means any of the values. */
  readonly [F in keyof V['filters'] & string]?: V['filters'][F] | readonly V['filters'][F][];
} & {
  /** A list means none of the values. */
  readonly [F in keyof V['filters'] & string as `${F}[ne]`]?: V['filters'][F] | readonly V['filters'][F][];
} & {
  readonly [F in keyof V['filters'] & string as `${F}[in]`]?: readonly V['filters'][F][];
} & {
  readonly [F in keyof V['filters'] & string as `${F}[empty]`]?: boolean;
} & {
  readonly [F in V['ordered'] as `${F}[${'lt' | 'lte' | 'gt' | 'gte'}]`]?: F extends keyof V['filters'] ? V['filters'][F] : never;
};

type Field<V extends ViewShape> = keyof V['filters'] & string;

export interface ListOptions<V extends ViewShape> extends TimeOptions {
  readonly where?: Where<V>;
  /** A field, with `-` before it for descending. */
  readonly sort?: Field<V> | `-${Field<V>}`;
  /** At most 500; 50 if left out. */
  readonly limit?: number;
  /** The `next` of the page before, with the same other options. */
  readonly cursor?: string;
}

export interface GroupOptions<V extends ViewShape> extends TimeOptions {
  readonly where?: Where<V>;
  readonly group: readonly (Field<V> | `${V['moments']}:${'day' | 'month' | 'quarter' | 'year'}`)[];
  readonly sum?: readonly V['sums'][];
}

/** One view, typed. Throws AnnalsRefusal (`document-unknown` where there is none) and AnnalsUnavailable. */
export interface View<V extends ViewShape> {
  list(options?: ListOptions<V>): Promise<ListAnswer<V['document']>>;
  /** Every document of the list, page after page, all of the same state of the view. */
  all(options?: Omit<ListOptions<V>, 'cursor'>): AsyncGenerator<{ readonly key: string; readonly document: V['document'] }>;
  get(key: string, options?: TimeOptions): Promise<DocumentAnswer<V['document']>>;
  groups(options: GroupOptions<V>): Promise<GroupsAnswer>;
}

interface Asked extends TimeOptions {
  readonly where?: Readonly<Record<string, unknown>>;
  readonly sort?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly group?: readonly string[];
  readonly sum?: readonly string[];
}

/** The parameters of the address. `written` is the client's own last write. */
export function parametersOf(
  { where = {}, sort, limit, cursor, group, sum, asOf, knownAt, position, minPosition, wait, tz }: Asked,
  written: string | undefined,
): Parameters {
  // a position or a page names its state itself
  const waitsFor = minPosition ?? (position === undefined && cursor === undefined ? written : undefined);
  return {
    ...filtersIn(where),
    sort,
    limit: textOf(limit),
    cursor,
    group: group?.join(','),
    sum: sum?.join(','),
    asOf,
    knownAt,
    position,
    minPosition: waitsFor,
    wait: textOf(wait),
    tz,
  };
}

/** Of a list each value is a parameter of its own. */
export type Parameters = Record<string, string | readonly string[] | undefined>;

/** A field given several times means any of the values, as `[in]` does, whose values a comma would tear apart. */
function filtersIn(where: NonNullable<Asked['where']>): Parameters {
  const filters: Parameters = {};
  for (const [name, value] of Object.entries(where)) {
    const field = name.replace(/\[in\]$/, '');
    const isTorn = field !== name && Array.isArray(value) && value.some((one) => String(one).includes(','));
    if (isTorn && where[field] !== undefined)
      throw new TypeError(`Give ${field} or ${name}, not both: one of the values has a comma.`);
    if (field !== name && !isTorn) filters[name] = Array.isArray(value) ? value.join(',') : textOf(value);
    else filters[field] = Array.isArray(value) ? value.map(String) : textOf(value);
  }
  return filters;
}

const textOf = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));
