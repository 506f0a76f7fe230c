import { type AnyView, commandFields, type Role } from '#kernel';
import { compileCommand, type JsonSchema } from '#runtime/commands/validation';
import type { RegisteredCommand, Registry } from '#runtime/registry';
import { backupBody, releaseBody, tokenBody } from './admin-commands.js';
import { ref } from './schemas.js';
import { viewParameters } from './view-parameters.js';

/** Who may call: everybody, every valid token, or the holder of one of these roles. */
export type Access = 'open' | 'caller' | readonly Role[];

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
  readonly command?: RegisteredCommand;
  readonly view?: AnyView;
}

/** All routes of a system, commands first. Throws where a command's route cannot be one. */
export function endpointsOf(registry: Registry): readonly Endpoint[] {
  const commands = [...registry.commands.values()].filter(({ options }) => options.route !== undefined);
  const endpoints = [...commands.map(commandEndpoint), ...[...registry.views.values()].flatMap(viewEndpoints), ...fixedEndpoints];
  const seen = new Set<string>();
  for (const { method, path } of endpoints) {
    const shape = `${method} ${path.replaceAll(/:[A-Za-z]+/g, ':')}`;
    if (seen.has(shape)) throw new Error(`Two definitions of the route ${method} ${path}.`);
    seen.add(shape);
  }
  return endpoints;
}

const ROUTE = /^POST ((?:\/[a-z0-9-]+|\/:[A-Za-z][A-Za-z0-9]*)+)$/;

const header = (name: string, description: string, schema: JsonSchema = { type: 'string' }): Parameter => ({
  name,
  in: 'header',
  description,
  schema,
});
const query = (name: string, description: string, schema: JsonSchema = { type: 'string' }): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
});
const path = (name: string, description: string, schema: JsonSchema = { type: 'string' }): Parameter => ({
  name,
  in: 'path',
  description,
  schema,
  required: true,
});
const uuid: JsonSchema = { type: 'string', format: 'uuid' };
const moment: JsonSchema = { type: 'string', format: 'date-time' };
const limit = (fallback: number, most: number) =>
  query('limit', `At most so many; ${fallback} if left out.`, { type: 'integer', minimum: 1, maximum: most });

const idempotencyKey = header(
  'Idempotency-Key',
  'The same key and body again, at any time, have their effect once and get the same answer.',
  {
    type: 'string',
    minLength: 1,
    maxLength: 255,
  },
);
const commandHeaderParameters: readonly Parameter[] = [
  idempotencyKey,
  header('If-Match', 'The revision that the thing must have, as the ETag of an answer gives it: `"7"`. Otherwise 412.'),
  header('Annals-Occurred-At', 'When it happened in the business; needs the role `backdate` or `importer`.', moment),
  header('Annals-On-Behalf-Of', '`user:`, `service:` or `customer:` and the internal id of whom it is done for.'),
  header('traceparent', 'W3C trace context; goes on the facts.'),
];

function commandEndpoint(command: RegisteredCommand): Endpoint {
  const { name, type, options, aggregate, context } = command;
  const route = ROUTE.exec(options.route ?? '')?.[1];
  if (route === undefined) throw new Error(`The route of ${name} must read POST /words/:field, not ${options.route}.`);
  if (!options.roles?.length) throw new Error(`${name} has a route and no roles: nobody could send it.`);
  const { schema } = compileCommand(type, { id: aggregate.id });
  const properties = schema.properties as Readonly<Record<string, JsonSchema>>;
  const inPath = [...route.matchAll(/:([A-Za-z0-9]+)/g)].map(([, field]) => field as string);
  for (const field of inPath)
    if (!properties[field]) throw new Error(`The route of ${name} has :${field}, which is not a field of it.`);

  const required = ((schema.required as readonly string[] | undefined) ?? []).filter((field) => !inPath.includes(field));
  const body = {
    ...schema,
    required,
    properties: Object.fromEntries(Object.entries(properties).filter(([field]) => !inPath.includes(field))),
  };
  const answers: Record<number, Content> = options.continues
    ? { 202: { description: `Accepted; the process ${options.continues} finishes it (Location).`, schema: ref('CommandAnswer') } }
    : options.creates
      ? { 201: { description: 'Done and on disk.', schema: ref('CommandAnswer') } }
      : {};
  return {
    id: name,
    method: 'POST',
    path: `/v1${route}`,
    access: options.roles,
    tag: context.name,
    summary: options.summary,
    ...(options.capabilities && { description: `Capabilities: ${options.capabilities.join(', ')}.` }),
    parameters: [
      ...inPath.map((field) => path(field, commandFields(type).get(field)?.description ?? field, uuid)),
      ...commandHeaderParameters,
      ...(options.continues ? [header('Prefer', '`wait=n` waits up to n seconds (60 at most) for the process.')] : []),
    ],
    body: { description: options.summary, schema: body },
    answers: { ...answers, 200: { description: 'Done and on disk, or nothing to change.', schema: ref('CommandAnswer') } },
    command,
  };
}

