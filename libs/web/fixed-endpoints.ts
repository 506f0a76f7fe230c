import type { Role } from '#kernel';
import { backupBody, releaseBody, releaseProcessBody, tokenBody } from './admin-commands.js';
import { DRY_RUN_LINES, dryRunHeader, type Endpoint, inHeader, inPath, inQuery, type Parameter, uuid } from './endpoint.js';
import { ref } from './schemas.js';

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

/** The routes that every system has. */
export const fixedEndpoints: readonly Endpoint[] = [
  {
    id: 'send-commands',
    trafficClass: 'bulk',
    method: 'POST',
    path: '/v1/commands',
    access: 'caller',
    tag: 'commands',
    summary: 'Send many commands, one a line.',
    description:
      'Each line is a command of its own with its own key and status; lines of one stream take effect in order, others side by side. Not atomic. ' +
      'A bad line is answered for itself. Read the answers while you send: the server reads on only as they are taken. Each line is at most 1 MiB.',
    parameters: [
      dryRunHeader(
        '`true`: answer for each line what its command would record on what is there now, whatever the lines before it would do, or why it would be refused; record nothing.',
      ),
    ],
    body: { description: 'One CommandLine a line.', schema: ref('CommandLine'), type: 'application/x-ndjson' },
    answers: {
      200: {
        description: 'One LineAnswer a line, in the order in which the commands end.',
        schema: ref('LineAnswer'),
        type: 'application/x-ndjson',
        also: { [DRY_RUN_LINES]: ref('DryRunLine') },
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
    parameters: [inPath('id', 'Id of the process, from the Location of an answer.', uuid)],
    problems: [404],
    answers: { 200: { description: 'Its steps and their outcomes.', schema: ref('Process') } },
  },
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
      'An event may come again: (subject, annalsrevision) recognises it. Personal fields are sealed.',
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
    id: 'whoami',
    method: 'GET',
    path: '/v1/whoami',
    access: 'caller',
    tag: 'access',
    summary: 'Whom the token stands for.',
    answers: { 200: { description: 'Tenant, actor and roles.', schema: ref('Caller') } },
  },
  {
    id: 'get-clock',
    method: 'GET',
    path: '/v1/clock',
    access: 'caller',
    tag: 'system',
    summary: 'What time it is for the tenant.',
    description:
      'A sandbox has a clock of its own: `POST /v1/clock` sets it forward, and `settled` says when all that is due by then has happened.',
    answers: { 200: { description: 'The clock.', schema: ref('Clock') } },
  },
  {
    id: 'issue-token',
    method: 'POST',
    path: '/v1/admin/tokens',
    access: ['admin'],
    tag: 'access',
    summary: 'Issue a token; its secret is in the answer and nowhere else.',
    description:
      'No token holds two of `operator`, `privacy`, `auditor`, nor do those of one `holder` (422 `duties-apart`). A token with one of them names its `holder` (422 `holder-needed`).',
    parameters: [
      inHeader(
        'Idempotency-Key',
        'Makes one token however often it is sent. The secret is not kept: the second time is answered 409 with the id.',
        {
          type: 'string',
          minLength: 1,
          maxLength: 255,
        },
      ),
    ],
    body: { description: 'What the token is for and what it may do.', schema: tokenBody.schema },
    problems: [409, 422],
    answers: { 201: { description: 'The token.', schema: ref('IssuedToken') } },
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
    trafficClass: 'bulk',
    method: 'POST',
    path: '/v1/admin/views/:view/rebuild',
    access: ['operator'],
    tag: 'operations',
    summary: 'Build a view anew beside the live one, compare, switch.',
    parameters: [
      inPath('view', 'Name of the view.'),
      inQuery('switch', '`false`: compare only.', { type: 'string', enum: ['true', 'false'] }),
    ],
    problems: [404, 409],
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
    summary: 'Facts that a view could not fold or a process could not take, and those that wait behind them.',
    parameters: [inQuery('view', 'Of this view only.')],
    problems: [404],
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
    problems: [404, 409],
    answers: { 200: { description: 'How many were folded.', schema: ref('Released') } },
  },
  {
    id: 'release-process',
    method: 'POST',
    path: '/v1/admin/processes/release',
    access: ['operator'],
    tag: 'operations',
    summary: 'Give a process the parked facts of a stream again, in order.',
    description: 'It is also tried every minute and at each start.',
    body: { description: 'Which process and stream.', schema: releaseProcessBody.schema },
    problems: [404],
    answers: { 200: { description: 'How many were taken.', schema: ref('Released') } },
  },
  {
    id: 'backup',
    trafficClass: 'bulk',
    method: 'POST',
    path: '/v1/admin/backup',
    access: ['operator'],
    tag: 'operations',
    summary:
      'Copy the log and the state of processes to one folder of the server, the keys to another, while it runs. Views are built anew.',
    body: { description: 'Where to.', schema: backupBody.schema },
    problems: [422],
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
    summary: 'Whether it takes commands and answers queries; 503 while the log is away, and when it stops.',
    description:
      'Readers that lag, stand still or have parked facts are listed and change nothing about that. Details go to callers on the same machine and to tokens with the role `operator` or `auditor`.',
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
    id: 'asyncapi',
    method: 'GET',
    path: '/asyncapi.json',
    access: 'open',
    tag: 'documentation',
    summary: 'The topics and their events.',
    description: 'Addresses of brokers are told to callers on the same machine and to tokens that may read topics.',
    answers: { 200: { description: 'AsyncAPI 3.0.', schema: { type: 'object' } } },
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
