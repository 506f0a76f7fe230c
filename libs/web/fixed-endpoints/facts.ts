import type { Role } from '#kernel';
import { type Endpoint, inHeader, inPath, inQuery, type Parameter, uuid } from '../endpoint.js';
import { ref } from '../schemas/index.js';

const limit = (fallback: number, most: number) =>
  inQuery('limit', `At most so many; ${fallback} if left out.`, { type: 'integer', minimum: 1, maximum: most });

const factParameters: readonly Parameter[] = [
  inQuery('stream', 'Facts of this stream.'),
  inQuery('type', 'Facts of these types, separated by commas.'),
  inQuery('from', 'Facts that occurred at or after this moment or day (UTC).'),
  inQuery('to', 'Facts that occurred at or before this moment, or on or before this day (UTC).'),
  inQuery('after', 'Facts recorded after this position.'),
  limit(100, 10_000),
];

const readers: readonly Role[] = ['analyst', 'auditor'];

const NO_SUCH_WEBHOOK = {
  description: 'There is no such webhook.',
  schema: ref('Problem'),
  type: 'application/problem+json',
} as const;

/** Facts for those who read them: topics, sealed values, the log, webhooks. */
export const factEndpoints: readonly Endpoint[] = [
  {
    id: 'list-topics',
    trafficClass: 'integration',
    method: 'GET',
    path: '/v1/topics',
    access: ['consumer', ...readers],
    tag: 'topics',
    summary: 'The topics and the public facts in each.',
    answers: { 200: { description: 'Topics.', schema: ref('Topics') } },
  },
  {
    id: 'read-topic',
    trafficClass: 'integration',
    method: 'GET',
    path: '/v1/topics/:aggregate',
    access: ['consumer', ...readers],
    tag: 'topics',
    summary: 'Public facts of an aggregate as CloudEvents, in the order of the log.',
    description:
      'With `Accept: text/event-stream` an endless stream of server-sent events; it goes on after `Last-Event-ID`. ' +
      'An event may come again: (subject, annalsrevision) recognises it. Personal fields are sealed. ' +
      'Imported history from before its cut-over is left out; a page without events goes on at its `position` too.',
    parameters: [
      inPath('aggregate', 'Name of the topic.'),
      inQuery('after', 'Facts after this position; from the first on if left out.'),
      limit(100, 1000),
      inHeader('Last-Event-ID', 'Position of the last event that was handled.'),
    ],
    problems: [404, 410],
    answers: {
      200: { description: 'A page of events.', schema: ref('CloudEvents'), also: { 'text/event-stream': { type: 'string' } } },
    },
  },
  {
    id: 'read-topic-schema',
    method: 'GET',
    path: '/v1/topics/:aggregate/schema',
    access: ['consumer', ...readers],
    tag: 'topics',
    summary: 'JSON Schema of the events of a topic, with that of the data of every version of each fact.',
    parameters: [inPath('aggregate', 'Name of the topic.')],
    problems: [404],
    answers: {
      200: { description: 'JSON Schema 2020-12.', schema: { type: 'object' }, type: 'application/schema+json' },
    },
  },
  {
    id: 'open-values',
    method: 'POST',
    path: '/v1/keys/open',
    access: ['opener'],
    tag: 'topics',
    summary: 'Open sealed values that were read in a topic.',
    description:
      'Each value is answered in its place: `value`, `erased`, or `invalid` for one that this tenant never sealed so. ' +
      'What was opened is recorded before the answer goes out: who, which persons, how many values, what for.',
    body: { description: 'Up to 500 values.', schema: ref('SealedValues') },
    answers: { 200: { description: 'One answer a value, in their order.', schema: ref('OpenedValues') } },
  },
  {
    id: 'replay-facts',
    trafficClass: 'bulk',
    method: 'GET',
    path: '/v1/facts',
    access: readers,
    tag: 'facts',
    summary: 'Facts as they were recorded, in the order of the log.',
    description:
      'With `Accept: application/x-ndjson` all facts up to the head, one a line, unless `limit` says less. Personal fields are sealed.',
    parameters: factParameters,
    problems: [404, 410],
    answers: { 200: { description: 'A page of facts.', schema: ref('Facts'), also: { 'application/x-ndjson': ref('Fact') } } },
  },
  {
    id: 'get-webhook-secret',
    method: 'GET',
    path: '/v1/admin/webhooks/:id/secret',
    access: ['admin'],
    tag: 'topics',
    summary: 'The secret that deliveries to a webhook are signed with.',
    parameters: [inPath('id', 'Id of the webhook.', uuid)],
    answers: { 200: { description: 'The secret.', schema: ref('WebhookSecret') }, 404: NO_SUCH_WEBHOOK },
  },
  {
    id: 'get-webhook-state',
    method: 'GET',
    path: '/v1/admin/webhooks/:id',
    access: ['admin', 'operator', 'auditor'],
    tag: 'topics',
    summary: 'How far the deliveries to a webhook are.',
    parameters: [inPath('id', 'Id of the webhook.', uuid)],
    answers: { 200: { description: 'Its state.', schema: ref('WebhookState') }, 404: NO_SUCH_WEBHOOK },
  },
];
