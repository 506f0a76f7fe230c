import { roles } from '#kernel';
import type { JsonSchema } from '#runtime/commands/validation';
import { actor, choice, flag, list, moment, object, text, uuid, whole } from './words.js';

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

const reader = object(
  {
    name: text('Name of the reader.'),
    kind: choice(['view', 'process', 'relay', 'webhook'], 'What it is; all webhooks are one reader.'),
    position: text('Facts up to here are in.'),
    lagFacts: whole('Facts between it and the head; counted up to 1,000 where positions of the log do not count facts.'),
    lagSeconds: { type: 'number', description: 'For how long it has been behind, in seconds.' },
    stalled: flag('The head moved and it did not.'),
    parked: whole('Facts that it parked.'),
    failure: text('Why it does not get on, as far as its engine says.'),
  },
  ['name', 'kind', 'lagFacts', 'lagSeconds', 'stalled', 'parked'],
);

/** Problems, callers, clocks, and what operators ask for. */
export const operationSchemas: Readonly<Record<string, JsonSchema>> = {
  Problem: problem,
  Sealed: object({ sealed: { const: true, description: 'The caller lacks the role `personal`.' } }),
  Erased: object({ erased: { const: true, description: 'The key of the person is destroyed.' } }),
  Caller: object(
    {
      tenant: text('Tenant.'),
      actor,
      roles: list(choice(Object.keys(roles), 'A role.')),
      customerId: uuid('The customer whose documents alone it may see; left out for all others.'),
    },
    ['tenant', 'actor', 'roles'],
  ),
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
  Backup: object(
    {
      files: list(object({ file: text('Its path.'), bytes: whole('Its size in bytes.') })),
      position: text('The log was copied up to here.'),
      state: {
        const: 'elsewhere',
        description: 'Set where the state of processes is in another engine, whose own tools copy it.',
      },
    },
    ['files', 'position'],
  ),
  Live: object({ status: { const: 'live' } }),
  Ready: object(
    {
      ready: flag('Whether it takes commands.'),
      head: text('Position of the newest fact; the last one known while the log does not answer.'),
      failure: text('Why no command can be taken.'),
      starting: object(
        {
          waitsFor: choice(
            ['log', 'keys', 'state', 'views', 'erasures', 'processes'],
            'What the start waits for, in this order.',
          ),
          percent: whole('Of the log, as far as this step has read it; left out by steps that do not.'),
          seconds: whole('Since the start began.'),
        },
        ['waitsFor', 'seconds'],
      ),
      readers: list(reader),
      webhooks: object({
        parked: whole('Webhooks that deliver nothing until somebody looks at them.'),
        failing: whole('Webhooks whose receiver did not take the fact that is next; it is tried on.'),
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
      backsUp: flag(
        'Whether backups are taken through this server; those of engines that are not embedded are taken with their own tools.',
      ),
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
