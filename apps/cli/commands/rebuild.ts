import { Command } from 'commander';
import { exitCodes, Failure } from '../client/problems.js';
import { formatSeconds } from '../output/money.js';
import { progressBar } from '../output/progress.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { connected, examples, type ServerFlags, withServer } from './shared.js';

interface Report {
  readonly view: string;
  readonly facts: number;
  readonly position: string;
  readonly factsPerSecond: number;
  readonly secondsLeft?: number;
  readonly state: 'reading' | 'comparing' | 'switched' | 'identical' | 'differs' | 'refused';
  readonly documents?: number;
  readonly differing?: number;
  readonly parked?: number;
}

const endings: Readonly<Record<Exclude<Report['state'], 'reading' | 'comparing'>, string>> = {
  switched: 'built anew and in use',
  identical: 'built anew: identical to the one in use',
  differs: 'built anew: differs from the one in use, which stays',
  refused: 'built anew, but it parks more facts than the one in use, which stays; see annals parked',
};

/** `annals rebuild <view>`: builds a view anew beside the live one, compares, switches. */
export function rebuildCommand(terminal: Terminal): Command {
  const command = new Command('rebuild')
    .description('Build a view anew from the log beside the one in use, compare, and switch to it.')
    .argument('<view>', 'name of the view');
  return withServer(command)
    .option('--no-switch', 'compare only')
    .addHelpText('after', examples('annals rebuild pipeline', 'annals rebuild customer360 --no-switch --json'))
    .action((view: string, flags: ServerFlags & { readonly switch: boolean }) =>
      connected(terminal, flags, async ({ client }) => {
        const bar = flags.json ? undefined : progressBar(`rebuild ${view}`);
        let last: Report | undefined;
        const path = `/v1/admin/views/${encodeURIComponent(view)}/rebuild`;
        for await (const report of client.lines<Report>(path, { method: 'POST', query: { switch: String(flags.switch) } })) {
          last = report;
          if (flags.json) printJson(terminal, report);
          else bar?.update(report.facts, totalOf(report), noteOf(report));
        }
        if (!last) throw new Failure(exitCodes.refused, 'The server said nothing about the rebuild.');
        const ending = endings[last.state as keyof typeof endings];
        bar?.end(`${last.facts} facts, ${last.documents ?? 0} documents, ${Math.round(last.factsPerSecond)} facts/s`);
        if (ending === undefined)
          throw new Failure(exitCodes.refused, `The rebuild of ${view} ended while ${last.state}; run it again.`);
        if (!flags.json)
          printText(terminal, `${view}: ${ending}${last.differing ? ` (${last.differing} documents differ)` : ''}.`);
        if (last.state === 'refused' || last.state === 'differs')
          throw new Failure(exitCodes.refused, `${view} was not switched.`);
      }),
    );
}

const totalOf = ({ facts, factsPerSecond, secondsLeft }: Report) =>
  secondsLeft === undefined ? undefined : facts + factsPerSecond * secondsLeft;

function noteOf({ state, facts, factsPerSecond, secondsLeft }: Report): string {
  const left = secondsLeft === undefined ? '' : `, ${formatSeconds(secondsLeft)} left`;
  return `${state}: ${facts} facts, ${Math.round(factsPerSecond)} facts/s${left}`;
}
