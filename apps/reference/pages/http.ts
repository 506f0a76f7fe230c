import type { Endpoint } from '#web';
import { code, page, table } from '../markdown.js';
import { type Schema, typeText } from '../schema-text.js';

type Parameter = NonNullable<Endpoint['parameters']>[number];

/** The HTTP surface apart from the routes of single commands and views, which have pages of their own. */
export function httpPage(endpoints: readonly Endpoint[]): string {
  const command = endpoints.find(({ command }) => command?.options.continues) ?? endpoints.find(({ command }) => command);
  const list = endpoints.find(({ view, id }) => view && id.startsWith('query-'));
  const fixed = endpoints.filter(({ command, view }) => !command && !view);
  const headers = (command?.parameters ?? []).filter((parameter) => parameter.in === 'header');
  const filters = new Set((list?.view?.filters ?? []) as readonly string[]);
  const asked = (list?.parameters ?? []).filter(({ name }) => !filters.has(name.replace(/\[.*\]$/, '')));
  return page(
    'HTTP',
    'the routes of the web layer',
    `All routes with their bodies and answers are in [openapi.json](openapi.json); a running server has it at \`/openapi.json\` and, for
people, at \`/docs\`. A caller sends \`Authorization: Bearer <token>\`. Changes within \`/v1\` are additive.
\`HEAD\` is answered wherever \`GET\` is: the same status and headers for the same token, without the body.`,
    '## Commands',
    `\`POST /v1<route>\` sends one command, see [commands](commands.md); \`POST /v1/commands\` sends many, one a line. Headers:`,
    parameterTable(headers),
    `The answer names the stream, its revision (also as \`ETag\`) and the position of the last fact (also as \`Annals-Position\`). 201: created.
200: done, or nothing to change. 202: accepted, a process finishes it (\`Location\`). Refusals: [problems](problems.md).`,
    '## Views',
    `\`GET /v1/views/<view>\` lists documents, or groups with \`group=\`; \`GET /v1/views/<view>/<key>\` gives one. Fields that a view may be
filtered by are in [views](views.md): \`field=value\`, \`field[ne]\`, \`field[in]\`, \`field[empty]\`, and for numbers and moments \`field[lt]\`,
\`field[lte]\`, \`field[gt]\`, \`field[gte]\`. Different filters must all hold. A field given several times means any of the values
(\`phase=OFFER&phase=WON\` is \`phase[in]=OFFER,WON\`), \`field[ne]\` given several times none of them. A value that no document can have
is refused (400) and told what is allowed; an empty one too: \`field[empty]=true\` finds those without a value. Beside the filters:`,
    parameterTable(asked.map(general)),
    `Every answer names the view, its version, its definition hash and the position up to which facts are in.`,
    '## Facts and topics',
    ENVELOPE,
    '## All other routes',
    ...fixed.map(endpointPart),
  );
}

/** Parameters of one view stand here for those of all: what differs is in the pages of the views. */
const general = (parameter: Parameter): Parameter =>
  parameter.name === 'sort'
    ? {
        ...parameter,
        description: 'A field, with `-` before it for descending. The key breaks ties.',
        schema: { type: 'string' },
      }
    : parameter.name === 'sum'
      ? { ...parameter, description: 'Fields to add up in each group, separated by commas.' }
      : parameter;

const parameterTable = (parameters: readonly Parameter[]) =>
  table(
    ['name', 'type', 'meaning'],
    parameters.map(({ name, required, schema, description }) => [
      code(name),
      `${typeText(schema as Schema)}${required ? ', required' : ''}`,
      description,
    ]),
  );

const ANYBODY = { open: 'everybody', token: 'every token', caller: 'every token but those of customers' } as const;

function endpointPart({ method, path, access, summary, description, parameters = [], body, answers }: Endpoint): string {
  const who = typeof access === 'string' ? ANYBODY[access] : `tokens with one of the roles ${access.join(', ')}`;
  const given = Object.entries(answers).map(([status, { description, type = 'application/json', also = {} }]) => {
    const types = [type, ...Object.keys(also)].map(code).join(' or ');
    return `- ${status}: ${description} (${types})`;
  });
  return [
    `### ${code(`${method} ${path}`)}`,
    summary,
    description ?? '',
    `For ${who}.${body ? ` Body: ${body.description} (${code(body.type ?? 'application/json')})` : ''}`,
    parameterTable(parameters),
    given.join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}

const ENVELOPE = `A fact as \`GET /v1/facts\` gives it has an envelope and its \`data\`; the [facts](facts.md) describe the data.

${table(
  ['field', 'meaning'],
  [
    ['`id`', 'UUID that derives from stream, command and index'],
    ['`type`, `schemaVersion`', 'which fact, in which version it was stored'],
    ['`visibility`', '`public` facts are in topics, `internal` ones are not'],
    ['`stream`, `revision`', '`<aggregate>-<tenant>.<id>` and the number in it, from 0'],
    ['`position`', 'text whose byte order is the order of the log'],
    ['`occurredAt`, `recordedAt`', 'when it happened in the business; when it was written down'],
    ['`tenant`, `actor`, `onBehalfOf`', 'whose it is, who caused it, for whom; ids say nothing about a person'],
    ['`commandId`, `correlationId`, `causationId`, `traceparent`', 'which command it came from, and what that came from'],
    ['`refs`', 'ids of what it belongs to: customer, owner, lead, opportunity, order, product'],
    ['`subjects`', 'persons and retention classes whose sealed fields it holds'],
    ['`inputs`', 'streams, with revision, that the decision read beside its own'],
    ['`imported`', 'on imported history only: its cut-over'],
  ],
)}

Topics give public facts as CloudEvents 1.0: \`id\`, \`type\`, \`subject\` (the stream), \`time\` (\`occurredAt\`), \`annalsposition\`,
\`annalsrevision\`, \`annalsrecordedat\`, \`annalsschemaversion\`, \`partitionkey\`, \`correlationid\`, \`causationid\`, \`annalsref<name>\` and
\`data\`.`;
