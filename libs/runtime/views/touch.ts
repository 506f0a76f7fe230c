import { type Recorded, tenantOf } from '#kernel';
import { lazilyRecordedOf, recordedOf } from '../envelope.js';
import type { StoredFact } from '../ports.js';
import type { ViewPlan } from './plan.js';

/** A fact and the documents that it goes into. */
export interface Touch {
  readonly stored: StoredFact;
  readonly tenant: string;
  readonly keys: readonly string[];
  /** Undefined when it could not be read or named no key; `error` then says why. */
  readonly recorded: Recorded | undefined;
  readonly error: string | undefined;
}

/** A fact and the keys of some of its documents. */
export interface KeyedFact {
  readonly keys: readonly string[];
  readonly stored: StoredFact;
}

/** Reads facts and finds their keys. Never throws: what cannot be read goes to the key named after its stream. */
export const touchesOf = (plan: ViewPlan, facts: readonly StoredFact[]): readonly Touch[] =>
  facts.map((stored) => touchOf(plan, stored, recordedOf, keysOfFact));

/** The same for who wants only the keys: an error in data that the keys do not need is not found. */
export const keysOf = (plan: ViewPlan, facts: readonly StoredFact[]): readonly Touch[] =>
  facts.map((stored) => touchOf(plan, stored, lazilyRecordedOf, keysOfFact));

/** The same for who knows the keys. */
export const touchAt = (plan: ViewPlan, stored: StoredFact, keys: readonly string[]): Touch =>
  touchOf(plan, stored, recordedOf, () => keys);

function touchOf(plan: ViewPlan, stored: StoredFact, read: typeof recordedOf, keysIn: typeof keysOfFact): Touch {
  const tenant = tenantOf(stored.stream);
  try {
    const recorded = read(stored, plan.registry);
    return { stored, tenant, keys: keysIn(plan, recorded), recorded, error: undefined };
  } catch (error) {
    return { stored, tenant, keys: NONE, recorded: undefined, error: faultOf(error) };
  }
}

function keysOfFact({ view }: ViewPlan, recorded: Recorded): readonly string[] {
  if (!Object.hasOwn(view.facts, recorded.type)) return NONE;
  const keys: string | readonly string[] = view.key(recorded);
  if (typeof keys === 'string') return [keys];
  if (!Array.isArray(keys) || keys.some((key) => typeof key !== 'string')) throw new TypeError('The view gave no key.');
  return keys.length > 1 ? [...new Set(keys as readonly string[])] : (keys as readonly string[]);
}

export const NONE: readonly string[] = [];

/** Class and message of an error of the code. A parser's message quotes what it read, so it stays out. */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Something that is no error was thrown.';
  return error instanceof SyntaxError ? error.name : `${error.constructor.name}: ${error.message}`.slice(0, 300);
}
