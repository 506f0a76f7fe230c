import { Command } from 'commander';
import type { Registry } from '#runtime/registry';
import type { Client } from '../client/client.js';
import { usage } from '../client/problems.js';
import { formatMoment } from '../output/money.js';
import { inDeclaredOrder } from '../output/order.js';
import { cellsOf, sheet, table } from '../output/table.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { collect, connected, dayOrMoment, examples, type ServerFlags, wholeNumber, withServer } from './shared.js';

interface QueryFlags extends ServerFlags {
  readonly filter?: readonly string[];
  readonly sort?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly all?: boolean;
  readonly group?: string;
  readonly sum?: string;
  readonly asOf?: string;
  readonly knownAt?: string;
  readonly position?: string;
  readonly minPosition?: string;
  readonly tz?: string;
  readonly meta?: boolean;
  readonly columns?: string;
}

type Parameters = Readonly<Record<string, string | readonly string[]>>;
type Document = Readonly<Record<string, unknown>>;

interface Answer {
  readonly view: string;
  readonly version: number;
  readonly definition: string;
  readonly position: string;
  readonly asOf?: string;
  readonly knownAt?: string;
  readonly key?: string;
  readonly document?: Document;
  readonly items?: readonly { readonly key: string; readonly document: Document }[];
  readonly next?: string;
  readonly groups?: readonly Document[];
}

/** `annals query [view] [key]`: documents, lists and groups of a view, of today or of any day. */
export function queryCommand(terminal: Terminal, registry: Registry): Command {
  const command = new Command('query')
    .description(
      'Ask a view: one document, a list, or groups with counts and sums; today or as of any day. Without a view: lists the views.',
    )
    .argument('[view]', 'name of the view')
    .argument('[key]', 'key of one document')
    .option(
      '--filter <field=value>',
      'keep documents with this value; field[gte]=, [gt], [lte], [lt], [in]= (values separated by commas); may be repeated',
      collect,
    )
    .option('--sort <field>', 'order: a field of the view, or -field for descending')
    .option('--limit <number>', 'documents in a page', wholeNumber)
    .option('--cursor <text>', 'go on after an earlier page')
    .option('--all', 'follow the pages to the end')
    .option('--group <fields>', 'count and add up by these fields; of a moment: field:day, :month, :quarter, :year')
    .option('--sum <fields>', 'what groups add up; amount if the view has it')
    .option('--as-of <day>', 'only what had occurred by then (a day: by its end)', dayOrMoment)
    .option('--known-at <day>', 'only what had been recorded by then', dayOrMoment)
    .option('--position <position>', 'the answer as it was at this position')
    .option('--min-position <position>', 'wait until the view has this position: reads your own write')
    .option('--tz <zone>', 'whose day ends, an IANA zone; UTC if left out')
    .option('--columns <fields>', 'fields of the documents to print as columns of a list, in this order')
    .option('--meta', 'with --json: also view, version, definition and position of the answer');
  return withServer(command)
    .addHelpText(
      'after',
      `\nViews:\n${[...registry.views.values()].map(({ name, description }) => `  ${name.padEnd(16)} ${description}`).join('\n')}\nTheir fields: docs/reference/views.md, or one document of the view.\n${examples(
        'annals query pipeline --group phase --as-of 2017-03-31 --json',
        "annals query pipeline --filter phase=PROPOSAL --filter 'amount[gte]=100000' --sort -amount --limit 10",
        'annals query customer360 4be5c5f0-0a34-5a8e-9d5f-0a1f4b8f5a11',
      )}`,
    )
    .action((view: string | undefined, key: string | undefined, flags: QueryFlags) => {
      if (view === 'help') return command.help();
      const definition = view === undefined ? undefined : registry.views.get(view);
      if (definition) checkColumns(flags, Object.keys(definition.document.properties), key);
      const sums = (definition?.sums ?? {}) as Readonly<Record<string, string | null>>;
      const parameters = parametersFrom(flags, sums);
      return connected(terminal, flags, async ({ client }) => {
        if (view === undefined) return listViews(terminal, client, flags);
        const path = `/v1/views/${encodeURIComponent(view)}${key === undefined ? '' : `/${encodeURIComponent(key)}`}`;
        const answer = await ask(client, path, parameters, flags.all ?? false);
        if (flags.json) printJson(terminal, flags.meta ? answer : bare(answer));
        else printText(terminal, readable(ordered(answer, definition?.document), sums, flags));
      });
    });
}

const columnsOf = ({ columns }: QueryFlags) => columns?.split(',').map((column) => column.trim());

function checkColumns(flags: QueryFlags, fields: readonly string[], key: string | undefined): void {
  const columns = columnsOf(flags);
  if (!columns) return;
  if (key !== undefined || flags.group !== undefined) throw usage('--columns is for lists of documents.');
  const unknown = columns.find((column) => !fields.includes(column));
  if (unknown !== undefined) throw usage(`--columns: there is no field ${unknown}; allowed: ${fields.join(', ')}.`);
}

