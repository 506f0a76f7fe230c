import { isSealed, type SealedValue } from '#kernel';
import { type FieldError, Problem } from '#runtime/problem';
import { MOST_VALUES, PURPOSE } from '../schemas/index.js';
import type { Handler, Surface } from '../surface.js';
import { refuseQuery } from './parameters.js';

/** Opens sealed values for another system, each answered in its place. */
export function openValuesHandler({ annals }: Surface): Handler {
  return async ({ request, caller }) => {
    refuseQuery(request);
    const { values, purpose } = requestOf(request.body);
    const said = purpose === undefined ? 'keys/open' : `keys/open for ${purpose}`;
    return { body: { values: await annals.access.open(caller, values, said) } };
  };
}

/** Looked at by hand: a sealed text may be longer than any text that a command takes. Never quotes a value. */
function requestOf(body: unknown): { readonly values: readonly SealedValue[]; readonly purpose?: string } {
  const { values, purpose, ...more } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<
    Record<string, unknown>
  >;
  const errors: FieldError[] = Object.keys(more).map((field) => ({ field: field.slice(0, 100), message: 'is not known here' }));
  if (!Array.isArray(values) || values.length < 1 || values.length > MOST_VALUES) {
    errors.push({ field: 'values', message: `must be a list of 1 to ${MOST_VALUES} sealed values` });
  } else {
    const index = values.findIndex((one) => !isSealed(one) || Object.keys(one).length > 1);
    if (index >= 0) errors.push({ field: `values[${index}]`, message: 'must be { "$sealed": "…" } and nothing else' });
  }
  if (purpose !== undefined && (typeof purpose !== 'string' || !PURPOSE.test(purpose))) {
    errors.push({ field: 'purpose', message: 'must be a word of at most 64 lower case letters, digits, - and _' });
  }
  const [first] = errors;
  if (first) throw new Problem(400, 'malformed-request', `Correct the request: ${first.field} ${first.message}.`, { errors });
  return { values: values as readonly SealedValue[], ...(purpose !== undefined && { purpose: purpose as string }) };
}
