import { type CommandField, commandFields } from '#kernel';
import type { RegisteredCommand, Registry } from '#runtime/registry';
import { commandSchema } from '../command-schema.js';
import { anchor, code, codes, page, sentence, table } from '../markdown.js';
import { besides, codesIn, reachOf, type Source } from '../refusals.js';
import { fieldsOf, typeText } from '../schema-text.js';

/** Every command: where to send it, who may, what it takes, what comes of it. */
export function commandsPage(registry: Registry, sources: readonly Source[]): string {
  const contexts = registry.contexts.map(({ name, description }) => {
    const own = [...registry.commands.values()].filter(({ context }) => context.name === name);
    const outside = own.filter(({ options }) => options.route !== undefined);
    const inside = own.filter(({ options }) => options.route === undefined);
    return [
      `## ${name}`,
      description,
      ...outside.map((command) => commandPart(command, sources)),
      ...(inside.length === 0
        ? []
        : ['### Sent by processes and the runtime only', INSIDE, ...inside.map((command) => commandPart(command, sources))]),
    ].join('\n\n');
  });
  return page('Commands', 'the command classes', INTRODUCTION, overview(registry), ...contexts);
}

const INTRODUCTION = `A command is sent as \`POST /v1<route>\` with a JSON body; fields that are in the route may be left out of the body. What
every command answers, and the headers it takes, is in [HTTP](http.md). A refusal by a rule of the domain is a problem of status 422
with one of the codes named here; all codes are in [problems](problems.md). A field marked *personal* is sealed under the key of the
person it is about before it is stored. A field marked *assigned* is filled in where the sender leaves it out. A moment
may be written with any offset and fraction (RFC 3339); it is turned into UTC with milliseconds.`;

const INSIDE = `Nobody can send these from outside; they are here because facts say which command they came from. Where one has no types, the
runtime makes its fields itself and nothing checks them.`;

function overview(registry: Registry): string {
  const rows = [...registry.commands.values()]
    .filter(({ options }) => options.route !== undefined)
    .map(({ name, options, context }) => [
      context.name,
      `[${name}](#${anchor(name)})`,
      code(`${options.route}`),
      (options.roles ?? []).join(', '),
    ]);
  return table(['context', 'command', 'route', 'roles'], rows);
}

function commandPart({ name, type, options, aggregate }: RegisteredCommand, sources: readonly Source[]): string {
  const home = sources.find(({ text }) => new RegExp(`^export class ${name}\\b`, 'm').test(text));
  const reach = reachOf(String(aggregate.decide[name]), home ? besides(home, sources) : [], sources);
  const leadsTo = Object.keys(aggregate.facts).filter((fact) => new RegExp(`\\b${fact}\\(`).test(reach));
  const refusals = [...codesIn(reach), ...(aggregate.reserve?.[name] ? ['identifier-taken'] : [])].sort();
  const about = [
    options.route === undefined ? '' : `- Route: ${code(options.route)}`,
    options.route === undefined ? '' : `- Roles: ${(options.roles ?? []).join(', ')}`,
    `- Stream: ${code(`${aggregate.name}-<tenant>.<${aggregate.id}>`)}${options.creates ? ', which it starts' : ''}`,
    options.continues
      ? `- Finished by the process [${options.continues}](processes.md#${anchor(options.continues)}): answered 202`
      : '',
    leadsTo.length > 0 ? `- May record: ${leadsTo.map((fact) => `[${fact}](facts.md#${anchor(fact)})`).join(', ')}` : '',
    refusals.length > 0 ? `- May be refused with: ${refusals.map((one) => `[${one}](problems.md#${one})`).join(', ')}` : '',
    options.capabilities?.length ? `- Serves: ${options.capabilities.join(', ')}` : '',
  ];
  const declared = commandFields(type);
  const rows = fieldsOf(commandSchema({ type, aggregate, options })).map(({ path, required, schema }) => {
    const field: Partial<CommandField> = declared.get(path) ?? {};
    const notes = [required ? 'required' : '', field.personal ? 'personal' : '', field.assigned ? 'assigned' : '']
      .filter(Boolean)
      .join(', ');
    const unit = schema['x-unit'];
    return [
      code(path),
      `${typeText(schema)}${unit ? `; unit: ${unit}` : ''}`,
      notes,
      sentence(schema.description ?? ''),
      exampleOf(schema.examples),
    ];
  });
  const unchecked = rows.every(([, kind]) => kind === '');
  const fields = unchecked
    ? table(
        ['field', 'meaning'],
        rows.map(([field = '', , , meaning = '']) => [field, meaning]),
      )
    : table(['field', 'type', '', 'meaning', 'example'], rows);
  return [`### ${name}`, sentence(options.summary).replace(/[^.]$/, '$&.'), about.filter(Boolean).join('\n'), fields]
    .filter(Boolean)
    .join('\n\n');
}

const exampleOf = (examples: readonly unknown[] | undefined) =>
  examples?.[0] === undefined ? '' : codes([JSON.stringify(examples[0])]);
