import type { JsonSchema } from '#runtime/commands/validation';
import { actor, choice, flag, list, moment, object, ref, text, uuid, whole } from './words.js';

/** Values that one request opens. */
export const MOST_VALUES = 500;
/** A word, not a sentence: it stays in the log for good, so it must not be able to name a person. */
export const PURPOSE = /^[a-z0-9][a-z0-9_-]{0,63}$/;

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

const hash = (description: string) => text(`${description} Base64 of 32 bytes.`);
const head = {
  tenant: text('Tenant.'),
  size: whole('Facts that it covers, from the first one of the tenant on.'),
  root: hash('Root of the Merkle tree over them (RFC 9162, SHA-256).'),
  note: text('The head with its signature, a checkpoint of C2SP (c2sp.org/tlog-checkpoint).'),
  publicKey: text('Verifies the signature, in the form of C2SP (c2sp.org/signed-note). Keep it from the first head on.'),
};
const path = list(hash('A hash.'), 'Hashes that lead to the root, lowest first.');

const page = (name: string, of: JsonSchema): JsonSchema =>
  object({ [name]: list(of), position: text('Go on after it (`after`).'), atHead: flag('False: more may follow at once.') });

/** Facts, the topics that they go to, and webhooks. */
export const factSchemas: Readonly<Record<string, JsonSchema>> = {
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
  SignedHead: object(
    {
      ...head,
      path: {
        ...path,
        description:
          'Of an answer with `since`: hashes that show that the earlier head is a beginning of this one (RFC 9162, 2.1.4).',
      },
    },
    Object.keys(head),
  ),
  FactProof: object({
    ...head,
    index: whole('Number of the fact among those of the tenant, from 0.'),
    leaf: text('What was hashed: canonical JSON (RFC 8785) of the fact as a replay gives it, without its position.'),
    path,
  }),
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
      displaced: {
        ...object({
          from: text('Where they were.'),
          at: moment('Since when what comes is delivered; what was recorded before is not, unless it is replayed.'),
        }),
        description:
          'Until the next replay: the log, restored from an older copy, did not have the position where deliveries were, so they went on with what came next.',
      },
    },
    ['id', 'status', 'failures', 'aside'],
  ),
};
