import type { JsonSchema } from '#runtime/commands/validation';
import { choice, list, moment, object, text, whole } from './words.js';

const viewInfo = object({
  view: text('Its name.'),
  description: text('What it shows.'),
  version: whole('Version of its definition.'),
  filters: list({ type: 'string' }, 'Fields to filter, sort and group by.'),
  sums: list({ type: 'string' }, 'Fields that groups add up.'),
  address: text('Where to read it.'),
});

const generation = object(
  {
    view: text('Name of the view.'),
    version: whole('Version of its definition.'),
    definition: text('Hash of its definition.'),
    state: choice(['live', 'building', 'old'], 'Queries are answered from the live one.'),
    position: text('Facts up to here are in.'),
    parked: whole('Facts that it parked.'),
  },
  ['view', 'version', 'definition', 'state', 'parked'],
);

const progress = object(
  {
    view: text('Name of the view.'),
    facts: whole('Facts folded so far.'),
    position: text('Facts up to here are in.'),
    factsPerSecond: { type: 'number', description: 'Facts folded in a second.' },
    secondsLeft: { type: 'number', description: 'Seconds left, once they can be told.' },
    state: choice(
      ['reading', 'comparing', 'switched', 'identical', 'differs', 'refused'],
      'How far it is; the last three and switched end it.',
    ),
    documents: whole('Documents compared.'),
    differing: whole('Documents that differ.'),
    parked: whole('Facts that the new one parked.'),
  },
  ['view', 'facts', 'position', 'factsPerSecond', 'state'],
);

const parked = object(
  {
    view: text('Name of the view.'),
    tenant: text('Tenant.'),
    key: text('Key of the document.'),
    position: text('Place of the fact in the log.'),
    stream: text('Its stream.'),
    type: text('Its type.'),
    error: text('Why; only the first of a key has it.'),
  },
  ['view', 'tenant', 'key', 'position', 'stream', 'type'],
);

const parkedStream = object({
  process: text('Name of the process.'),
  tenant: text('Tenant.'),
  stream: text('Its facts wait.'),
  position: text('Place of the fact that could not be taken.'),
  facts: whole('Facts that wait.'),
  error: text('Class or code of what was thrown.'),
});

const meta: Readonly<Record<string, JsonSchema>> = {
  view: text('Name of the view.'),
  version: whole('Version of its definition.'),
  definition: text('Hash of its definition.'),
  position: text('Facts up to here are in; `position` repeats the answer.'),
  asOf: moment('Facts that occurred later are left out.'),
  knownAt: moment('Facts that were recorded later are left out.'),
};
const metaRequired = ['view', 'version', 'definition', 'position'];
/** What every answer of a view says of itself. */
export const withMeta = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema =>
  object({ ...meta, ...properties }, [...metaRequired, ...required]);

/** Views and how they are built. */
export const viewSchemas: Readonly<Record<string, JsonSchema>> = {
  Views: object({ views: list(viewInfo) }),
  Groups: withMeta({ groups: list({ type: 'object' }, 'The grouping fields, `count`, and each sum with its `currency`.') }, [
    'groups',
  ]),
  Generations: object({ generations: list(generation) }),
  RebuildProgress: progress,
  Parked: object({ parked: list(parked), processes: list(parkedStream, 'Streams of which a process could not take a fact.') }),
  Released: object({ released: whole('Facts folded.'), error: text('Why it stopped.') }, ['released']),
};
