import { type CommandClass, commandFields } from '#kernel';
import { compileCommand } from '#runtime/commands/validation';
import type { Registry } from '#runtime/registry';
import { faultsOfConstants } from './constants.js';
import { BadExpression, BadValue, type Expression, parseExpression } from './expressions.js';
import { isDatePattern, isTimeOfDay, LINE, type Row, type Scope } from './functions.js';
import {
  BadMapping,
  type ConditionFile,
  type MappingFile,
  type MappingProblem,
  type SourceFile,
  type StepFile,
} from './mapping.js';

/** A checked mapping, ready to turn rows into commands. */
export interface Plan {
  readonly file: MappingFile;
  readonly sources: readonly PlannedSource[];
}

export interface PlannedSource {
  readonly name: string;
  readonly file: SourceFile;
  readonly steps: readonly PlannedStep[];
  readonly skip: readonly { readonly matches: (row: Row) => boolean; readonly reason: string }[];
  /** Columns that other sources look up; kept in memory, by identity. */
  readonly remembered: readonly string[];
  /** Columns that feed personal fields: their values never appear in a rejects file. */
  readonly personal: ReadonlySet<string>;
}

export interface PlannedStep {
  readonly name: string;
  readonly command: string;
  readonly matches: (row: Row) => boolean;
  readonly at: Expression | undefined;
  readonly payload: (row: Row, scope: Scope) => Readonly<Record<string, unknown>>;
  /** What the server would say about the shape of the payload. */
  readonly check: (payload: Readonly<Record<string, unknown>>) => readonly { readonly field: string; readonly message: string }[];
  /** The stream that the payload is about, as far as order is concerned. */
  readonly streamOf: (payload: Readonly<Record<string, unknown>>) => string;
  /** Field of the command → columns it is made of. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  readonly timeColumns: readonly string[];
}

/** Checks what a mapping means against the definitions. Throws `BadMapping` with every problem at once. */
export function planOf(file: MappingFile, name: string, registry: Registry): Plan {
  const planner = new Planner(file, registry);
  const plan = planner.plan();
  if (planner.problems.length > 0) throw new BadMapping(name, planner.problems);
  return plan;
}

class Planner {
  readonly problems: MappingProblem[] = [];
  readonly #lookUps: { readonly by: string; readonly source: string; readonly column: string; readonly path: string }[] = [];
  /** Columns that name a thing of a kind, in whichever source: personal where the thing's own identity is. */
  readonly #names: { readonly source: string; readonly kind: string; readonly column: string }[] = [];
  #source = '';
  readonly #kinds: { readonly by: string; readonly kind: string; readonly path: string }[] = [];

  constructor(
    private readonly file: MappingFile,
    private readonly registry: Registry,
  ) {}

