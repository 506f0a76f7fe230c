import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Command, Option } from 'commander';
import fc from 'fast-check';
import { exitCodes } from '../../apps/cli/client/problems.js';
import { programOf, run } from '../../apps/cli/program.js';
import type { Terminal } from '../../apps/cli/terminal.js';
import { loadConfig } from '../../apps/server/config.js';
import { type RunningServer, startServer } from '../../apps/server/start.js';
import { temporaryFolder } from '../support/house.js';

const documented = new Set<number>(Object.values(exitCodes));
const root = temporaryFolder();
const here = process.cwd();
let server: RunningServer;
let env: Record<string, string>;

beforeAll(async () => {
  env = {
    ANNALS_DATA: path.join(root, 'data'),
    ANNALS_SECRETS: path.join(root, 'secrets'),
    ANNALS_PORT: '0',
    ANNALS_LOG_LEVEL: 'silent',
  };
  server = await startServer(loadConfig(env));
  mkdirSync(path.join(root, 'here'));
  // some commands write into the folder they are called in
  process.chdir(path.join(root, 'here'));
}, 60_000);
afterAll(async () => {
  process.chdir(here);
  await server?.close();
}, 60_000);

/** Exit code and everything that was said. */
async function said(args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  let text = '';
  const keep = (part: string) => {
    text += part;
  };
  const terminal: Terminal = { out: keep, note: keep, env, isInteractive: false };
  const code = await run(args, terminal);
  return { code, text };
}

function expectWords({ code, text }: { readonly code: number; readonly text: string }): void {
  expect(documented).toContain(code);
  expect(text).not.toMatch(/^\s+at .+[:(]\d+|node:internal|TypeError|undefined is not|\[object Object\]/m);
  if (code === exitCodes.usage) expect(text.trim()).not.toBe('');
}

const odd = fc.constantFrom(
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1e999',
    'null',
    'true',
    '{}',
    '[',
    '"',
    '--',
    '-',
    'é',
    '\u0000',
    '\ud800',
    '\u202e',
    'a'.repeat(5000),
  ],
  ...[
    '2026-01-01',
    '2026-02-30',
    '9999-12-31T23:59:59Z',
    'pipeline',
    'customer360',
    '../../etc/passwd',
    'http://127.0.0.1:1',
    'a=b',
    'a[b]=c',
    '%00',
    '%',
  ],
  ...['8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10', 'EUR', 'sales', 'admin,operator', '@', 'key', 'name=\u0000'],
);
const value = fc.oneof({ weight: 3, arbitrary: odd }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) });
/** Only where a run may write or look. */
const file = fc.constantFrom(
  'x',
  'made/here',
  path.join(root, 'elsewhere'),
  '/dev/null',
  '/dev/null/x',
  '/proc/x',
  'a\u0000b',
  '\ud800',
  'n'.repeat(300),
);

const quietTerminal: Terminal = { out: () => {}, note: () => {}, env: {}, isInteractive: false };
const leaves = (command: Command, before: readonly string[] = []): readonly { words: readonly string[]; command: Command }[] =>
  command.commands.length === 0
    ? [{ words: before, command }]
    : command.commands.flatMap((inner) => leaves(inner, [...before, inner.name()]));
/** `start` runs until it is told to stop: of it only what is refused is tried, below. */
const all = leaves(programOf(quietTerminal)).filter(({ words }) => words[0] !== 'start');

const namesFile = ({ flags, description }: Option) => /<(file|folder)>/.test(flags) || /folder|file/.test(description);

function argumentsOf({ words, command }: (typeof all)[number]): fc.Arbitrary<readonly string[]> {
  const flags = command.options.map((option) => {
    const flag = option.long ?? option.short ?? '';
    const given = namesFile(option) ? file : value;
    const one = option.required || option.optional ? given.map((text) => [flag, text]) : fc.constant([flag]);
    return option.mandatory
      ? fc.oneof({ weight: 9, arbitrary: one }, { weight: 1, arbitrary: fc.constant([]) })
      : fc.oneof({ weight: 4, arbitrary: fc.constant([] as string[]) }, { weight: 1, arbitrary: one });
  });
  const wild = fc.array(
    fc.oneof(
      value,
      value.map((text) => `--${text}`),
    ),
    { maxLength: 2 },
  );
  return fc
    .tuple(
      fc.oneof(
        { weight: 6, arbitrary: fc.tuple(...command.registeredArguments.map(() => value)) },
        { weight: 1, arbitrary: fc.array(value, { maxLength: 3 }) },
      ),
      fc.tuple(...flags),
      wild,
      fc.boolean(),
    )
    .map(([positional, options, more, isWild]) => [...words, ...positional, ...options.flat(), ...(isWild ? more : [])]);
}

