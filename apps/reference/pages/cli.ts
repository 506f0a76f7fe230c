import type { Command } from 'commander';
import { programOf } from '../../cli/program.js';
import type { Terminal } from '../../cli/terminal.js';
import { page } from '../markdown.js';

/** Every command of the command line with its help, as `--help` prints it. */
export function cliPage(): string {
  const program = programOf(SILENT);
  const parts = program.commands.flatMap((command) => helpOf(command, ['annals']));
  const introduction = `Inside the repository the command line is \`npx annals\`. It talks to the server that \`--url\` or \`ANNALS_URL\` names, else to the one that
runs on the data folder; where none runs, it starts one for the command. How each option is called follows from the definitions. With \`--json\` the answer is JSON on
standard output; so is what went wrong: \`{"problem":{"type":…,"detail":…}}\`, with a \`status\` where a server said it.`;
  return page('Command line', 'the help of the command line', introduction, block(printed(program)), ...parts);
}

function helpOf(command: Command, path: readonly string[]): readonly string[] {
  const names = [...path, command.name()];
  const heading = `${'#'.repeat(Math.min(names.length, 4))} ${names.join(' ')}`;
  return [heading, block(printed(command)), ...command.commands.flatMap((inner) => helpOf(inner, names))];
}

/** The whole help, with what `addHelpText` adds, in the width of a plain terminal. */
function printed(command: Command): string {
  const written: string[] = [];
  command
    .configureOutput({ writeOut: (text) => written.push(text), getOutHelpWidth: () => 80, getOutHasColors: () => false })
    .outputHelp();
  return written.join('');
}

const block = (text: string) => `\`\`\`text\n${text.trimEnd()}\n\`\`\``;

const SILENT: Terminal = { out: () => {}, note: () => {}, env: {}, isInteractive: false };
