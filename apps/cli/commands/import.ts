import path from 'node:path';
import { Command } from 'commander';
import type { Registry } from '#runtime/registry';
import { exitCodes, Failure } from '../client/problems.js';
import { BadMapping, type MappingFile, readMapping } from '../import/mapping.js';
import { planOf } from '../import/plan.js';
import { RejectsFile } from '../import/rejects.js';
import { BadSource } from '../import/rows.js';
import { runImport, type SourceSummary } from '../import/run-import.js';
import { progressBar } from '../output/progress.js';
import { cellsOf, table } from '../output/table.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { connected, examples, type ServerFlags, withServer } from './shared.js';

interface ImportFlags extends ServerFlags {
  readonly mapping: string;
  readonly source: string;
  readonly rejects?: string;
  readonly dryRun?: boolean;
  readonly moreFollows?: boolean;
}

/** `annals import`: rows of files become commands, as a mapping says. */
export function importCommand(terminal: Terminal, registry: Registry): Command {
  const command = new Command('import')
    .description(
      'Import CSV or NDJSON files as a mapping says. Running it again changes nothing; a killed import goes on where it was.',
    )
    .requiredOption('--mapping <file>', 'the mapping, YAML; see docs/how-to/import-your-data.md')
    .option('--source <folder>', 'folder of the files', '.')
    .option('--rejects <file>', 'where rows that could not be imported go; ./<mapping>-rejects.ndjson if left out')
    .option('--more-follows', 'another run completes it (of corrected rejects, say): what is due by the clock waits until then')
    .option('--dry-run', 'check every row, send nothing');
  return withServer(command)
    .addHelpText(
      'after',
      `${examples('annals import --mapping mappings/maven-sales.yml --source ../data --dry-run', 'annals import --mapping mappings/maven-sales.yml --source ../data')}\nExit code 4: done, with rejects.\n`,
    )
    .action(async (flags: ImportFlags) => {
      const summaries = await imported(terminal, registry, flags);
      if (summaries.some(({ rejected }) => rejected > 0)) throw new Failure(exitCodes.partial, '');
    });
}

async function imported(terminal: Terminal, registry: Registry, flags: ImportFlags): Promise<readonly SourceSummary[]> {
  try {
    const file = readMapping(flags.mapping);
    const plan = planOf(file, flags.mapping, registry);
    const rejects = new RejectsFile(path.resolve(flags.rejects ?? `${file.mapping}-rejects.ndjson`));
    const bar = terminal.isInteractive && !flags.json ? progressBar(`import ${file.mapping}`) : undefined;
    const started = Date.now();
    const progress = ({ bytes, of, rows }: { bytes: number; of: number; rows: number }) =>
      bar?.update(bytes, of, `${rows} rows, ${Math.round((rows * 1000) / Math.max(1, Date.now() - started))} rows/s`);
    const options = { folder: flags.source, rejects, progress, moreFollows: flags.moreFollows };
    try {
      const summaries = flags.dryRun
        ? await runImport(plan, { ...options, client: undefined })
        : await connected(terminal, flags, ({ client }) => runImport(plan, { ...options, client }));
      bar?.end(`done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      const rejectsFile = rejects.count > 0 ? rejects.path : undefined;
      if (flags.json)
        printJson(terminal, {
          mapping: file.mapping,
          dryRun: flags.dryRun ?? false,
          sources: summaries,
          ...(rejectsFile && { rejects: rejectsFile }),
        });
      else printText(terminal, readable(file, summaries, rejectsFile, flags.dryRun ?? false));
      return summaries;
    } finally {
      rejects.close();
    }
  } catch (error) {
    if (error instanceof BadMapping) throw new Failure(exitCodes.usage, error.message);
    if (error instanceof BadSource) throw new Failure(exitCodes.refused, error.message);
    throw error;
  }
}

function readable(file: MappingFile, summaries: readonly SourceSummary[], rejects: string | undefined, isDry: boolean): string {
  const rows = summaries.map(({ source, read, imported, unchanged, rejected, skipped, commands }) =>
    cellsOf({ source, read, imported, unchanged, rejected, skipped, commands }),
  );
  const because = summaries.flatMap(({ source, skippedBecause }) =>
    Object.entries(skippedBecause).map(([reason, count]) => `  ${source}: ${count} ${reason}`),
  );
  const inPart = summaries.reduce((sum, { rejectedInPart }) => sum + rejectedInPart, 0);
  const said = (title: string, sentences: readonly string[] = []) =>
    sentences.length === 0 ? [] : ['', `${title}:`, ...sentences.map((sentence) => `  - ${sentence}`)];
  return [
    table(rows),
    ...(because.length > 0 ? ['', 'Skipped:', ...because] : []),
    ...said('The mapping corrects', file.corrects),
    ...said('The mapping invents', file.invents),
    ...said('The mapping leaves out', file.leavesOut),
    '',
    isDry ? 'Dry run: nothing was sent. "imported" are the rows that would be sent.' : 'Running it again changes nothing.',
    ...(rejects === undefined ? [] : [`Rejected rows, with their reasons: ${rejects}`]),
    ...(inPart === 0 ? [] : [`Of ${inPart} rejected rows some commands are recorded; \`recorded\` in that file says which.`]),
  ].join('\n');
}
