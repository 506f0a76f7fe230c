import type { AnyAggregate, AnyFactType } from '#kernel';
import type { Registry } from '#runtime/registry';
import { anchor, code, page, sentence, table } from '../markdown.js';
import { fieldsOf, type Schema, typeText } from '../schema-text.js';

/** Every fact: what it says, its fields, whose they are and what keeps them. */
export function factsPage(registry: Registry): string {
  const contexts = registry.contexts.map(({ name, aggregates = [] }) =>
    [`## ${name}`, ...aggregates.flatMap((aggregate) => aggregatePart(aggregate, registry))].join('\n\n'),
  );
  const anywhere = [...registry.facts.values()].filter(({ type }) => !registry.aggregateOfFact.has(type));
  const rest =
    anywhere.length === 0 ? '' : ['## On any stream', ...anywhere.map((fact) => factPart(fact, registry))].join('\n\n');
  return page('Facts', 'the fact definitions', INTRODUCTION, ...contexts, rest);
}

const INTRODUCTION = `A fact says what happened. Who, when and where are in its envelope, which is the same for all: see
[HTTP](http.md#facts-and-topics). *Public* facts go to topics; *internal* ones do not. A *personal* field is stored sealed, as \`{ "$sealed": "…" }\`, under the key
of the person whom the named field holds; its retention class says what keeps it. The schema of each version is a file of its own in
[facts/](facts/), with a sample that must stay readable in [facts/samples/](facts/samples/).`;

function aggregatePart(aggregate: AnyAggregate, registry: Registry): readonly string[] {
  return [
    `### Stream ${code(`${aggregate.name}-<tenant>.<${aggregate.id}>`)}`,
    sentence(aggregate.description),
    ...(Object.values(aggregate.facts) as AnyFactType[]).map((fact) => factPart(fact, registry)),
  ];
}

function factPart(
  { type, description, schema, version, visibility, correction, yields, erases, releases, personal }: AnyFactType,
  registry: Registry,
): string {
  const views = [...registry.views.values()].filter(({ facts }) => Object.hasOwn(facts, type)).map(({ name }) => name);
  const processes = [...registry.processes.values()].filter(({ facts }) => Object.hasOwn(facts, type)).map(({ name }) => name);
  const about = [
    `- ${sentence(visibility)}, [version ${version}](facts/${type}.v${version}.json)`,
    correction ? '- A correction: its business time may be before that of the fact before it' : '',
    yields ? '- Yields to late entries: the fact behind it may have happened before it' : '',
    erases ? `- Destroys the keys of the persons in ${code(erases)}` : '',
    releases ? `- Gives up the reservation in ${code(releases)}` : '',
    views.length > 0 ? `- Read by the views ${views.map((view) => `[${view}](views.md#${anchor(view)})`).join(', ')}` : '',
    processes.length > 0
      ? `- Starts the processes ${processes.map((one) => `[${one}](processes.md#${anchor(one)})`).join(', ')}`
      : '',
  ];
  const rows = fieldsOf(schema as Schema).map(({ path, required, schema: field }) => {
    const sealed = personal[path];
    const whose = sealed ? `personal: person ${code(sealed.person)}, retention ${sealed.retention}` : '';
    return [
      code(path),
      typeText(field),
      [required ? 'always there' : '', whose].filter(Boolean).join('; '),
      sentence(field.description ?? ''),
    ];
  });
  return [
    `#### ${type}`,
    sentence(description),
    about.filter(Boolean).join('\n'),
    table(['field', 'type', '', 'meaning'], rows),
  ].join('\n\n');
}