  plan(): Plan {
    const sources = Object.entries(this.file.sources).map(([name, source]) => this.#planned(name, source));
    const names = Object.keys(this.file.sources);
    const before = (name: string) => names.slice(0, names.indexOf(name));
    const kindsOf = (some: readonly string[]) => some.flatMap((name) => this.file.sources[name]?.defines ?? []);
    for (const { by, kind, path } of this.#kinds) {
      const isDefined = kindsOf(names).includes(kind);
      if (isDefined) this.#oneOf(path, 'no earlier source defines', kind, kindsOf(before(by)));
      else this.#oneOf(path, 'no source defines', kind, kindsOf(names));
    }
    for (const { by, source, column, path } of this.#lookUps) {
      if (names.includes(source)) this.#oneOf(path, 'no earlier source is', source, before(by));
      else this.#oneOf(path, 'unknown source', source, names);
      this.#column(path, column, this.file.sources[source]?.columns);
    }
    return {
      file: this.file,
      sources: sources.map((source) => ({
        ...source,
        personal: this.#withNames(source, sources),
        remembered: [...new Set(this.#lookUps.filter((lookUp) => lookUp.source === source.name).map(({ column }) => column))],
      })),
    };
  }

  #planned(name: string, source: SourceFile): Omit<PlannedSource, 'remembered'> {
    const path = `sources.${name}`;
    this.#source = name;
    if ((source.file === undefined) === (source.rows === undefined)) this.#problem(path, 'needs either file or rows');
    if (source.file !== undefined && source.format !== 'ndjson' && source.columns === undefined)
      this.#problem(path, 'a CSV file needs columns');
    const known =
      (source.columns && [...source.columns, LINE]) ??
      (source.rows && [...new Set(source.rows.flatMap((row) => Object.keys(row)))]);
    const columns = known && source.each !== undefined ? [...known, 'value'] : known;
    for (const column of [...(source.lists ?? []), ...(source.each === undefined ? [] : [source.each])])
      this.#column(`${path}.lists`, column, columns);
    for (const [index, column] of source.identity.entries()) this.#column(`${path}.identity.${index}`, column, columns);
    const steps = source.steps.map((step, index) => this.#step(`${path}.steps.${index}`, step, columns));
    for (const step of steps)
      if (steps.filter((other) => other.name === step.name).length > 1)
        this.#problem(path, `two steps are called ${step.name}; give them names of their own`);
    const skip = (source.skip ?? []).map(({ when, reason }, index) => ({
      matches: this.#condition(`${path}.skip.${index}.when`, when, columns),
      reason,
    }));
    return { name, file: source, steps, skip, personal: this.#personal(steps) };
  }

  #step(path: string, step: StepFile, columns: readonly string[] | undefined): PlannedStep {
    const registered = this.registry.commands.get(step.command);
    const open = [...this.registry.commands.values()]
      .filter(({ options }) => options.route !== undefined)
      .map(({ name }) => name);
    if (!registered?.options.route) this.#oneOf(`${path}.command`, 'unknown command', step.command, open);
    const fields = registered ? [...commandFields(registered.type).keys()] : undefined;
    const made = new Map<string, readonly string[]>();
    const members = Object.entries(step.payload).map(([field, value]) => {
      if (fields) this.#oneOf(`${path}.payload`, 'unknown field', field, fields);
      const found: string[] = [];
      const make = this.#value(`${path}.payload.${field}`, value, columns, found);
      made.set(field, found);
      return [field, make] as const;
    });
    const { aggregate } = registered ?? {};
    const check = registered ? compileCommand(registered.type, { id: aggregate?.id ?? '' }).validate : () => [];
    for (const { field, message } of faultsOfConstants(step.payload, check))
      if (!fields || fields.includes(field.replace(/[.[].*$/s, ''))) this.#problem(`${path}.payload.${field}`, message);
    const timeColumns: string[] = [];
    // Of some things there is only one, others are named by what they are: their ids are known.
    const assigned = registered && aggregate && commandFields(registered.type).get(aggregate.id)?.assigned;
    const isKnown = typeof assigned === 'string' || typeof assigned === 'function';
    if (aggregate && !isKnown && !Object.hasOwn(step.payload, aggregate.id))
      this.#problem(
        `${path}.payload`,
        `needs ${aggregate.id}, made with id(…): an import says itself what its things are called`,
      );
    return {
      name: step.name ?? step.command,
      command: step.command,
      matches: this.#condition(`${path}.when`, step.when ?? {}, columns),
      at: step.at === undefined ? undefined : this.#expression(`${path}.at`, step.at.replace(/^=/, ''), columns, timeColumns),
      payload: (row, scope) =>
        Object.fromEntries(members.map(([field, make]) => [field, make(row, scope)]).filter(([, value]) => value !== undefined)),
      check,
      streamOf: (payload) => `${aggregate?.name}-${payload[aggregate?.id ?? '']}`,
      columns: made,
      timeColumns,
    };
  }

  #value(
    path: string,
    value: unknown,
    columns: readonly string[] | undefined,
    found: string[],
  ): (row: Row, scope: Scope) => unknown {
    if (typeof value === 'string') {
      if (!value.startsWith('=')) return () => value;
      if (value.startsWith('==')) return () => value.slice(1);
      const expression = this.#expression(path, value.slice(1), columns, found);
      return (row, scope) => expression.evaluate(row, scope);
    }
    if (Array.isArray(value)) {
      const makers = value.map((element, index) => this.#value(`${path}.${index}`, element, columns, found));
      // `$each` among the elements of a list stands for its own elements.
      const lists = value.map((element) => typeof element === 'object' && element !== null && '$each' in element);
      return (row, scope) =>
        makers.flatMap((make, index) => (lists[index] ? (make(row, scope) as unknown[]) : [make(row, scope)]));
    }
    if (typeof value !== 'object' || value === null) return () => value;
    if ('$each' in value) return this.#each(path, value as Readonly<Record<string, unknown>>, columns, found);
    const makers = Object.entries(value).map(
      ([name, member]) => [name, this.#value(`${path}.${name}`, member, columns, found)] as const,
    );
    return (row, scope) =>
      Object.fromEntries(makers.map(([name, make]) => [name, make(row, scope)]).filter(([, made]) => made !== undefined));
  }

  /** `{ $each: column, $of: … }`: one element for each element of a list; its members are columns there. */
  #each(path: string, value: Readonly<Record<string, unknown>>, columns: readonly string[] | undefined, found: string[]) {
    const column = String(value.$each);
    this.#column(path, column, columns);
    found.push(column);
    const make = this.#value(`${path}.$of`, value.$of, undefined, found);
    return (row: Row, scope: Scope) => {
      const list = row[column] ?? [];
      if (!Array.isArray(list)) throw new BadValue([column], 'is not a list');
      return list.map((element) =>
        make(
          { ...row, ...(typeof element === 'object' && element !== null ? textsOf(element) : { value: String(element) }) },
          scope,
        ),
      );
    };
  }

  #expression(path: string, source: string, columns: readonly string[] | undefined, found: string[]): Expression {
    try {
      const expression = parseExpression(source);
      for (const column of expression.columns) this.#column(path, column, columns);
      for (const call of expression.calls) this.#call(path, call);
      found.push(...expression.columns);
      return expression;
    } catch (error) {
      if (!(error instanceof BadExpression)) throw error;
      this.#problem(path, error.message);
      return { columns: [], calls: [], evaluate: () => undefined };
    }
  }

  #call(path: string, { name, texts, columns: named }: Expression['calls'][number]): void {
    const [one, two, three] = texts;
    const kind = name === 'lookup' ? this.file.sources[one ?? '']?.defines : name === 'ref' || name === 'id' ? one : undefined;
    if (kind !== undefined) for (const column of named) this.#names.push({ source: this.#source, kind, column });
    if (name === 'ref' && one !== undefined) this.#kinds.push({ by: this.#source, kind: one, path });
    if (name === 'lookup') this.#lookUps.push({ by: this.#source, source: one ?? '', column: three ?? '', path });
    if (name === 'lookup' && (one === undefined || three === undefined))
      this.#problem(path, 'lookup() needs source and column written out');
    if (name === 'map' || name === 'pick') this.#oneOf(path, 'unknown table', one ?? '', Object.keys(this.file.values ?? {}));
    if (name === 'moment' && two !== undefined && !isTimeOfDay(two))
      this.#problem(path, `${two} is not a time of day; allowed: 09:00, 09:00:30, 09:00+02:00`);
    if (name === 'moment' && three !== undefined && !isDatePattern(three))
      this.#problem(path, `${three} is not a pattern; allowed: YYYY, MM and DD, each once`);
  }

  #condition(path: string, condition: ConditionFile, columns: readonly string[] | undefined): (row: Row) => boolean {
    const tests = Object.entries(condition).map(([column, wanted]) => {
      this.#column(path, column, columns);
      if (typeof wanted === 'string') return (row: Row) => (row[column] ?? '') === wanted;
      if (Array.isArray(wanted)) return (row: Row) => wanted.includes(String(row[column] ?? ''));
      const { filled } = wanted as { readonly filled: boolean };
      return (row: Row) => (row[column] !== undefined) === filled;
    });
    return (row) => tests.every((test) => test(row));
  }

