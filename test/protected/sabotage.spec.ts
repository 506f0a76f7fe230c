import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

interface Sabotage {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly test: string;
  readonly only?: string;
}
const list = JSON.parse(readFileSync('test/promises/sabotage.json', 'utf8')) as readonly Sabotage[];
const specs = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.spec.ts'))
  .map((name) => `test/${name}`);
const promiseOf = (text: string) => /^P\d+/.exec(text)?.[0];

it.each(list)('the sabotage "$name" still fits the sources and the tests', ({ file, find, replace, test, only = '' }) => {
  expect([file, readFileSync(file, 'utf8').split(find).length - 1]).toEqual([file, 1]);
  expect(replace).not.toBe(find);
  const tests = specs.filter((spec) => spec.includes(test));
  expect([test, tests.length > 0]).toEqual([test, true]);
  expect([only, tests.some((spec) => readFileSync(spec, 'utf8').includes(only))]).toEqual([only, true]);
});

it('each promise that is tested has a sabotage, and no two have one name', () => {
  const names = list.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const tested = specs.flatMap((spec) => promiseOf(spec.replace('test/promises/', '')) ?? []);
  expect([...new Set(names.map(promiseOf))].sort()).toEqual([...new Set(tested)].sort());
});

it('a test that hangs is ended with all that it started, in bounded time', () => {
  const grandchild =
    "require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })";
  const program = `
    import { bounded } from './scripts/bounded.mjs';
    const hangs = await bounded(['-e', ${JSON.stringify(`${grandchild}; setInterval(() => {}, 1000)`)}], { milliseconds: 500 });
    const fails = await bounded(['-e', 'console.error("red"); process.exit(1)'], { milliseconds: 60_000 });
    console.log(JSON.stringify([hangs.hung, fails.hung, fails.code, fails.said]));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 50_000,
  });
  expect([stderr, JSON.parse(stdout)]).toEqual(['', [true, false, 1, 'red\n']]);
});