function viewEndpoints(view: AnyView): readonly Endpoint[] {
  const { name, description, roles } = view;
  const tag = 'views';
  return [
    {
      id: `query-${name}`,
      method: 'GET',
      path: `/v1/views/${name}`,
      access: roles,
      tag,
      summary: description,
      description: 'With `group`, the number of documents and the sums of each group instead of the documents.',
      parameters: viewParameters(view),
      answers: { 200: { description: 'Documents, or groups.', schema: { oneOf: [ref(`${name}.list`), ref('Groups')] } } },
      view,
    },
    {
      id: `get-${name}`,
      method: 'GET',
      path: `/v1/views/${name}/:key`,
      access: roles,
      tag,
      summary: `One document of ${name}.`,
      parameters: [path('key', 'Key of the document.'), ...viewParameters(view, 'document')],
      answers: { 200: { description: 'The document.', schema: ref(`${name}.one`) } },
      view,
    },
  ];
}

const factParameters: readonly Parameter[] = [
  query('stream', 'Facts of this stream.'),
  query('type', 'Facts of these types, separated by commas.'),
  query('from', 'Facts that occurred at or after this moment or day (UTC).'),
  query('to', 'Facts that occurred at or before this moment, or on or before this day (UTC).'),
  query('after', 'Facts recorded after this position.'),
  limit(100, 10_000),
];

const readers: readonly Role[] = ['analyst', 'auditor'];

