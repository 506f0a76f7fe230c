import { Command } from 'commander';
import { exitCodes, Failure, usage } from '../client/problems.js';
import { cellsOf, table } from '../output/table.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { connected, examples, type ServerFlags, withServer } from './shared.js';

type Parked = Readonly<Record<string, unknown>>;

/** `annals parked`: facts that a view (by key) or a process (by stream) could not take, and their release. */
export function parkedCommand(terminal: Terminal): Command {
  const parked = new Command('parked')
    .description(
      'Facts that a view or a process could not take. They wait, with those that follow for the same key or in the same stream; all others go on.',
    )
    .addHelpText(
      'after',
      examples('annals parked list', 'annals parked release --view pipeline --key 8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10'),
    );

  parked.addCommand(
    withServer(new Command('list').description('List them.').option('--view <view>', 'only of this view'))
      .addHelpText('after', examples('annals parked list', 'annals parked list --view pipeline --json'))
      .action((flags: ServerFlags & { readonly view?: string }) =>
        connected(terminal, flags, async ({ client }) => {
          const answer = await client.get<{ readonly parked: readonly Parked[]; readonly processes?: readonly Parked[] }>(
            '/v1/admin/parked',
            { view: flags.view },
          );
          if (flags.json) return printJson(terminal, answer);
          const tables = [answer.parked, answer.processes ?? []].filter((some) => some.length > 0);
          printText(
            terminal,
            tables.length === 0 ? 'None.' : tables.map((some) => table(some.map((one) => cellsOf(one)))).join('\n\n'),
          );
        }),
      ),
  );

  parked.addCommand(
    withServer(
      new Command('release').description(
        'Take the parked facts of a key of a view, or of a stream of a process, again, in order, after the cause was repaired.',
      ),
    )
      .option('--view <view>', 'the view')
      .option('--key <key>', 'the key of the view, as the list shows it')
      .option('--process <process>', 'the process')
      .option('--stream <stream>', 'the stream of the process, as the list shows it')
      .option('--tenant <tenant>', 'the tenant of the view; that of the token if left out')
      .addHelpText(
        'after',
        examples(
          'annals parked release --view pipeline --key 8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10',
          'annals parked release --process won-opportunity --stream opportunity-main.8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10',
        ),
      )
      .action((flags: ReleaseFlags) => {
        const [route, body] = whatToRelease(flags);
        return connected(terminal, flags, async ({ client }) => {
          const answer = await client.post<{ readonly released: number; readonly error?: string }>(route, body);
          if (flags.json) printJson(terminal, answer);
          else printText(terminal, `${answer.released} facts released.`);
          if (answer.error !== undefined)
            throw new Failure(exitCodes.refused, `The next one still cannot be taken: ${answer.error}`);
        });
      }),
  );
  return parked;
}

interface ReleaseFlags extends ServerFlags {
  readonly view?: string;
  readonly key?: string;
  readonly tenant?: string;
  readonly process?: string;
  readonly stream?: string;
}

function whatToRelease({ view, key, tenant, process, stream }: ReleaseFlags): readonly [string, object] {
  if (view !== undefined && key !== undefined && process === undefined && stream === undefined)
    return ['/v1/admin/parked/release', { view, tenant, key }];
  if (process !== undefined && stream !== undefined && view === undefined && key === undefined)
    return ['/v1/admin/processes/release', { process, stream }];
  throw usage('Name --view and --key, or --process and --stream, as annals parked list shows them.');
}
