import { createHash } from 'node:crypto';
import type { BatchLine, Client } from '../client/client.js';
import type { ProblemAnswer } from '../client/problems.js';
import { codeOf } from '../client/problems.js';
import { type Outcome, Sender } from '../client/sender.js';
import { columnsOf, commandsOfRow, type RowCommand, wavesOf } from './commands-of-row.js';
import type { Row, Scope } from './functions.js';
import type { Plan, PlannedSource } from './plan.js';
import type { Reject, RejectsFile } from './rejects.js';
import { type FileState, rowsOf, type SourceRow, stateOf } from './rows.js';

/** Rows by what became of them: `read = imported + unchanged + rejected + skipped`. */
export interface SourceSummary {
  readonly source: string;
  read: number;
  imported: number;
  /** All of their commands had been imported before, or changed nothing. */
  unchanged: number;
  rejected: number;
  /** Of the rejected: those of which some commands are recorded, in this run or an earlier one. */
  rejectedInPart: number;
  skipped: number;
  readonly skippedBecause: Record<string, number>;
  /** Commands that had an effect. */
  commands: number;
}

export interface ImportOptions {
  /** Folder of the source files. */
  readonly folder: string;
  /** Left out: a dry run, which checks all rows and sends nothing. */
  readonly client: Client | undefined;
  readonly rejects: RejectsFile;
  /** Another run completes this import: until then what is due by the clock of what was imported waits. */
  readonly moreFollows?: boolean | undefined;
  readonly progress?: (done: { readonly bytes: number; readonly of: number; readonly rows: number }) => void;
}

interface WaitingRow {
  readonly source: PlannedSource;
  readonly line: number;
  readonly row: Row;
  readonly identity: readonly string[];
  readonly commands: readonly RowCommand[];
  effects: number;
  /** Names of its steps that are recorded. */
  readonly recorded: string[];
  /** Why it was refused; the first reason counts. */
  reject?: Omit<Reject, 'source' | 'file' | 'recorded'>;
}

/** Rows that are sent together. Enough to keep the server busy, few enough to lose little on a kill. */
const WINDOW = 1000;
const SEPARATOR = '\u001f';

/**
 * Runs a checked mapping: source by source, window by window, wave by wave. Safe to kill and to run again at any time.
 * Throws `BadSource` (before anything is sent) where a file is missing or is not what the mapping says.
 */
export async function runImport(plan: Plan, options: ImportOptions): Promise<readonly SourceSummary[]> {
  let of = 0;
  const files: FileState[] = [];
  for (const source of plan.sources) {
    const file = await stateOf(source, options.folder);
    of += file.bytes;
    files.push(file);
    // Meets a missing column or a wrong kind of file before anything is sent.
    for await (const _first of rowsOf(source, options.folder)) break;
  }
  const run = new ImportRun(plan, options, of, await headOf(options.client));
  const summaries: SourceSummary[] = [];
  // one that breaks off stays under way, and is completed by the next run
  await say('begin', plan, options, files);
  for (const source of plan.sources) summaries.push(await run.source(source));
  if (!options.moreFollows) await say('end', plan, options, files);
  return summaries;
}

class ImportRun {
  readonly #accepted = new Map<string, Set<string>>();
  readonly #remembered = new Map<string, Map<string, Row>>();
  readonly #scope: Scope;
  readonly #sender: Sender | undefined;
  #bytes = 0;
  #rows = 0;

