import { roles } from '#kernel';
import type { JsonSchema } from '#runtime/commands/validation';
import type { Registry } from '#runtime/registry';
import type { Access, Content, Endpoint } from './endpoint.js';
import { endpointsOf } from './endpoints.js';
import { titles } from './problem-json.js';
import { ref, sharedSchemas } from './schemas/index.js';

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: JsonSchema;
  readonly servers: readonly JsonSchema[];
  readonly tags: readonly JsonSchema[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly [kind: string]: unknown };
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly JsonSchema[];
  /** Roles of which the caller needs one. */
  readonly 'x-roles'?: readonly string[];
  readonly parameters?: readonly JsonSchema[];
  readonly requestBody?: JsonSchema;
  readonly responses: Readonly<Record<string, JsonSchema>>;
}

/** The OpenAPI 3.1 document of a system; the same definitions give the same document, byte for byte. Needs no server. */
export function openApiDocument(registry: Registry): OpenApiDocument {
  const endpoints = endpointsOf(registry);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:([A-Za-z0-9]+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Annals', version: '1', description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/', description: 'The server that gave this document.' }],
    tags: tagsOf(endpoints, registry),
    paths,
    components: {
      schemas: sharedSchemas(registry),
      responses: problemResponses,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: `A token of Annals. Roles: ${rolesText}.` } },
    },
  };
}

const rolesText = Object.entries(roles)
  .map(([role, says]) => `\`${role}\` ${says}`)
  .join('; ');

const description =
  'Commands are answered when their facts are on disk. Refusals are `application/problem+json`. ' +
  'Within `/v1` changes are additive: take fields that you do not know as they come.';

const fixedTags: Readonly<Record<string, string>> = {
  commands: 'Many commands in one request.',
  views: 'What was, is, or was known, as documents, lists and groups.',
  processes: 'What spans several things and takes a while.',
  topics: 'Public facts for other systems.',
  facts: 'The log, replayed.',
  access: 'Tokens and whom they stand for.',
  operations: 'Rebuild, parked facts, backup.',
  health: 'Is it alive, does it keep up.',
  documentation: 'This document.',
};

function tagsOf(endpoints: readonly Endpoint[], { contexts }: Registry): readonly JsonSchema[] {
  const used = new Set(endpoints.map(({ tag }) => tag));
  return [...used].map((name) => ({
    name,
    description: fixedTags[name] ?? contexts.find((context) => context.name === name)?.description ?? name,
  }));
}

function operationOf({
  id,
  tag,
  summary,
  description: more,
  access,
  parameters = [],
  body,
  answers,
  problems: own = [],
  command,
  view,
}: Endpoint): Operation {
  const stating = command ? COMMAND_STATES : view ? VIEW_STATES : [];
  const problems = [
    ...(access === 'open' ? [] : [401, ...(access === 'token' ? [] : [403]), 429]),
    ...(body || parameters.length > 0 ? [400] : []),
    ...(parameters.some((parameter) => parameter.in === 'path') ? [414] : []),
    ...stating,
    ...own,
    503,
  ];
  const responses: Record<string, JsonSchema> = {};
  for (const [status, content] of Object.entries(answers))
    responses[status] = {
      description: content.description,
      ...headersOf(Number(status), command ? 'command' : view ? 'view' : undefined),
      ...contentOf(content),
    };
  for (const status of problems) responses[status] ??= { $ref: `#/components/responses/${status}` };
  if (body) for (const status of [408, 413, 415]) responses[status] ??= { $ref: `#/components/responses/${status}` };
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(more !== undefined && { description: more }),
    security: access === 'open' ? [] : [{ token: [] }],
    ...rolesOf(access),
    ...(parameters.length > 0 && {
      parameters: parameters.map(({ required = false, ...parameter }) => ({ ...parameter, required })),
    }),
    ...(body && { requestBody: { description: body.description, required: isRequired(body), ...contentOf(body) } }),
    responses,
  };
}

const COMMAND_STATES = [404, 409, 410, 412, 422];
const VIEW_STATES = [404, 410];

const rolesOf = (access: Access) => (typeof access === 'string' ? {} : { 'x-roles': access });
const isRequired = ({ schema }: Content) =>
  schema === undefined || '$ref' in schema || ((schema.required as readonly string[] | undefined) ?? []).length > 0;

