import type { JsonSchema } from '#runtime/commands/validation';
import { choice, flag, list, moment, object, ref, text, uuid, whole } from './words.js';

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

/** Commands and what they are answered. */
export const commandSchemas: Readonly<Record<string, JsonSchema>> = {
  CommandAnswer: commandAnswer,
  DryRunAnswer: dryRunAnswer,
  CommandLine: line,
  LineAnswer: lineAnswerOf('CommandAnswer'),
  DryRunLine: lineAnswerOf('DryRunAnswer'),
  Process: process,
};
