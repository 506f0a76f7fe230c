import { DRY_RUN_LINES, dryRunHeader, type Endpoint, inPath, uuid } from '../endpoint.js';
import { ref } from '../schemas/index.js';

/** Many commands at once, and what callers find out before and after they send one. */
export const commandEndpoints: readonly Endpoint[] = [
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
      'Key, revision, business time and on whose behalf are members of the line; the headers that say so for a single command are refused. ' +
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
    access: 'token',
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
];
