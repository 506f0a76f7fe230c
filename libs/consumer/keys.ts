import { Unavailable } from './errors.js';
import { ERASED, type Erased, type Sealed } from './sealed.js';

/** Opens sealed values. The order is that of the request; undefined for one that cannot be opened. */
export interface Keys {
  open(values: readonly Sealed<unknown>[]): Promise<readonly (unknown | Erased)[]>;
}

export interface KeysOptions {
  /** Address of the server, without a slash at the end. */
  readonly url: string;
  /** A token with the role `opener`. */
  readonly token: string;
  /** What they are opened for: a word of lower case letters, digits, - and _. It goes on record. */
  readonly purpose?: string;
  /** Milliseconds for one request; 10,000 if left out. */
  readonly within?: number;
}

type Answer = { readonly value: unknown } | { readonly erased: true } | { readonly invalid: true };

/** The server takes so many values, and a body of 1 MiB. */
const VALUES_A_REQUEST = 500;
const BYTES_A_REQUEST = 900_000;

/** Stands for a value that no key of this tenant opens. */
export const INVALID = Symbol('invalid');

/** Opens by `POST /v1/keys/open`, as few requests as possible. Throws Unavailable: nothing is known about the values then. */
export function httpKeys({ url, token, purpose, within = 10_000 }: KeysOptions): Keys {
  const ask = async (values: readonly Sealed<unknown>[]): Promise<readonly unknown[]> => {
    const body = JSON.stringify({
      values: values.map(({ $sealed }) => ({ $sealed })),
      ...(purpose !== undefined && { purpose }),
    });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(within);
    try {
      const response = await fetch(`${url}/v1/keys/open`, { method: 'POST', headers, body, signal });
      if (!response.ok) throw new Unavailable(`keys/open answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
      const { values: answers } = (await response.json()) as { readonly values: readonly Answer[] };
      return answers.map((answer) => ('value' in answer ? answer.value : 'erased' in answer ? ERASED : INVALID));
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      throw new Unavailable(`keys/open cannot be reached: ${(error as Error).message}`, { cause: error });
    }
  };
  return {
    async open(values) {
      const opened: unknown[] = [];
      for (const part of parts(values)) opened.push(...(await ask(part)));
      return opened;
    },
  };
}

function* parts(values: readonly Sealed<unknown>[]): Generator<readonly Sealed<unknown>[]> {
  let part: Sealed<unknown>[] = [];
  let bytes = 0;
  for (const value of values) {
    const size = value.$sealed.length + 20;
    if (part.length > 0 && (part.length === VALUES_A_REQUEST || bytes + size > BYTES_A_REQUEST)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(value);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
