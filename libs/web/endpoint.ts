import type { AnyView, Role } from '#kernel';
import type { JsonSchema } from '#runtime/commands/validation';
import type { RegisteredCommand } from '#runtime/registry';
import type { TrafficClass } from '#runtime/requests';

/** Who may call: everybody, every valid token, every one but those of customers, or the holder of one of these roles. */
export type Access = 'open' | 'token' | 'caller' | readonly Role[];

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  readonly schema: JsonSchema;
  readonly required?: boolean;
}

export interface Content {
  readonly description: string;
  readonly schema?: JsonSchema;
  /** `application/json` if left out. */
  readonly type?: string;
  /** Further representations, by content type. */
  readonly also?: Readonly<Record<string, JsonSchema>>;
}

/** One route: the server registers it, the OpenAPI document and `/docs` describe it. Neither knows a route that the other does not. */
export interface Endpoint {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** With `:name` for its parameters. */
  readonly path: string;
  readonly access: Access;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: Content;
  readonly answers: Readonly<Record<number, Content>>;
  /** Statuses of problems beside those that follow from access, parameters and body. */
  readonly problems?: readonly number[];
  readonly command?: RegisteredCommand;
  readonly view?: AnyView;
  /** What it is for, where that is less urgent than what its caller is for. */
  readonly trafficClass?: TrafficClass;
}

/** What is read with GET is asked about with HEAD: the same work once, and Node leaves the body out. */
export const methodsOf = (method: Endpoint['method']): ('GET' | 'HEAD' | 'POST')[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method];

const parameter =
  (place: Parameter['in'], required = false) =>
  (name: string, description: string, schema: JsonSchema = { type: 'string' }): Parameter => ({
    name,
    in: place,
    description,
    schema,
    ...(required && { required }),
  });

export const inHeader = parameter('header');
export const inQuery = parameter('query');
export const inPath = parameter('path', true);
export const uuid: JsonSchema = { type: 'string', format: 'uuid' };
export const moment: JsonSchema = { type: 'string', format: 'date-time' };

/** Types of their own, so that nobody takes what would be done for what was done. */
export const DRY_RUN = 'application/vnd.annals.dry-run+json';
export const DRY_RUN_LINES = 'application/vnd.annals.dry-run+x-ndjson';

const DRY_RUN_HEADER = 'Annals-Dry-Run';
export const dryRunHeader = (description: string): Parameter =>
  inHeader(DRY_RUN_HEADER, description, { type: 'string', enum: ['true', 'false'] });
export const takesDryRuns = ({ parameters = [] }: Endpoint): boolean => parameters.some(({ name }) => name === DRY_RUN_HEADER);
