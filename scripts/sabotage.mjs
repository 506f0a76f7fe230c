// Breaks the code on purpose, once for each promise, in a copy of the tree, and expects the promise's test to turn red.
// node scripts/sabotage.mjs [name …]; the list is test/promises/sabotage.json. One that `needs` a variable is skipped without it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
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
const folder = mkdtempSync(path.join(tmpdir(), 'annals-sabotage-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

let failed = 0;
let skipped = 0;
const waiting = [...chosen];
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

async function sabotage(copy, { name, file, find, replace, test, only, needs }) {
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
  const { code, said } = await tested(copy, [test, ...(only ? ['-t', only] : [])]);
  writeFileSync(target, text);
  const summary = /Tests: +(?:(\d+) failed)?/.exec(said);
  const red = code !== 0 && summary?.[1] !== undefined;
  report(name, red, red ? `${summary[1]} turned red` : `the tests of ${test} did not notice\n${said.slice(-1500)}`);
}

async function tested(cwd, args) {
  const child = spawn(process.execPath, ['scripts/test.mjs', ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 180_000,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  return { code, said };
}

function report(name, ok, what) {
  if (!ok) failed++;
  if (ok) process.stdout.write(`noticed  ${name}: ${what}\n`);
  else tellFailures([`MISSED   ${name}: ${what}`]);
}
