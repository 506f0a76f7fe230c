import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Annals } from '#runtime/annals';
import type { Caller } from '#runtime/requests';
import type { Buses } from './buses.js';
import type { Endpoint } from './endpoint.js';
import type { Authenticate } from './identity/authentication.js';
import type { JsonBodies } from './json-body.js';
import type { Limits } from './limits/limits.js';
import type { Metrics } from './metrics.js';
import type { WebOptions } from './options.js';

/** What handlers work with. */
export interface Surface {
  readonly annals: Annals;
  readonly authenticate: Authenticate;
  readonly buses: Buses;
  readonly bodies: JsonBodies;
  readonly metrics: Metrics;
  readonly limits: Limits;
  readonly logger: Logger | undefined;
  readonly options: WebOptions;
  readonly endpoints: readonly Endpoint[];
  /** Aborted when the server begins to stop: streams end, no further work is taken. */
  readonly stopping: AbortSignal;
}

export interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Holds the roles that the endpoint asks for. */
  readonly caller: Caller;
  readonly endpoint: Endpoint;
  /** To be called when nothing is left to do but to wait for others: so long the request takes no place of its class. */
  readonly onlyWaits: () => void;
  /** Runs a piece of reading, a few milliseconds of work, when more urgent callers leave room for it. */
  readonly inTurn: <T>(piece: () => Promise<T>) => Promise<T>;
}

export interface Answer {
  /** 200 if left out. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** `application/json` if left out. */
  readonly type?: string;
  /** An object is sent as JSON. */
  readonly body: object | string;
}

/** Gives the answer, or `undefined` where it streams one itself. */
export type Handler = (visit: Visit) => Promise<Answer | undefined>;

/** Authenticates only where the answer depends on it: proxies and balancers add headers of their own. Throws Problem 401. */
export type OpenVisit = Omit<Visit, 'caller' | 'onlyWaits' | 'inTurn'> & { readonly caller: () => Promise<Caller | undefined> };
export type OpenHandler = (visit: OpenVisit) => Promise<Answer>;
