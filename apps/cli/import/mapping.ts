import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { parse } from 'yaml';
import { momentIn } from '#kernel';
import { refusedBecause } from '../client/files.js';

const closed = { additionalProperties: false } as const;
const OneOf = <const V extends readonly string[]>(values: V, description: string) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: [...values], description });
const Name = (description: string) => Type.String({ pattern: '^[a-z][a-z0-9-]{0,59}$', description });
const Sentences = (description: string) => Type.Array(Type.String(), { description });

const Condition = Type.Record(
  Type.String(),
  Type.Union([
    Type.String(),
    Type.Array(Type.String(), { minItems: 1 }),
    Type.Object({ filled: Type.Boolean({ description: 'true: the column is not empty; false: it is empty' }) }, closed),
  ]),
  { description: 'column → its value, a list of possible values, or { filled: true }; all must hold' },
);

const Step = Type.Object(
  {
    name: Type.Optional(Name('tells steps with the same command apart; the command if left out')),
    command: Type.String({ description: 'name of the command, as in GET /openapi.json' }),
    when: Type.Optional(Condition),
    at: Type.Optional(Type.String({ description: 'expression for the business time; left out or empty: when it is imported' })),
    payload: Type.Record(Type.String(), Type.Unknown(), {
      description: 'field of the command → constant, or expression after "="',
    }),
  },
  closed,
);

const Source = Type.Object(
  {
    file: Type.Optional(Type.String({ description: 'file name, relative to --source' })),
    rows: Type.Optional(
      Type.Array(Type.Record(Type.String(), Type.String()), { description: 'rows written here instead of a file' }),
    ),
    format: Type.Optional(OneOf(['csv', 'ndjson'], 'csv if left out')),
    delimiter: Type.Optional(
      Type.String({
        pattern: '^[,;| \t]$',
        description: 'one of , ; | tab and space (columns apart by spaces, without quotes); a comma if left out',
      }),
    ),
    encoding: Type.Optional(OneOf(['utf-8', 'latin1'], 'utf-8 if left out')),
    header: Type.Optional(
      Type.Boolean({ description: 'false: the file has no header, its columns are those of `columns`, in order' }),
    ),
    columns: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: 'columns that are used; the header must have them' }),
    ),
    identity: Type.Array(Type.String(), {
      minItems: 1,
      description: 'columns that tell rows apart and never change; $line is the number of the line',
    }),
    repeats: Type.Optional(
      OneOf(['reject', 'skip'], 'what becomes of a row with the identity of an earlier one; it is rejected if left out'),
    ),
    lists: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: "columns that hold a list: ['a', 'b'] or [a, b]" }),
    ),
    each: Type.Optional(
      Type.String({ description: 'column with a list: one row for each element, which is the column `value` there' }),
    ),
    defines: Type.Optional(Name('kind of thing a row is, for ref()')),
    skip: Type.Optional(Type.Array(Type.Object({ when: Condition, reason: Type.String() }, closed))),
    steps: Type.Array(Step, { description: 'commands that a row becomes, in order' }),
  },
  closed,
);

const MappingSchema = Type.Object(
  {
    mapping: Name('name of the mapping; part of all ids and keys it makes, so it stays the same'),
    description: Type.Optional(Type.String()),
    cutOver: Type.String({
      pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$',
      description: 'moment with its zone from which this system leads; before it nothing leaves the system',
    }),
    clock: Type.Optional(Type.Boolean({ description: 'true: clock facts due before the cut-over are stated too' })),
    corrects: Type.Optional(Sentences('what the mapping changes in the data')),
    invents: Type.Optional(Sentences('what it states that the data does not say')),
    leavesOut: Type.Optional(Sentences('what of the data it does not import')),
    values: Type.Optional(
      Type.Record(Name('name of a table'), Type.Record(Type.String(), Type.String()), {
        ...closed,
        description: 'tables for map() and pick(); their names are lower case words with dashes',
      }),
    ),
    sources: Type.Record(Name('name of a source'), Source, {
      ...closed,
      minProperties: 1,
      description: 'in the order in which they are imported; their names are lower case words with dashes',
    }),
  },
  closed,
);

export type MappingFile = Static<typeof MappingSchema>;
export type SourceFile = Static<typeof Source>;
export type StepFile = Static<typeof Step>;
export type ConditionFile = Static<typeof Condition>;
export const mappingSchema = MappingSchema;

/** One thing to repair in a mapping: where, what, and what is allowed there. */
export interface MappingProblem {
  readonly path: string;
  readonly message: string;
}

export class BadMapping extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly MappingProblem[],
  ) {
    super(problems.map(({ path, message }) => `${file}: ${path || 'the mapping'}: ${message}`).join('\n'));
  }
}

/** Reads and checks the form of a mapping. Throws `BadMapping`. What it means is checked by `planOf`. */
export function readMapping(file: string): MappingFile {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new BadMapping(file, [{ path: '', message: `cannot be read: ${refusedBecause(error)}` }]);
  }
  return mappingFrom(content, file);
}

export function mappingFrom(content: string, file: string): MappingFile {
  let value: unknown;
  try {
    value = parse(content, { merge: true });
  } catch (error) {
    throw new BadMapping(file, [{ path: '', message: `is not YAML: ${(error as Error).message.split('\n')[0]}` }]);
  }
  const problems = (compiled.Errors(value) as unknown as SchemaError[]).filter(isForReaders).map(problemOf);
  if (problems.length > 0) throw new BadMapping(file, distinct(problems));
  const mapping = value as MappingFile;
  const cutOver = momentIn(mapping.cutOver);
  if (cutOver === undefined) throw new BadMapping(file, [{ path: 'cutOver', message: 'is no moment of the calendar' }]);
  return { ...mapping, cutOver };
}

const compiled = Compile(MappingSchema);

interface SchemaError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** `boolean` repeats `additionalProperties`; `const` and `type` below a union repeat the union. */
const isForReaders = ({ keyword, schemaPath }: SchemaError) => keyword !== 'boolean' && !schemaPath.includes('/anyOf/');

function problemOf({ keyword, schemaPath, instancePath, message, params }: SchemaError): MappingProblem {
  const path = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  if (keyword === 'additionalProperties') {
    const allowed = Object.keys((schemaAt(schemaPath)?.properties as object | undefined) ?? {});
    const unknown = (params.additionalProperties as readonly string[] | undefined) ?? [];
    return { path, message: `unknown ${unknown.join(', ')}${allowed.length > 0 ? `; allowed: ${allowed.join(', ')}` : ''}` };
  }
  if (keyword === 'enum') return { path, message: `allowed: ${(params.allowedValues as readonly string[]).join(', ')}` };
  const description = (schemaAt(schemaPath) as { description?: string } | undefined)?.description;
  return { path, message: description === undefined ? message : `${message} (${description})` };
}

/** The schema object that an error's `schemaPath` ends in, without its last keyword where that is one. */
function schemaAt(schemaPath: string): Readonly<Record<string, unknown>> | undefined {
  let schema: unknown = MappingSchema;
  for (const part of schemaPath.replace(/^#/, '').split('/').filter(Boolean)) {
    const next = (schema as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
    if (typeof next !== 'object' || next === null) break;
    schema = next;
  }
  return schema as Readonly<Record<string, unknown>>;
}

function distinct(problems: readonly MappingProblem[]): readonly MappingProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}
