import { backupBody, releaseBody, releaseProcessBody, tokenBody } from '../admin-commands.js';
import { type Endpoint, inHeader, inPath, inQuery } from '../endpoint.js';
import { ref } from '../schemas/index.js';

/** Who calls, what time it is, and what operators ask for. */
export const operationEndpoints: readonly Endpoint[] = [
  {
    id: 'whoami',
    method: 'GET',
    path: '/v1/whoami',
    access: 'token',
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
      'Copy the log and the state of processes to one folder of the server, the keys to another, while it runs. Views are built anew. State in another engine is left to its own tools.',
    body: { description: 'Where to.', schema: backupBody.schema },
    problems: [422],
    answers: { 201: { description: 'What was copied.', schema: ref('Backup') } },
  },
];