const fixedEndpoints: readonly Endpoint[] = [
  {
    id: 'send-commands',
    method: 'POST',
    path: '/v1/commands',
    access: 'caller',
    tag: 'commands',
    summary: 'Send many commands, one a line.',
    description:
      'Each line is a command of its own with its own key and status; lines of one stream take effect in order, others side by side. Not atomic. ' +
      'A bad line is answered for itself. Read the answers while you send: the server reads on only as they are taken. Each line is at most 1 MiB.',
    body: { description: 'One CommandLine a line.', schema: ref('CommandLine'), type: 'application/x-ndjson' },
    answers: {
      200: {
        description: 'One LineAnswer a line, in the order in which the commands end.',
        schema: ref('LineAnswer'),
        type: 'application/x-ndjson',
      },
    },
  },
  {
    id: 'list-views',
    method: 'GET',
    path: '/v1/views',
    access: 'caller',
    tag: 'views',
    summary: 'The views that the caller may read.',
    answers: { 200: { description: 'Views with their filters.', schema: ref('Views') } },
  },
  {
    id: 'get-process',
    method: 'GET',
    path: '/v1/processes/:id',
    access: 'caller',
    tag: 'processes',
    summary: 'How far a process is.',
    parameters: [path('id', 'Id of the process, from the Location of an answer.', uuid)],
    answers: { 200: { description: 'Its steps and their outcomes.', schema: ref('Process') } },
  },
  {
    id: 'list-topics',
    method: 'GET',
    path: '/v1/topics',
    access: ['consumer', ...readers],
    tag: 'topics',
    summary: 'The topics and the public facts in each.',
    answers: { 200: { description: 'Topics.', schema: ref('Topics') } },
  },
  {
    id: 'read-topic',
    method: 'GET',
    path: '/v1/topics/:aggregate',
    access: ['consumer', ...readers],
    tag: 'topics',
    summary: 'Public facts of an aggregate as CloudEvents, in the order of the log.',
    description:
      'With `Accept: text/event-stream` an endless stream of server-sent events; it goes on after `Last-Event-ID`. ' +
      'An event may come again: (subject, annalsrevision) recognises it. Personal fields are sealed.',
    parameters: [
      path('aggregate', 'Name of the topic.'),
      query('after', 'Facts after this position; from the first on if left out.'),
      limit(100, 1000),
      header('Last-Event-ID', 'Position of the last event that was handled.'),
    ],
    answers: {
      200: { description: 'A page of events.', schema: ref('CloudEvents'), also: { 'text/event-stream': { type: 'string' } } },
    },
  },
  {
    id: 'replay-facts',
    method: 'GET',
    path: '/v1/facts',
    access: readers,
    tag: 'facts',
    summary: 'Facts as they were recorded, in the order of the log.',
    description:
      'With `Accept: application/x-ndjson` all facts up to the head, one a line, unless `limit` says less. Personal fields are sealed.',
    parameters: factParameters,
    answers: { 200: { description: 'A page of facts.', schema: ref('Facts'), also: { 'application/x-ndjson': ref('Fact') } } },
  },
  {
    id: 'whoami',
    method: 'GET',
    path: '/v1/whoami',
    access: 'caller',
    tag: 'access',
    summary: 'Whom the token stands for.',
    answers: { 200: { description: 'Tenant, actor and roles.', schema: ref('Caller') } },
  },
  {
    id: 'issue-token',
    method: 'POST',
    path: '/v1/admin/tokens',
    access: ['admin'],
    tag: 'access',
    summary: 'Issue a token; its secret is in the answer and nowhere else.',
    body: { description: 'What the token is for and what it may do.', schema: tokenBody.schema },
    answers: { 201: { description: 'The token.', schema: ref('IssuedToken') } },
  },
  {
    id: 'list-generations',
    method: 'GET',
    path: '/v1/admin/views',
    access: ['operator'],
    tag: 'operations',
    summary: 'Every built form of every view, with its position and its parked facts.',
    answers: { 200: { description: 'Built forms.', schema: ref('Generations') } },
  },
  {
    id: 'rebuild-view',
    method: 'POST',
    path: '/v1/admin/views/:view/rebuild',
    access: ['operator'],
    tag: 'operations',
    summary: 'Build a view anew beside the live one, compare, switch.',
    parameters: [
      path('view', 'Name of the view.'),
      query('switch', '`false`: compare only.', { type: 'string', enum: ['true', 'false'] }),
    ],
    answers: {
      200: { description: 'Progress, one line a report.', schema: ref('RebuildProgress'), type: 'application/x-ndjson' },
    },
  },
  {
    id: 'list-parked',
    method: 'GET',
    path: '/v1/admin/parked',
    access: ['operator'],
    tag: 'operations',
    summary: 'Facts that a view could not fold, and those that wait behind them.',
    parameters: [query('view', 'Of this view only.')],
    answers: { 200: { description: 'Parked facts.', schema: ref('Parked') } },
  },
  {
    id: 'release-parked',
    method: 'POST',
    path: '/v1/admin/parked/release',
    access: ['operator'],
    tag: 'operations',
    summary: 'Fold the parked facts of a key again, in order.',
    body: { description: 'Which key.', schema: releaseBody.schema },
    answers: { 200: { description: 'How many were folded.', schema: ref('Released') } },
  },
  {
    id: 'backup',
    method: 'POST',
    path: '/v1/admin/backup',
    access: ['operator'],
    tag: 'operations',
    summary: 'Copy log and views to one folder of the server, keys to another, while it runs.',
    body: { description: 'Where to.', schema: backupBody.schema },
    answers: { 201: { description: 'What was copied.', schema: ref('Backup') } },
  },
  {
    id: 'live',
    method: 'GET',
    path: '/health/live',
    access: 'open',
    tag: 'health',
    summary: 'Whether the process answers.',
    answers: { 200: { description: 'It does.', schema: ref('Live') } },
  },
  {
    id: 'ready',
    method: 'GET',
    path: '/health/ready',
    access: 'open',
    tag: 'health',
    summary: 'Whether it takes work and its readers keep up; 503 otherwise.',
    description: 'Details go to callers on the same machine and to tokens with the role `operator` or `auditor`.',
    answers: {
      200: { description: 'It does.', schema: ref('Ready') },
      503: { description: 'It does not.', schema: ref('Ready') },
    },
  },
  {
    id: 'metrics',
    method: 'GET',
    path: '/metrics',
    access: 'open',
    tag: 'health',
    summary: 'Metrics in the format of Prometheus.',
    description: 'For callers on the same machine; for others with the role `operator` or `auditor`.',
    answers: { 200: { description: 'Metrics.', type: 'text/plain' } },
  },
  {
    id: 'openapi',
    method: 'GET',
    path: '/openapi.json',
    access: 'open',
    tag: 'documentation',
    summary: 'This document.',
    answers: { 200: { description: 'OpenAPI 3.1.', schema: { type: 'object' } } },
  },
  {
    id: 'docs',
    method: 'GET',
    path: '/docs',
    access: 'open',
    tag: 'documentation',
    summary: 'This document for people.',
    answers: { 200: { description: 'A page.', type: 'text/html' } },
  },
];