  constructor(
    private readonly plan: Plan,
    private readonly options: ImportOptions,
    private readonly of: number,
    private readonly head: string | undefined,
  ) {
    this.#sender = options.client && new Sender(options.client);
    this.#scope = {
      mapping: plan.file.mapping,
      tables: plan.file.values ?? {},
      isKnown: (kind, identity) => this.#accepted.get(kind)?.has(identity.join(SEPARATOR)) ?? false,
      lookUp: (source, identity, column) => this.#remembered.get(source)?.get(identity)?.[column] as string | undefined,
    };
  }

  async source(source: PlannedSource): Promise<SourceSummary> {
    const summary: SourceSummary = {
      source: source.name,
      read: 0,
      imported: 0,
      unchanged: 0,
      rejected: 0,
      rejectedInPart: 0,
      skipped: 0,
      skippedBecause: {},
      commands: 0,
    };
    const seen = new Map<string, number>();
    let window: WaitingRow[] = [];
    let sending: Promise<void> = Promise.resolve();
    const read = (bytes: number) => {
      this.#bytes += bytes;
    };
    for await (const record of rowsOf(source, this.options.folder, read)) {
      summary.read++;
      this.#rows++;
      const waiting = this.#waiting(source, record, seen, summary);
      if (waiting) window.push(waiting);
      if (window.length < WINDOW) continue;
      await sending;
      sending = this.#send(window, summary);
      // The rejection is seen by the next await; without this, one that comes earlier would count as unhandled.
      sending.catch(() => {});
      window = [];
    }
    await sending;
    await this.#send(window, summary);
    return summary;
  }

  #waiting(source: PlannedSource, record: SourceRow, seen: Map<string, number>, summary: SourceSummary): WaitingRow | undefined {
    const { line } = record;
    if ('reason' in record) {
      this.#reject(source, summary, { line, reason: record.reason });
      return undefined;
    }
    if ('without' in record) {
      skip(summary, record.without);
      return undefined;
    }
    const { row } = record;
    const outcome = commandsOfRow(source, row, this.#scope);
    if (outcome.kind === 'rejected') {
      this.#reject(source, summary, { line, reason: outcome.reason, ...fieldOf(source, outcome.columns, row) });
      return undefined;
    }
    if (outcome.kind === 'skipped') {
      skip(summary, outcome.reason);
      return undefined;
    }
    const identity = outcome.identity.join(SEPARATOR);
    const before = seen.get(identity);
    if (before !== undefined && source.file.repeats === 'skip') {
      skip(summary, 'repeats an earlier row');
      return undefined;
    }
    if (before !== undefined) {
      this.#reject(source, summary, {
        line,
        reason: `has the same identity as line ${before}`,
        ...fieldOf(source, source.file.identity, row),
      });
      return undefined;
    }
    seen.set(identity, line);
    return { source, line, row, identity: outcome.identity, commands: outcome.commands, effects: 0, recorded: [] };
  }

  async #send(rows: readonly WaitingRow[], summary: SourceSummary): Promise<void> {
    for (const wave of wavesOf(rows)) {
      const open = wave.filter(({ row }) => !row.reject);
      const outcomes = this.#sender && (await this.#sender.send(open.map(({ command }) => this.#line(command))));
      for (const { row, command } of open) {
        const outcome = outcomes?.get(command.key);
        if (outcome) this.#note(row, command, outcome, summary);
      }
    }
    for (const row of rows) {
      if (!row.reject) this.#accept(row, summary);
      else this.#reject(row.source, summary, { ...row.reject, ...(row.recorded.length > 0 && { recorded: row.recorded }) });
    }
    this.options.progress?.({ bytes: this.#bytes, of: this.of, rows: this.#rows });
  }

  #line({ step, key, payload, occurredAt }: RowCommand): BatchLine {
    const { cutOver, clock = false } = this.plan.file;
    return { command: step.command, key, payload, occurredAt, imported: { cutOver, clock } };
  }

  #note(row: WaitingRow, { step }: RowCommand, outcome: Outcome, summary: SourceSummary): void {
    if ('answer' in outcome) {
      const { position, outcome: effect } = outcome.answer;
      if (effect !== 'unchanged') row.recorded.push(step.name);
      const isNew = effect !== 'unchanged' && (this.head === undefined || position > this.head);
      if (isNew) {
        row.effects++;
        summary.commands++;
      }
      return;
    }
    // A later step of a row that was rejected already adds nothing: its reason is the first one.
    if (row.reject) return;
    const { field, reason } = readable(outcome.problem);
    const columns = field === undefined ? [] : columnsOf(step, field);
    row.reject = {
      line: row.line,
      command: step.command,
      reason,
      ...(columns.length > 0 ? fieldOf(row.source, columns, row.row) : field !== undefined && { field }),
    };
  }

  #accept({ source, row, identity, effects }: WaitingRow, summary: SourceSummary): void {
    if (source.steps.length === 0) skip(summary, 'only looked up by other sources');
    else if (effects > 0 || !this.#sender) summary.imported++;
    else summary.unchanged++;
    const { defines } = source.file;
    if (defines !== undefined) {
      const known = this.#accepted.get(defines) ?? new Set();
      known.add(identity.join(SEPARATOR));
      this.#accepted.set(defines, known);
    }
    if (source.remembered.length > 0) {
      const known = this.#remembered.get(source.name) ?? new Map<string, Row>();
      known.set(identity.join(SEPARATOR), Object.fromEntries(source.remembered.map((column) => [column, row[column]])));
      this.#remembered.set(source.name, known);
    }
  }

  #reject(source: PlannedSource, summary: SourceSummary, reject: Omit<Reject, 'source' | 'file'>): void {
    summary.rejected++;
    if (reject.recorded) summary.rejectedInPart++;
    this.options.rejects.add({
      source: source.name,
      ...(source.file.file !== undefined && { file: source.file.file }),
      ...reject,
    });
  }
}

function skip(summary: SourceSummary, reason: string): void {
  summary.skipped++;
  summary.skippedBecause[reason] = (summary.skippedBecause[reason] ?? 0) + 1;
}

/** While an import is under way, no clock comes between its rows. The same mapping and files, again, say nothing new. */
async function say(what: 'begin' | 'end', { file }: Plan, { client }: ImportOptions, files: readonly FileState[]): Promise<void> {
  const run = createHash('sha256')
    .update(JSON.stringify([file, files]))
    .digest('hex')
    .slice(0, 32);
  await client?.post(`/v1/imports/${what}`, { name: file.mapping }, { 'idempotency-key': `import.${what}.${run}` });
}

/** Where the log ends now: an answer at or before it was recorded by an earlier run. */
async function headOf(client: Client | undefined): Promise<string | undefined> {
  if (!client) return undefined;
  const health = (await (await client.raw('/health/ready')).json()) as { readonly head?: string };
  return health.head;
}

function fieldOf(source: PlannedSource, columns: readonly string[], row: Row): { field?: string; value?: string } {
  const [column] = columns;
  if (column === undefined) return {};
  const value = columns.length === 1 && !source.personal.has(column) ? row[column] : undefined;
  return { field: columns.join(', '), ...(typeof value === 'string' && { value: value.slice(0, 200) }) };
}

function readable(problem: ProblemAnswer): { field: string | undefined; reason: string } {
  const [first] = problem.errors ?? [];
  const code = codeOf(problem);
  // in the words of an import: keys are what it makes of rows
  if (code === 'key-reused')
    return { field: undefined, reason: `was imported before with other values; change what is there with commands (${code})` };
  if (first) return { field: first.field, reason: `${first.message} (${code})` };
  return { field: undefined, reason: `${problem.detail ?? problem.title ?? 'refused'} (${code})` };
}
