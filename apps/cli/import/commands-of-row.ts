import { derivedId } from '#kernel';
import { BadValue } from './expressions.js';
import { type Row, type Scope } from './functions.js';
import type { PlannedSource, PlannedStep } from './plan.js';

/** One command that a row becomes. */
export interface RowCommand {
  readonly step: PlannedStep;
  /** Idempotency key: derives from mapping, source, identity of the row and step, so that a second import changes nothing. */
  readonly key: string;
  readonly stream: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly occurredAt: string | undefined;
}

export type RowOutcome =
  | { readonly kind: 'commands'; readonly identity: readonly string[]; readonly commands: readonly RowCommand[] }
  | { readonly kind: 'skipped'; readonly identity: readonly string[]; readonly reason: string }
  | { readonly kind: 'rejected'; readonly columns: readonly string[]; readonly reason: string };

/** Turns a row into its commands. Pure; what is wrong with the row comes back as `rejected`. */
export function commandsOfRow(source: PlannedSource, row: Row, scope: Scope): RowOutcome {
  try {
    const identity = source.file.identity.map((column) => {
      const value = row[column];
      if (typeof value !== 'string') throw new BadValue([column], 'is empty; it tells the rows apart');
      return value;
    });
    const reason = source.skip.find(({ matches }) => matches(row))?.reason;
    if (reason !== undefined) return { kind: 'skipped', identity, reason };
    const commands = source.steps
      .filter((step) => step.matches(row))
      .map((step): RowCommand => {
        const payload = step.payload(row, scope);
        const [fault] = step.check(payload);
        if (fault) throw new BadValue(columnsOf(step, fault.field), `${fault.field} ${fault.message}`);
        const occurredAt = step.at?.evaluate(row, scope);
        return {
          step,
          key: derivedId('import', scope.mapping, source.name, ...identity, step.name),
          stream: step.streamOf(payload),
          payload,
          occurredAt: occurredAt === undefined ? undefined : String(occurredAt),
        };
      });
    if (commands.length === 0 && source.steps.length > 0) throw fitsNoStep(source);
    return { kind: 'commands', identity, commands };
  } catch (error) {
    if (error instanceof BadValue) return { kind: 'rejected', columns: error.columns, reason: error.message };
    throw error;
  }
}

/** Told by the columns that the steps look at, with the values that they, or a rule of `skip`, are for. */
function fitsNoStep({ file: { steps, skip = [] } }: PlannedSource): BadValue {
  const columns = [...new Set(steps.flatMap(({ when = {} }) => Object.keys(when)))];
  const known = columns.flatMap((column) => {
    const values = [...steps, ...skip]
      .flatMap(({ when = {} }) => when[column] ?? [])
      .filter((value) => typeof value === 'string');
    return values.length === 0 ? [] : `; known of ${column}: ${[...new Set(values)].join(', ')}`;
  });
  return new BadValue(columns, `fits no step of the mapping${known.join('')}`);
}

/** The columns that a field of a command is made of; `lines[2].quantity` is part of the field `lines`. */
export function columnsOf(step: PlannedStep, field: string): readonly string[] {
  if (field === 'occurredAt') return step.timeColumns;
  return step.columns.get(/^[^.[]*/.exec(field)?.[0] ?? '') ?? [];
}

/**
 * Groups the commands of consecutive rows into waves that are sent one after the other. Within a wave the server keeps the
 * order of each stream only; so a command goes into a later wave than the step before it in its row if that has another
 * stream (an opportunity after its customer), and never before an earlier row's command of the same stream.
 */
export function wavesOf<R extends { readonly commands: readonly RowCommand[] }>(
  rows: readonly R[],
): readonly (readonly { readonly row: R; readonly command: RowCommand }[])[] {
  const waves: { row: R; command: RowCommand }[][] = [];
  const lastOfStream = new Map<string, number>();
  for (const row of rows) {
    let wave = 0;
    let before: string | undefined;
    for (const command of row.commands) {
      if (before !== undefined && before !== command.stream) wave++;
      wave = Math.max(wave, lastOfStream.get(command.stream) ?? 0);
      lastOfStream.set(command.stream, wave);
      before = command.stream;
      waves[wave] ??= [];
      waves[wave]?.push({ row, command });
    }
  }
  return waves;
}
