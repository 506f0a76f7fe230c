import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { commands } from './commands.bench.js';
import { append } from './engines/append.bench.js';
import { kafka } from './engines/kafka.bench.js';
import { mirror } from './engines/mirror.bench.js';
import { mongodb } from './engines/mongodb.bench.js';
import { mongodbRebuild } from './engines/mongodb-rebuild.bench.js';
import { growth } from './growth.bench.js';
import { limits } from './limits.bench.js';
import { mixed } from './mixed.bench.js';
import { past } from './past.bench.js';
import { rebuild } from './rebuild.bench.js';
import type { Bench, Measure } from './support/measure.js';
import { writeResults } from './support/results.js';
import { visible } from './visible.bench.js';

const embedded: Readonly<Record<string, Bench>> = { commands, visible, rebuild, growth, past, limits, mixed };
/** They need ANNALS_TEST_MONGODB and ANNALS_TEST_KAFKA, which `.ci/engines/*.sh` print; EventStoreDB is the stand-in unless ANNALS_TEST_EVENTSTOREDB names one. */
const distributed: Readonly<Record<string, Bench>> = { append, mongodb, kafka, 'mongodb-rebuild': mongodbRebuild, mirror };
const benches = { ...embedded, ...distributed };
const names = Object.keys(benches).join(', ');

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    engines: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: 'bench/results' },
    help: { type: 'boolean', default: false },
  },
});
const unknown = values.only.filter((name) => !(name in benches));
if (values.help || unknown.length > 0) {
  process.stdout.write(
    `npm run bench -- [--short] [--engines] [--only NAME]… [--out FOLDER]\nBenches: ${names}. Results go to bench/results; --short to bench/results/local.\nExample: npm run bench -- --short --only commands\n`,
  );
  process.exit(values.help ? 0 : 2);
}

const folder = mkdtempSync(join(tmpdir(), 'annals-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const began = Date.now();
const measures: Measure[] = [];
const chosen = values.only.length > 0 ? benches : values.engines ? distributed : embedded;
for (const [name, bench] of Object.entries(chosen)) {
  if (values.only.length > 0 && !values.only.includes(name)) continue;
  const say = (line: string) => process.stderr.write(`${((Date.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${line}\n`);
  say(name);
  try {
    measures.push(...(await bench({ short: values.short, folder, say })));
  } catch (error) {
    // What the others measured took long; it is written all the same.
    say(`${name} failed: ${error instanceof Error ? error.stack : error}`);
    process.exitCode = 1;
  }
}
const out = values.short && values.out === 'bench/results' ? 'bench/results/local' : values.out;
const { table, files } = writeResults(measures, out, values.short);
process.stdout.write(`${table}\nWritten to ${files.join(' and ')}.\n`);
