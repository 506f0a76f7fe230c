// Breaks the code on purpose, once for each promise, in a copy of the tree, and expects the promise's test to turn red.
// node scripts/sabotage.mjs [name …]; the list is test/promises/sabotage.json. One that `needs` a variable is skipped without it.
// A test that hangs has not turned red: nobody would learn from it what is broken.
// `only` names the test that has to turn red; nothing runs after the first failure. `builds` says that the test starts programs or threads of
// dist/ which have to be broken too: with what was built before, judge and judged would differ in any case.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { bounded } from './bounded.mjs';
import { ensure, root } from './ensure.mjs';
import { tellFailures } from './failures.mjs';

await ensure({ build: true });
const wanted = process.argv.slice(2);
const list = JSON.parse(readFileSync(path.join(root, 'test/promises/sabotage.json'), 'utf8'));
const chosen = list.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const PARTS = [
  'apps',
  'libs',
  'bench',
  'test',
  'scripts',
  'package.json',
  'package-lock.json',
  'jest.config.mjs',
  '.swcrc',
  'tsconfig.json',
  'tsconfig.base.json',
  'mappings',
  'dist',
];
/** One test keeps one core busy. */
const AT_ONCE = Math.min(2, availableParallelism());
/** Milliseconds for the tests of one sabotage. */
const WITHIN = 180_000;
const folder = mkdtempSync(path.join(tmpdir(), 'annals-sabotage-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

let failed = 0;
let skipped = 0;
// one that builds leaves dist/ broken for those that do not
const waiting = chosen.toSorted((one, other) => Number(one.builds ?? false) - Number(other.builds ?? false));
await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => inCopy(path.join(folder, String(number)))));
process.stdout.write(
  `${chosen.length - failed - skipped} of ${chosen.length} sabotages noticed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
);
process.exit(failed > 0 || chosen.length === 0 ? 1 : 0);

async function inCopy(copy) {
  for (const part of PARTS) cpSync(path.join(root, part), path.join(copy, part), { recursive: true, preserveTimestamps: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  for (let next = waiting.shift(); next; next = waiting.shift()) await sabotage(copy, next);
}

async function sabotage(copy, { name, file, find, replace, test, only, needs, builds }) {
  if (needs && !process.env[needs]) {
    skipped++;
    process.stdout.write(`skipped  ${name}: ${needs} is not set\n`);
    return;
  }
  const target = path.join(copy, file);
  const text = readFileSync(target, 'utf8');
  const places = text.split(find).length - 1;
  if (places !== 1) {
    report(name, false, `the text to replace stands ${places} times in ${file}; name another`);
    return;
  }
  writeFileSync(
    target,
    text.replace(find, () => replace),
  );
  const args = [
    ...['scripts/test.mjs', ...(builds ? [] : ['--as-built']), test, ...(only ? ['-t', only] : [])],
    ...['--runInBand', '--bail', '--testEnvironment=./test/support/first-failure.mjs'],
  ];
  const { code, said, hung } = await bounded(args, { cwd: copy, milliseconds: WITHIN });
  writeFileSync(target, text);
  if (hung) {
    report(
      name,
      false,
      `the tests of ${test} did not end within ${WITHIN / 1000} s: a test that waits needs a limit, and to turn red`,
    );
    return;
  }
  const summary = /Tests: +(?:(\d+) failed)?/.exec(said);
  const red = code !== 0 && summary?.[1] !== undefined;
  report(name, red, red ? `${summary[1]} turned red` : `the tests of ${test} did not notice\n${said.slice(-1500)}`);
}

function report(name, ok, what) {
  if (!ok) failed++;
  if (ok) process.stdout.write(`noticed  ${name}: ${what}\n`);
  else tellFailures([`MISSED   ${name}: ${what}`]);
}
