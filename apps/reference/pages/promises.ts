import { code, page, table } from '../markdown.js';
import type { Source } from '../refusals.js';

interface Sabotage {
  readonly name: string;
  readonly file: string;
  readonly test: string;
}

/** Which tests hold each promise, and which change of the code must turn them red. */
export function promisesPage(tests: readonly Source[], sabotages: string | undefined): string {
  const known = sabotages === undefined ? [] : (JSON.parse(sabotages) as readonly Sabotage[]);
  const specs = tests.filter(({ path }) => path.startsWith('test/promises/') && path.endsWith('.spec.ts'));
  const numbers = [...new Set([...specs.map(({ path }) => promiseOf(path)), ...known.map(({ name }) => promiseOf(name))])];
  const parts = numbers
    .filter((promise) => promise !== undefined)
    .sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)))
    .map((promise) => {
      const own = specs.filter(({ path }) => promiseOf(path) === promise);
      const held = own.map(
        (spec) =>
          `[${spec.path}](../../${spec.path})\n\n${titlesIn(spec)
            .map((title) => `- ${title}`)
            .join('\n')}`,
      );
      const red = known
        .filter(({ name }) => promiseOf(name) === promise)
        .map(({ name, file }) => [name.replace(/^P\d+ /, ''), code(file)]);
      return [`## ${promise}`, ...held, red.length > 0 ? table(['sabotage', 'of'], red) : ''].filter(Boolean).join('\n\n');
    });
  const introduction = `What the tests of each promise say, and the sabotages: changes of the code, each of which must make a test fail. What the promises mean is
explained [here](../README.md#the-promises).`;
  return page('Tests of the promises', 'test/promises', introduction, ...parts);
}

const promiseOf = (text: string): string | undefined => /\b(P\d+)\b/.exec(text)?.[1];

const titlesIn = ({ text }: Source): readonly string[] =>
  [...text.matchAll(/^\s*it(?:\.\w+(?:\([^)]*\))?)?\(\s*(['"`])(.*?)\1/gm)].map(([, , title = '']) => title);
