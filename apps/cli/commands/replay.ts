import { Command } from 'commander';
import { opened } from '../client/opened.js';
import { cellsOf, table } from '../output/table.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { collect, connected, dayOrMoment, examples, type ServerFlags, wholeNumber, withServer } from './shared.js';

interface ReplayFlags extends ServerFlags {
  readonly stream?: string;
  readonly type?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly after?: string;
  readonly limit?: number;
  readonly open?: string;
  readonly table?: boolean;
}

/** `annals replay`: facts in log order, as NDJSON on standard output. */
export function replayCommand(terminal: Terminal): Command {
  const command = new Command('replay')
    .description('Print recorded facts in log order, one JSON object a line. Replaying does nothing but print.')
    .option('--stream <stream>', 'only this stream')
    .option('--type <fact>', 'only this type of fact; may be repeated', collect)
    .option('--from <day>', 'only what occurred at or after it', dayOrMoment)
    .option('--to <day>', 'only what occurred at or before it', dayOrMoment)
    .option('--after <position>', 'go on after this position')
    .option('--limit <number>', 'stop after so many', wholeNumber)
    .option('--open <purpose>', 'open personal fields, for the role opener; goes on record with this word')
    .option('--table', 'print a table of the envelopes instead');
  return withServer(command)
    .addHelpText(
      'after',
      examples(
        'annals replay --type OpportunityWon --from 2017-01-01 --to 2017-03-31',
        'annals replay --type CustomerRegistered --open audit',
        'annals replay --stream opportunity-main.8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10 --table',
      ),
    )
    .action((flags: ReplayFlags) =>
      connected(terminal, flags, async ({ client }) => {
        const { stream, type, from, to, after, limit } = flags;
        const query = { stream, type: type?.join(','), from, to, after, limit: limit === undefined ? undefined : String(limit) };
        const facts = client.lines<Readonly<Record<string, unknown>>>('/v1/facts', { query });
        const rows = [];
        let printed = 0;
        for await (const fact of opened(client, facts, flags.table ? undefined : flags.open)) {
          if (limit !== undefined && printed >= limit) break;
          printed++;
          if (!flags.table) {
            printJson(terminal, fact);
            continue;
          }
          const { occurredAt, type, stream, revision, position } = fact;
          rows.push(cellsOf({ occurredAt, type, stream, revision, position }));
        }
        if (flags.table) printText(terminal, rows.length === 0 ? 'Nothing.' : table(rows));
      }),
    );
}