function contentOf({ schema, type = 'application/json', also = {} }: Content): JsonSchema {
  const others = Object.entries(also).map(([name, other]) => [name, { schema: other }]);
  return {
    content: {
      [type]: schema ? { schema, ...exampleOf(schema) } : { schema: { type: 'string' } },
      ...Object.fromEntries(others),
    },
  };
}

/** An example of a body from the examples of its fields, where all that it needs has one. */
function exampleOf(schema: JsonSchema): { example?: unknown } {
  const example = schema.type === 'object' && schema.properties ? sampleOf(schema) : undefined;
  return example === undefined ? {} : { example };
}

function sampleOf(schema: JsonSchema): unknown {
  const {
    examples,
    type,
    format,
    properties = {},
    required = [],
    items,
    minimum = 0,
  } = schema as {
    examples?: readonly unknown[];
    type?: string;
    format?: string;
    properties?: Readonly<Record<string, JsonSchema>>;
    required?: readonly string[];
    items?: JsonSchema;
    minimum?: number;
    enum?: readonly unknown[];
  };
  if (examples?.[0] !== undefined) return examples[0];
  const [choice] = (schema.enum as readonly unknown[] | undefined) ?? [];
  if (choice !== undefined) return choice;
  if (format === 'uuid') return '0190c2f4-5b1e-7c3a-9d0e-6c1b7f0a2c31';
  if (format === 'date-time') return '2026-01-05T09:00:00.000Z';
  if (type === 'integer' || type === 'number') return Math.max(minimum, 1);
  if (type === 'boolean') return true;
  if (type === 'array' && items) return [sampleOf(items)];
  if (type === 'object') {
    const shown = Object.entries(properties).filter(
      ([name, property]) => required.includes(name) || property.examples !== undefined,
    );
    return Object.fromEntries(shown.map(([name, property]) => [name, sampleOf(property)]));
  }
  return schema.pattern === '^[A-Z]{3}$' ? 'EUR' : 'text';
}

function headersOf(status: number, of: 'command' | 'view' | undefined): JsonSchema {
  if (of === undefined) return {};
  const text = { schema: { type: 'string' } };
  const position = { 'Annals-Position': { description: 'For `minPosition`.', ...text } };
  if (of === 'view') return { headers: { ...position, 'Annals-Age': age } };
  return {
    headers: {
      ETag: { description: "The stream's revision, for If-Match.", ...text },
      ...position,
      ...(status !== 200 && { Location: { description: 'Facts of the thing, or its process.', ...text } }),
    },
  };
}

const age: JsonSchema = {
  description: 'Seconds since the view was last known to have everything; left out while that is a moment ago.',
  schema: { type: 'integer' },
};

const problemTexts: Readonly<Record<number, string>> = {
  400: 'A field, header or parameter is wrong; `errors` has one entry a field.',
  401: 'No token, or one that is unknown, revoked or expired.',
  403: 'The token lacks the role; `roles` names those that would do.',
  404: 'There is no such thing.',
  408: 'The body came too slowly.',
  409: 'The identifier is taken, or the same key is under way.',
  410: 'The person was erased, or the position is of another log.',
  412: 'The revision of If-Match is not the one that the thing has.',
  413: 'The body is too large.',
  414: 'A part of the address is longer than 500 characters.',
  415: 'The body is not of a content type that this route takes.',
  422: 'A rule of the domain says no; the code of `type` is stable. `errors` names the field that would have to be another, where one alone is at fault.',
  429: 'Too many at once; see Retry-After.',
  500: 'The log no longer holds what was recorded: `history-changed`.',
  503: 'Not now. See Retry-After; send a command again with the same key: its outcome may be unknown.',
};

const problemResponses = Object.fromEntries(
  Object.entries(problemTexts).map(([status, text]) => [
    status,
    {
      description: `${titles[Number(status)]}. ${text}`,
      ...(status === '404' ? { headers: { 'Annals-Age': age } } : {}),
      ...(status === '503' || status === '429'
        ? { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } }
        : {}),
      ...(status === '401' ? { headers: { 'WWW-Authenticate': { description: 'Bearer', schema: { type: 'string' } } } } : {}),
      content: { 'application/problem+json': { schema: ref('Problem') } },
    },
  ]),
);
