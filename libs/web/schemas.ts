import { roles } from '#kernel';
import type { JsonSchema } from '#runtime/commands/validation';
import type { Registry } from '#runtime/registry';

/** Values that one request opens. */
export const MOST_VALUES = 500;
/** A word, not a sentence: it stays in the log for good, so it must not be able to name a person. */
export const PURPOSE = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** Schemas that routes share, those of the facts and of the documents of views. */
export function sharedSchemas(registry: Registry): Readonly<Record<string, JsonSchema>> {
  const schemas: Record<string, JsonSchema> = { ...fixed };
  for (const fact of registry.facts.values()) {
    if (fact.visibility === 'public') schemas[`${fact.type}.v${fact.version}`] = { ...plain(fact.schema), title: fact.type };
  }
  for (const { name, document } of registry.views.values()) {
    schemas[name] = presented(plain(document));
    const item = object({ key: text('Key of the document.'), document: ref(name) });
    schemas[`${name}.list`] = withMeta(
      { items: list(item), next: text('Give it as `cursor` for the next page; absent on the last one.') },
      ['items'],
    );
    schemas[`${name}.one`] = withMeta({ key: text('Key of the document.'), document: ref(name) }, ['key', 'document']);
  }
  return schemas;
}

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: 'string', description, ...more });
const whole = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: 'integer', description, ...more });
const flag = (description: string): JsonSchema => ({ type: 'boolean', description });
const choice = (values: readonly string[], description: string): JsonSchema => ({ type: 'string', enum: values, description });
const list = (items: JsonSchema, description?: string): JsonSchema => ({
  type: 'array',
  items,
  ...(description && { description }),
});
const moment = (description: string) => text(description, { format: 'date-time' });
const uuid = (description: string) => text(description, { format: 'uuid' });
const object = (
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema => ({
  type: 'object',
  properties,
  required,
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
const withMeta = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema =>
  object({ ...meta, ...properties }, [...metaRequired, ...required]);

const actor = object({
  kind: choice(['user', 'service', 'process', 'customer'], 'What kind of actor.'),
  id: text('Internal id.'),
});

const problem: JsonSchema = {
  ...object(
    {
      type: text('`/problems/<code>`; the code is stable.', { examples: ['/problems/malformed-request'] }),
      title: text('The type in words; `detail` says what is wrong this time.', { examples: ['Malformed request'] }),
      status: whole('HTTP status.'),
      detail: text('What is wrong and what to do about it.'),
      instance: text('Names the request in the log of the server.'),
      errors: list(object({ field: text('`lines[2].quantity`'), message: text('What to do about it.') }), 'One entry a field.'),
    },
    ['type', 'title', 'status', 'detail'],
  ),
  description: 'RFC 9457',
};

const commandAnswer = object(
  {
    outcome: choice(['created', 'done', 'unchanged', 'accepted'], 'What came of it.'),
    commandId: uuid('Id of the command; the same for the same key.'),
    id: uuid('Id of the thing.'),
    stream: text('Its stream.'),
    revision: whole("The stream's revision after the command."),
    position: text('Give it as `minPosition` in a query to read your own write.'),
    facts: list({ type: 'string' }, 'Types of the facts recorded, in order.'),
    process: uuid('Id of the process that finishes it.'),
  },
  ['outcome', 'commandId', 'id', 'stream', 'revision', 'position', 'facts'],
);

const dryRunAnswer = object({
  dryRun: { const: true },
  outcome: choice(
    ['created', 'done', 'unchanged', 'accepted', 'repeated'],
    'What would come of it; repeated: its key was used before, and it would get the answer of that time.',
  ),
  commandId: uuid('Id of the command; the same for the same key.'),
  id: uuid('Id of the thing.'),
  stream: text('Its stream.'),
  revision: whole("The stream's revision now; -1 if there is none."),
  facts: list(
    object({
      type: text('What would happen.'),
      data: { type: 'object', description: 'Its data; personal fields are marked as sealed.' },
    }),
    'The facts that it would record, in order.',
  ),
});

const fact = object(
  {
    id: uuid('Id of the fact.'),
    type: text('What happened, in the past tense.'),
    schemaVersion: whole('Version of its data.'),
    visibility: choice(['public', 'internal'], 'Public facts go to topics.'),
    stream: text('`<aggregate>-<tenant>.<id>`'),
    revision: whole('Number in its stream, from 0.'),
    position: text('Its place in the log; byte order is log order.'),
    occurredAt: moment('When it happened in the business.'),
    recordedAt: moment('When it was written down.'),
    tenant: text('Tenant.'),
    actor,
    onBehalfOf: actor,
    commandId: uuid('The command that led to it.'),
    correlationId: uuid('What it belongs to.'),
    causationId: uuid('What caused it.'),
    traceparent: text('W3C trace context.'),
    refs: { type: 'object', additionalProperties: { type: 'string' }, description: 'Ids of the things it belongs to.' },
    subjects: list({ type: 'string' }, 'Persons and retention classes whose sealed fields it holds.'),
    inputs: list({ type: 'string' }, 'Reference streams that the decision read, with revisions.'),
    imported: object({ cutOver: moment('Cut-over of the import.'), clock: flag('Whether clock facts occur before it.') }),
    data: { description: 'As stored; personal fields are sealed.' },
  },
  [
    'id',
    'type',
    'schemaVersion',
    'stream',
    'revision',
    'position',
    'occurredAt',
    'recordedAt',
    'tenant',
    'actor',
    'commandId',
    'data',
  ],
);

const cloudEvent = object(
  {
    specversion: { const: '1.0' },
    id: uuid('Id of the fact.'),
    source: text('`/annals/<tenant>/<aggregate>`', { format: 'uri-reference' }),
    type: text('Type of the fact.'),
    subject: text('Its stream.'),
    time: moment('When it happened in the business.'),
    datacontenttype: { const: 'application/json' },
    dataschema: text('`urn:annals:fact:<type>:<version>`', { format: 'uri' }),
    annalsposition: text('Its place in the log.'),
    annalsrevision: whole('Number in its stream: (subject, annalsrevision) recognises a repetition.'),
    annalsrecordedat: moment('When it was written down.'),
    annalsschemaversion: whole('Version of its data.'),
    partitionkey: text('Its stream: events of one key are in order.'),
    correlationid: uuid('What it belongs to.'),
    causationid: uuid('What caused it.'),
    traceparent: text('W3C trace context.'),
    data: { description: 'Data of the fact; personal fields are sealed.' },
  },
  ['specversion', 'id', 'source', 'type', 'subject', 'time', 'data'],
);

const openedValue: JsonSchema = {
  oneOf: [
    object({ value: { description: 'The value in the open.' } }),
    object({ erased: { const: true, description: 'The key was destroyed: nobody can open it any more.' } }),
    object({ invalid: { const: true, description: 'This tenant sealed no such value, or it was changed since.' } }),
  ],
};

const page = (name: string, of: JsonSchema): JsonSchema =>
  object({ [name]: list(of), position: text('Go on after it (`after`).'), atHead: flag('False: more may follow at once.') });

const line = object(
  {
    command: text('Name of the command.', { examples: ['OpenOpportunity'] }),
    key: text('Idempotency key, as the header `Idempotency-Key` of a single command.'),
    payload: { type: 'object', description: 'The fields of the command, those of its address included.' },
    occurredAt: moment('When it happened in the business; needs the role `backdate` or `importer`.'),
    ifRevision: whole('The revision that the stream must have.'),
    onBehalfOf: text('`user:`, `service:` or `customer:` and the internal id of whom it is done for.'),
    imported: object({ cutOver: moment('Where the old history ends.'), clock: flag('Whether clock facts occur before it.') }),
  },
  ['command', 'payload'],
);

const lineAnswerOf = (answer: string) =>
  object(
    {
      line: whole('Number of the line, from 1.'),
      key: text('Its idempotency key.'),
      status: whole('What the single command would have been answered.'),
      answer: ref(answer),
      problem: ref('Problem'),
    },
    ['line', 'status'],
  );

const process = object({
  id: uuid('Id of the process.'),
  process: text('Its name.'),
  status: choice(
    ['RUNNING', 'DONE', 'STOPPED', 'ENDED'],
    'STOPPED: a step was refused; it needs a person. ENDED: one gave it up.',
  ),
  trigger: text('The fact that started it.'),
  steps: list(
    object(
      {
        command: text('Command that it sends.'),
        outcome: choice(['PENDING', 'DONE', 'REFUSED'], 'What came of it.'),
        code: text('Code of the refusal.'),
        stream: text('Stream of the command.'),
      },
      ['command', 'outcome'],
    ),
  ),
});

const reader = object(
  {
    name: text('Name of the reader.'),
    kind: choice(['view', 'process', 'relay'], 'What it is.'),
    position: text('Facts up to here are in.'),
    lagFacts: whole('Facts between it and the head; counted up to 1,000 where positions of the log do not count facts.'),
    lagSeconds: { type: 'number', description: 'For how long it has been behind, in seconds.' },
    stalled: flag('The head moved and it did not.'),
    parked: whole('Facts that it parked.'),
    failure: text('Why it does not get on, as far as its engine says.'),
  },
  ['name', 'kind', 'lagFacts', 'lagSeconds', 'stalled', 'parked'],
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

const viewInfo = object({
  view: text('Its name.'),
  description: text('What it shows.'),
  version: whole('Version of its definition.'),
  filters: list({ type: 'string' }, 'Fields to filter, sort and group by.'),
  sums: list({ type: 'string' }, 'Fields that groups add up.'),
  address: text('Where to read it.'),
});

const fixed: Readonly<Record<string, JsonSchema>> = {
  Problem: problem,
  Sealed: object({ sealed: { const: true, description: 'The caller lacks the role `personal`.' } }),
  Erased: object({ erased: { const: true, description: 'The key of the person is destroyed.' } }),
  CommandAnswer: commandAnswer,
  DryRunAnswer: dryRunAnswer,
  CommandLine: line,
  LineAnswer: lineAnswerOf('CommandAnswer'),
  DryRunLine: lineAnswerOf('DryRunAnswer'),
  Fact: fact,
  Facts: page('facts', ref('Fact')),
  CloudEvent: cloudEvent,
  CloudEvents: page('events', ref('CloudEvent')),
  SealedValues: object(
    {
      values: {
        type: 'array',
        minItems: 1,
        maxItems: MOST_VALUES,
        description: 'Sealed values as they are in the data of an event.',
        items: object({ $sealed: text('Names person, retention class, fact and field, then the cipher.', { minLength: 1 }) }),
      },
      purpose: text('What they are opened for, in lower case letters, digits, - and _; it is recorded.', {
        pattern: PURPOSE.source,
        examples: ['mailing-list'],
      }),
    },
    ['values'],
  ),
  OpenedValues: object({ values: list(openedValue, 'In the order of the request.') }),
  Topics: object({
    topics: list(
      object({
        topic: text('Its name.'),
        description: text('What it is about.'),
        facts: list({ type: 'string' }),
        address: text('Where to read it.'),
        schema: text('Where its JSON Schema is.'),
      }),
    ),
  }),
  Views: object({ views: list(viewInfo) }),
  Groups: withMeta({ groups: list({ type: 'object' }, 'The grouping fields, `count`, and each sum with its `currency`.') }, [
    'groups',
  ]),
  Process: process,
  Caller: object({ tenant: text('Tenant.'), actor, roles: list(choice(Object.keys(roles), 'A role.')) }),
  Clock: object(
    {
      tenant: text('Tenant.'),
      sandbox: flag('Whether it has a clock of its own, which can be set.'),
      now: moment('What time it is for the tenant.'),
      settled: flag('Of a sandbox: all that was due by now has happened. Left out by a server that runs no processes.'),
      imports: list(
        object({ name: text('Name of the import.'), since: moment('When it began.') }),
        'Imports under way: so long what is due by the clock of imported history waits.',
      ),
    },
    ['tenant', 'sandbox', 'now', 'imports'],
  ),
  IssuedToken: object({ tokenId: uuid('Revoke it by this id.'), token: text('The secret; nothing can show it again.') }),
  WebhookSecret: object({ secret: text('In the form of Standard Webhooks: `whsec_` and Base64.') }),
  WebhookState: object(
    {
      id: uuid('Id of the webhook.'),
      status: choice(
        ['ACTIVE', 'PARKED', 'ENDED'],
        'PARKED: somebody has to look at it and resume or replay it, or skip a fact.',
      ),
      position: text('Everything up to here was delivered or is not for it.'),
      failures: whole('Attempts in a row that failed.'),
      lastFailure: text('What the last failed attempt came to, while nothing was delivered since.'),
      deliveredAt: moment('When something was delivered last.'),
      aside: list(
        object({
          stream: text('The stream.'),
          failures: whole('Attempts in a row that failed.'),
          lastFailure: text('What the last attempt came to.'),
          parked: flag('Whether it waits until somebody releases it.'),
        }),
        'Streams whose facts wait while those of others are delivered.',
      ),
    },
    ['id', 'status', 'failures', 'aside'],
  ),
  Generations: object({ generations: list(generation) }),
  RebuildProgress: progress,
  Parked: object({ parked: list(parked), processes: list(parkedStream, 'Streams of which a process could not take a fact.') }),
  Released: object({ released: whole('Facts folded.'), error: text('Why it stopped.') }, ['released']),
  Backup: object({
    files: list(object({ file: text('Its path.'), bytes: whole('Its size in bytes.') })),
    position: text('The log was copied up to here.'),
  }),
  Live: object({ status: { const: 'live' } }),
  Ready: object(
    {
      ready: flag('Whether it takes commands.'),
      head: text('Position of the newest fact; the last one known while the log does not answer.'),
      failure: text('Why no command can be taken.'),
      readers: list(reader),
      webhooks: object({
        parked: whole('Webhooks that deliver nothing until somebody looks at them.'),
        streamsAside: whole('Streams whose facts wait while a delivery is tried on.'),
        streamsParked: whole('Streams whose facts wait until somebody releases them, or skips one.'),
      }),
      version: text('Version of the server.'),
      clock: moment('The time that the server goes by.'),
      disk: object({
        freeBytes: whole('Bytes free for the server where its data folder lies.'),
        sizeBytes: whole('Size of that file system, in bytes.'),
      }),
      lastBackupAt: moment('When the last backup through this server ended.'),
      engines: list(
        object({
          engine: choice(['log', 'views', 'keys'], 'Which store.'),
          reachable: flag('Whether it answers within two seconds.'),
        }),
      ),
    },
    ['ready'],
  ),
};

/** Documents as callers get them: a personal field is there opened, sealed, or erased. */
function presented(schema: JsonSchema): JsonSchema {
  if (schema['x-person'] !== undefined) {
    const { description, 'x-person': person, 'x-retention': retention, ...value } = schema;
    return { description, 'x-person': person, 'x-retention': retention, oneOf: [value, ref('Sealed'), ref('Erased')] };
  }
  return Object.fromEntries(
    Object.entries(schema).map(([name, member]) => [name, Array.isArray(member) ? member.map(within) : within(member)]),
  );
}

const within = (member: unknown): unknown =>
  typeof member === 'object' && member !== null && !Array.isArray(member) ? presented(member as JsonSchema) : member;

/** A typebox schema without the marks that only typebox reads. */
function plain(schema: object): JsonSchema {
  const { $id: _, ...rest } = JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
  return rest;
}
