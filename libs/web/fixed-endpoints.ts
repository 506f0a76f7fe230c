import type { Role } from '#kernel';
import { backupBody, releaseBody, releaseProcessBody, tokenBody } from './admin-commands.js';
import { type Endpoint, inHeader, inPath, inQuery, type Parameter, uuid } from './endpoint.js';
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

/** The routes that every system has. */
export const fixedEndpoints: readonly Endpoint[] = [
  {
    id: 'send-commands',
    method: 'POST',
    path: '/v1/commands',
    access: 'caller',
    tag: 'commands',
    summary: 'Send many commands, one a line.',
    description:
      'Each line is a command of its own with its own key and status; lines of one stream take effect in order, others side by side. Not atomic. ' +
      'A bad line is answered for itself. Read the answers while you send: the server reads on only as they are taken. Each line is at most 1 MiB.',
    body: { description: 'One CommandLine a line.', schema: ref('CommandLine'), type: 'application/x-ndjson' },
    answers: {
      200: {
        description: 'One LineAnswer a line, in the order in which the commands end.',
        schema: ref('LineAnswer'),
        type: 'application/x-ndjson',
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
    method: 'GET',
    path: '/v1/topics',
    access: ['consumer', ...readers],
    tag: 'topics',
    summary: 'The topics and the public facts in each.',
    answers: { 200: { description: 'Topics.', schema: ref('Topics') } },
  },
  {
    id: 'read-topic',
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
    id: 'replay-facts',
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
    id: 'issue-token',
    method: 'POST',
    path: '/v1/admin/tokens',
    access: ['admin'],
    tag: 'access',
    summary: 'Issue a token; its secret is in the answer and nowhere else.',
    description: 'No token holds two of `operator`, `privacy`, `auditor`, nor do those of one `holder` (422 `duties-apart`).',
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
    summary: 'Whether it takes work and its readers keep up; 503 otherwise.',
    description: 'Details go to callers on the same machine and to tokens with the role `operator` or `auditor`.',
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
    id: 'docs',
    method: 'GET',
    path: '/docs',
    access: 'open',
    tag: 'documentation',
    summary: 'This document for people.',
    answers: { 200: { description: 'A page.', type: 'text/html' } },
  },
];