/** Flags as the query parameters of the HTTP interface. */
export function parametersFrom(flags: QueryFlags, sums: Readonly<Record<string, string | null>>): Parameters {
  const parameters: Record<string, string[]> = {};
  const put = (name: string, value: string | number | undefined) => {
    if (value !== undefined) parameters[name] = [...(parameters[name] ?? []), String(value)];
  };
  for (const filter of flags.filter ?? []) {
    const [, field, value] = /^([^=]+)=(.*)$/s.exec(filter) ?? [];
    if (field === undefined) throw usage(`--filter ${filter}: write field=value or field[gte]=value.`);
    put(field, value);
  }
  put('sort', flags.sort);
  put('limit', flags.limit ?? (flags.all ? 500 : undefined));
  put('cursor', flags.cursor);
  put('group', flags.group);
  put('sum', flags.sum ?? (flags.group !== undefined && 'amount' in sums ? 'amount' : undefined));
  put('asOf', flags.asOf);
  put('knownAt', flags.knownAt);
  put('position', flags.position);
  put('minPosition', flags.minPosition);
  put('tz', flags.tz);
  return parameters;
}

async function ask(client: Client, path: string, parameters: Parameters, all: boolean): Promise<Answer> {
  const first = await client.get<Answer>(path, parameters);
  if (!all || !first.items) return first;
  const items = [...first.items];
  for (let { next } = first; next !== undefined; ) {
    const page = await client.get<Answer>(path, { ...parameters, cursor: next });
    items.push(...(page.items ?? []));
    next = page.next;
  }
  const { next: _, ...rest } = first;
  return { ...rest, items };
}

/** People read documents in the order in which their view declares its fields. */
const ordered = (answer: Answer, shape: object | undefined): Answer => ({
  ...answer,
  ...(answer.document && { document: inDeclaredOrder(answer.document, shape) as Document }),
  ...(answer.items && {
    items: answer.items.map((item) => ({ ...item, document: inDeclaredOrder(item.document, shape) as Document })),
  }),
});

/** Without what the answer says of itself. */
function bare({ key, document, items, next, groups }: Answer): unknown {
  if (groups) return { groups };
  if (items) return { items, ...(next !== undefined && { next }) };
  return { key, document };
}

function readable(answer: Answer, sums: Readonly<Record<string, string | null>>, flags: QueryFlags): string {
  const { document, items, groups, next } = answer;
  const foot = `\n${footOf(answer)}`;
  const columns = columnsOf(flags);
  if (document) return `${sheet(document, sums)}\n${foot}`;
  if (groups)
    return groups.length === 0
      ? `Nothing.${foot}`
      : `${table(groups.map((group) => cellsOf(group, { ...sums, ...weighted(group) })))}\n${foot}`;
  const rows = items ?? [];
  if (rows.length === 0) return `Nothing.${foot}`;
  const cells = rows.map((item) => cellsOf(columns ? item.document : simple(item.document), sums));
  const more = next === undefined ? '' : `\nMore: --all, or --cursor ${next}`;
  return `${table(cells, columns ? { columns } : {})}\n${foot}${more}`;
}

/** Sums carry their currency in the group itself. */
const weighted = (group: Document): Readonly<Record<string, string>> =>
  typeof group.currency === 'string'
    ? Object.fromEntries(Object.keys(group).flatMap((name) => (name === 'count' ? [] : [[name, 'currency']])))
    : {};

/** Lists show what fits a cell; the document itself (`annals query view key`) shows everything. */
const simple = (document: Document): Document =>
  Object.fromEntries(
    Object.entries(document).filter(
      ([, value]) => typeof value !== 'object' || value === null || 'sealed' in value || 'erased' in value,
    ),
  );

function footOf({ view, version, position, asOf, knownAt }: Answer): string {
  const times = [asOf && `as of ${formatMoment(asOf)}`, knownAt && `known at ${formatMoment(knownAt)}`]
    .filter(Boolean)
    .join(', ');
  return `${view} version ${version}${times ? `, ${times}` : ''}, position ${position}`;
}

async function listViews(terminal: Terminal, client: Client, flags: QueryFlags): Promise<void> {
  const answer = await client.get<
    { readonly views?: readonly Document[]; readonly items?: readonly Document[] } | readonly Document[]
  >('/v1/views');
  const views = Array.isArray(answer)
    ? answer
    : ((answer as { views?: readonly Document[]; items?: readonly Document[] }).views ??
      (answer as { items?: readonly Document[] }).items ??
      []);
  if (flags.json) return printJson(terminal, { views });
  const rows = (views as readonly Document[]).map((view) =>
    cellsOf({ view: view.view ?? view.name, version: view.version, description: view.description }),
  );
  printText(terminal, table(rows));
}
