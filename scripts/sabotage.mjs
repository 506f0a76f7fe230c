// Breaks the code on purpose, once for each promise, in a copy of the tree, and expects the promise's test to turn red.
// node scripts/sabotage.mjs [name …]; the list is test/promises/sabotage.json. One that `needs` a variable is skipped without it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensure, root } from './ensure.mjs';
import { tellFailures } from './failures.mjs';

await ensure({ build: true });
const wanted = process.argv.slice(2);
const list = JSON.parse(readFileSync(path.join(root, 'test/promises/sabotage.json'), 'utf8'));
const chosen = list.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const copy = mkdtempSync(path.join(tmpdir(), 'annals-sabotage-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const part of [
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
]) {
  cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
}
cpSync(path.join(root, 'dist'), path.join(copy, 'dist'), { recursive: true, preserveTimestamps: true });
symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));

let failed = 0;
let skipped = 0;
for (const { name, file, find, replace, test, only, needs } of chosen) {
  if (needs && !process.env[needs]) {
    skipped++;
    process.stdout.write(`skipped  ${name}: ${needs} is not set\n`);
    continue;
  }
  const target = path.join(copy, file);
  const text = readFileSync(target, 'utf8');
  const places = text.split(find).length - 1;
  if (places !== 1) {
    report(name, false, `the text to replace stands ${places} times in ${file}; name another`);
    continue;
  }
  writeFileSync(
    target,
    text.replace(find, () => replace),
  );
  const run = spawnSync(process.execPath, ['scripts/test.mjs', test, ...(only ? ['-t', only] : [])], {
    cwd: copy,
    encoding: 'utf8',
    timeout: 180_000,
  });
  writeFileSync(target, text);
  const summary = /Tests: +(?:(\d+) failed)?/.exec(run.stderr ?? '');
  const red = run.status !== 0 && summary?.[1] !== undefined;
  report(name, red, red ? `${summary[1]} turned red` : `the tests of ${test} did not notice\n${(run.stderr ?? '').slice(-1500)}`);
}
process.stdout.write(
  `${chosen.length - failed - skipped} of ${chosen.length} sabotages noticed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
);
process.exit(failed > 0 || chosen.length === 0 ? 1 : 0);

function report(name, ok, what) {
  if (!ok) failed++;
  if (ok) process.stdout.write(`noticed  ${name}: ${what}\n`);
  else tellFailures([`MISSED   ${name}: ${what}`]);
}