describe('the command line', () => {
  it.each(all.map((leaf) => [leaf.words.join(' '), leaf] as const))(
    'annals %s says in words what is wrong with any arguments, and exits with a documented code',
    async (_, leaf) => {
      await fc.assert(
        fc.asyncProperty(argumentsOf(leaf), async (args) => expectWords(await said(args))),
        { numRuns: 10 },
      );
    },
    120_000,
  );

  it('refuses words that are no command, and settings of a start that cannot be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 4 }), async (words) => expectWords(await said(words))),
      { numRuns: 60 },
    );
    for (const port of ['-1', '65536', 'x', '', '1.5', '\u0000']) expectWords(await said(['start', '--port', port]));
    for (const data of ['/dev/null/x', '/proc/x', 'a\u0000b']) {
      const told = await said(['start', '--data', data]);
      expect(told.code).toBe(exitCodes.refused);
    }
  }, 60_000);
});

describe('an import', () => {
  const mapping = `
mapping: fuzz
cutOver: 2026-01-01T00:00:00.000Z
sources:
  customers:
    file: customers.csv
    columns: [name, mail]
    identity: [name]
    defines: customer
    steps:
      - command: RegisterCustomer
        at: =moment('2020-01-01')
        payload: { customerId: '=id(customer, {name})', kind: PERSON, name: '={name}', email: '={mail}' }
  deals:
    file: deals.ndjson
    format: ndjson
    columns: [deal, customer, price, opened]
    identity: [deal]
    steps:
      - command: OpenOpportunity
        at: =moment({opened!}, '12:00')
        payload: { opportunityId: '=id(deal, {deal})', customerId: '=ref(customer, {customer!})', amount: '=money({price!}, EUR)', currency: EUR }
`;
  const customers = 'name,mail\nAda,ada@example.org\n"Bea ""B""\nX",bea@example.org\n';
  const deals =
    '{"deal":"1","customer":"Ada","price":"12.50","opened":"2025-01-05"}\n{"deal":"2","customer":"Bea","price":"7","opened":"2025-02-30"}\n';

  /** Bytes overwritten, put in, taken out, repeated. */
  const mangled = (text: string) =>
    fc
      .array(fc.tuple(fc.nat(), fc.constantFrom('set', 'insert', 'cut', 'repeat', 'end'), fc.uint8Array({ maxLength: 4 })), {
        maxLength: 6,
      })
      .map((changes) => {
        let bytes = Buffer.from(text);
        for (const [place, how, put] of changes) {
          const at = bytes.length === 0 ? 0 : place % bytes.length;
          const rest = how === 'insert' ? at : how === 'cut' ? at + 7 : at + put.length;
          const after =
            how === 'repeat' ? bytes.subarray(Math.max(0, at - 20)) : how === 'end' ? Buffer.alloc(0) : bytes.subarray(rest);
          bytes = Buffer.concat([bytes.subarray(0, at), how === 'cut' ? Buffer.alloc(0) : put, after]);
        }
        return bytes;
      });

  it('of mangled files checks each row or says that it cannot, and accounts for all of them', async () => {
    const folder = path.join(root, 'source');
    mkdirSync(folder);
    writeFileSync(path.join(root, 'fuzz.yml'), mapping);
    const outcomes = new Set<number>();
    await fc.assert(
      fc.asyncProperty(mangled(customers), mangled(deals), async (one, other) => {
        writeFileSync(path.join(folder, 'customers.csv'), one);
        writeFileSync(path.join(folder, 'deals.ndjson'), other);
        const told = await said(['import', '--mapping', path.join(root, 'fuzz.yml'), '--source', folder, '--dry-run', '--json']);
        expectWords(told);
        outcomes.add(told.code);
        if (told.code !== exitCodes.ok && told.code !== exitCodes.partial) return;
        const { sources } = JSON.parse(told.text) as { sources: Record<string, number>[] };
        for (const { read, imported, unchanged, rejected, skipped } of sources)
          expect(read).toBe((imported ?? 0) + (unchanged ?? 0) + (rejected ?? 0) + (skipped ?? 0));
      }),
      { numRuns: 150 },
    );
    expect(outcomes).toContain(exitCodes.partial);
    expect(outcomes).toContain(exitCodes.refused);
  }, 120_000);

  it('with a mangled mapping is refused, or is still one', async () => {
    const file = path.join(root, 'mangled.yml');
    await fc.assert(
      fc.asyncProperty(mangled(mapping), async (text) => {
        writeFileSync(file, text);
        const told = await said(['import', '--mapping', file, '--source', path.join(root, 'source'), '--dry-run']);
        expectWords(told);
      }),
      { numRuns: 120 },
    );
  }, 120_000);
});