  #personal(steps: readonly PlannedStep[]): ReadonlySet<string> {
    const personal = new Set<string>();
    for (const { command, columns } of steps) {
      const type: CommandClass | undefined = this.registry.commands.get(command)?.type;
      if (!type) continue;
      for (const [field, { personal: isPersonal }] of commandFields(type))
        if (isPersonal) for (const column of columns.get(field) ?? []) personal.add(column);
    }
    return personal;
  }

  /** A customer's name is personal in every file that refers to the customer by it. */
  #withNames(
    source: Pick<PlannedSource, 'name' | 'personal'>,
    all: readonly Pick<PlannedSource, 'file' | 'personal'>[],
  ): ReadonlySet<string> {
    const kinds = all
      .filter(({ file, personal }) => file.identity.some((column) => personal.has(column)))
      .map(({ file }) => file.defines);
    const names = this.#names
      .filter((name) => name.source === source.name && kinds.includes(name.kind))
      .map(({ column }) => column);
    return new Set([...source.personal, ...names]);
  }

  #column(path: string, column: string, columns: readonly string[] | undefined): void {
    if (columns) this.#oneOf(path, 'unknown column', column, columns);
  }

  #oneOf(path: string, what: string, value: string, allowed: readonly string[]): void {
    if (!allowed.includes(value)) this.#problem(path, `${what} ${value}; allowed: ${[...new Set(allowed)].join(', ') || 'none'}`);
  }

  #problem(path: string, message: string): void {
    this.problems.push({ path, message });
  }
}

const textsOf = (element: object) =>
  Object.fromEntries(
    Object.entries(element).flatMap(([name, value]) =>
      value === null ? [] : [[name, Array.isArray(value) ? value : String(value)]],
    ),
  );
