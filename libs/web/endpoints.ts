import { type AnyView, commandFields } from '#kernel';
import { compileCommand, type JsonSchema } from '#runtime/commands/validation';
import type { RegisteredCommand, Registry } from '#runtime/registry';
import {
  type Content,
  DRY_RUN,
  dryRunHeader,
  type Endpoint,
  inHeader,
  inPath,
  moment,
  type Parameter,
  uuid,
} from './endpoint.js';
import { fixedEndpoints } from './fixed-endpoints/index.js';
import { ref } from './schemas/index.js';
import { viewParameters } from './view-parameters.js';

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

const idempotencyKey = inHeader(
  'Idempotency-Key',
  'Names the command among those of its caller about the same thing. Sent again with the same body, at any time, it has its effect once and ' +
    'gets the same answer; with another body or command it is refused (422 `key-reused`). About another thing the same key is another command.',
  {
    type: 'string',
    minLength: 1,
    maxLength: 255,
  },
);
const commandHeaderParameters: readonly Parameter[] = [
  idempotencyKey,
  inHeader('If-Match', 'The revision that the thing must have, as the ETag of an answer gives it: `"7"`. Otherwise 412.'),
  inHeader(
    'Annals-Occurred-At',
    'When it happened in the business; needs the role `backdate` or `importer`. Of a repetition it is ignored.',
    moment,
  ),
  inHeader('Annals-On-Behalf-Of', '`user:`, `service:` or `customer:` and the internal id of whom it is done for.'),
  dryRunHeader('`true`: answer what the command would record, or why it would be refused, and record nothing.'),
  inHeader('traceparent', 'W3C trace context; goes on the facts.'),
];

function commandEndpoint(command: RegisteredCommand): Endpoint {
  const { name, type, options, aggregate, context } = command;
  const route = ROUTE.exec(options.route ?? '')?.[1];
  if (route === undefined) throw new Error(`The route of ${name} must read POST /words/:field, not ${options.route}.`);
  if (!options.roles?.length) throw new Error(`${name} has a route and no roles: nobody could send it.`);
  const { schema } = compileCommand(type, { id: aggregate.id });
  const properties = schema.properties as Readonly<Record<string, JsonSchema>>;
  const fieldsInPath = [...route.matchAll(/:([A-Za-z0-9]+)/g)].map(([, field]) => field as string);
  for (const field of fieldsInPath)
    if (!properties[field]) throw new Error(`The route of ${name} has :${field}, which is not a field of it.`);

  const required = ((schema.required as readonly string[] | undefined) ?? []).filter((field) => !fieldsInPath.includes(field));
  const body = {
    ...schema,
    required,
    properties: Object.fromEntries(Object.entries(properties).filter(([field]) => !fieldsInPath.includes(field))),
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
      ...fieldsInPath.map((field) => inPath(field, commandFields(type).get(field)?.description ?? field, uuid)),
      ...commandHeaderParameters,
      ...(options.continues ? [inHeader('Prefer', '`wait=n` waits up to n seconds (60 at most) for the process.')] : []),
    ],
    body: { description: options.summary, schema: body },
    answers: {
      ...answers,
      200: {
        description: 'Done and on disk, or nothing to change; of a dry run, what it would do.',
        schema: ref('CommandAnswer'),
        also: { [DRY_RUN]: ref('DryRunAnswer') },
      },
    },
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
      parameters: [inPath('key', 'Key of the document.'), ...viewParameters(view, 'document')],
      answers: { 200: { description: 'The document.', schema: ref(`${name}.one`) } },
      view,
    },
  ];
}
