import { formatMoment, formatMoney } from './money.js';

export interface Cell {
  readonly text: string;
  readonly right: boolean;
}

const RULE = '─';
const WIDEST = 48;

/** Columns in the order of their first appearance; numbers and money to the right. Ends without a line end. */
export function table(
  rows: readonly Readonly<Record<string, Cell>>[],
  { columns }: { readonly columns?: readonly string[] } = {},
): string {
  const names = columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const widths = names.map((name) => Math.max(widthOf(name), ...rows.map((row) => widthOf(row[name]?.text ?? ''))));
  const right = names.map((name) => rows.some((row) => row[name]?.right));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => pad(text, widths[index] ?? 0, right[index] ?? false))
      .join('  ')
      .trimEnd();
  return [
    line(names),
    line(widths.map((width) => RULE.repeat(width))),
    ...rows.map((row) => line(names.map((name) => row[name]?.text ?? ''))),
  ].join('\n');
}

/** A document or group as cells. `sums` names the fields that are money, each with the field of its currency. */
export function cellsOf(
  document: Readonly<Record<string, unknown>>,
  sums: Readonly<Record<string, string | null>> = {},
): Readonly<Record<string, Cell>> {
  const cells: Record<string, Cell> = {};
  for (const [name, value] of Object.entries(document)) {
    const currency = currencyOf(document, sums[name] ?? undefined);
    if (typeof value === 'number' && currency !== undefined) cells[name] = { text: formatMoney(value, currency), right: true };
    else cells[name] = { text: shortened(textOf(value)), right: typeof value === 'number' };
  }
  return cells;
}

/** One document, a line each field, nested ones indented. `inherited` is the currency of amounts that name none themselves. */
export function sheet(document: Document, sums: Sums = {}, inherited?: string, indent = ''): string {
  const present = Object.entries(document).filter(
    ([name, value]) => value !== undefined && value !== null && !isLink(name, value),
  );
  const width = Math.max(0, ...present.map(([name]) => name.length));
  return present
    .map(([name, value]) => `${indent}${name.padEnd(width)}  ${nested(name, value, document, sums, inherited, indent)}`.trimEnd())
    .join('\n');
}

function nested(
  name: string,
  value: unknown,
  document: Document,
  sums: Sums,
  inherited: string | undefined,
  indent: string,
): string {
  const currency = currencyOf(document, sums[name] ?? undefined);
  if (typeof value === 'number' && currency !== undefined) return formatMoney(value, currency);
  const below = currencyOf(document, 'currency') ?? inherited;
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    if (value.every((element) => typeof element !== 'object')) return value.map(textOf).join(', ');
    const rows = (value as Document[]).map((element) => {
      const flat = Object.fromEntries(Object.entries(element).filter(([key, member]) => isCell(member) && !isLink(key, member)));
      return cellsOf(
        { ...flat, ...(below !== undefined && { currency: flat.currency ?? below }) },
        moneyFields({ currency: below, ...flat }),
      );
    });
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((column) => column !== 'currency');
    const lines = table(rows, { columns }).split('\n');
    return `\n${lines.map((line) => `${indent}    ${line}`).join('\n')}`;
  }
  if (typeof value === 'object' && value !== null) {
    if (isHidden(value)) return textOf(value);
    if (Object.keys(value).length === 0) return 'none';
    return `\n${sheet(value as Document, moneyFields(value), below, `${indent}    `)}`;
  }
  return textOf(value).replace(/\s*\n\s*/g, ', ');
}

type Document = Readonly<Record<string, unknown>>;
type Sums = Readonly<Record<string, string | null>>;

const isCell = (value: unknown) => typeof value !== 'object' || value === null || isHidden(value);
/** The fact that a piece came from is for programs; `--json` shows it. */
const isLink = (name: string, value: unknown) =>
  name === 'event' && typeof value === 'object' && value !== null && 'stream' in value;

/** Nested objects have no declaration at hand: whole numbers beside a `currency` whose names say so are money. */
export function moneyFields(value: object): Readonly<Record<string, string | null>> {
  if (typeof (value as { currency?: unknown }).currency !== 'string') return {};
  // On a line that counts things, `invoiced` counts things too.
  const money = 'quantity' in value ? PRICE : MONEY;
  return Object.fromEntries(
    Object.keys(value)
      .filter((name) => money.test(name))
      .map((name) => [name, 'currency']),
  );
}

const PRICE = /(amount|price)$/i;
const MONEY = /(^|[a-z])(amount|price|ordered|invoiced|paid|open|credited|refunded|refundable|weighted|overdue)$/i;

function currencyOf(document: Readonly<Record<string, unknown>>, field: string | undefined): string | undefined {
  const currency = field === undefined ? undefined : document[field];
  return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : undefined;
}

const isHidden = (value: object) => 'sealed' in value || 'erased' in value;

export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return harmless(formatMoment(value));
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) && value.every((element) => typeof element !== 'object')) return harmless(value.join(', '));
  if ('sealed' in value) return '(sealed)';
  if ('erased' in value) return '(erased)';
  return JSON.stringify(value);
}

/** What a terminal would obey, as text: names and subjects come from outside. */
const harmless = (text: string): string =>
  text.replace(COMMANDS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** Control characters but for tabs and line ends, and those that turn the direction of text. */
const COMMANDS = /[^\P{Cc}\t\r\n]|[\u202a-\u202e\u2066-\u2069]/gu;

const shortened = (text: string) => {
  const line = text.replace(/\s*\n\s*/g, ', ');
  return [...line].length > WIDEST ? `${[...line].slice(0, WIDEST - 1).join('')}…` : line;
};

const widthOf = (text: string) => [...text].length;
const pad = (text: string, width: number, right: boolean) =>
  right ? ' '.repeat(width - widthOf(text)) + text : text + ' '.repeat(width - widthOf(text));
