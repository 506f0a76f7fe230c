import { Command } from 'commander';
import { exitCodes, Failure } from '../client/problems.js';
import { cellsOf, table } from '../output/table.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { connected, examples, type ServerFlags, withServer } from './shared.js';

type Parked = Readonly<Record<string, unknown>>;

/** `annals parked`: facts that a view could not fold, by key; and their release. */
export function parkedCommand(terminal: Terminal): Command {
  const parked = new Command('parked').description(
    'Facts that a view could not fold. They and their successors of the same key wait; other keys go on.',
  );

  parked.addCommand(
    withServer(new Command('list').description('List them.').option('--view <view>', 'only of this view'))
      .addHelpText('after', examples('annals parked list', 'annals parked list --view pipeline --json'))
      .action((flags: ServerFlags & { readonly view?: string }) =>
        connected(terminal, flags, async ({ client }) => {
          const answer = await client.get<{ readonly parked: readonly Parked[] }>('/v1/admin/parked', { view: flags.view });
          if (flags.json) return printJson(terminal, answer);
          printText(terminal, answer.parked.length === 0 ? 'None.' : table(answer.parked.map((one) => cellsOf(one))));
        }),
      ),
  );

  parked.addCommand(
    withServer(
      new Command('release').description('Fold the parked facts of a key again, in order, after the cause was repaired.'),
    )
      .requiredOption('--view <view>', 'the view')
      .requiredOption('--key <key>', 'the key, as the list shows it')
      .option('--tenant <tenant>', 'the tenant', 'main')
      .addHelpText('after', examples('annals parked release --view pipeline --key 8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10'))
      .action((flags: ServerFlags & { readonly view: string; readonly key: string; readonly tenant: string }) =>
        connected(terminal, flags, async ({ client }) => {
          const { view, tenant, key } = flags;
          const answer = await client.post<{ readonly released: number; readonly error?: string }>('/v1/admin/parked/release', {
            view,
            tenant,
            key,
          });
          if (flags.json) printJson(terminal, answer);
          else printText(terminal, `${answer.released} facts released.`);
          if (answer.error !== undefined)
            throw new Failure(exitCodes.refused, `The next one still cannot be folded: ${answer.error}`);
        }),
      ),
  );
  return parked;
}
