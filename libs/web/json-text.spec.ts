import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#runtime/problem';
import { repeatedMember } from '#runtime/repeated-member';
import { jsonErrorOffset, parseJson } from './json-text.js';

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
const problemOf = (bytes: Buffer): Problem => {
  try {
    parseJson(bytes);
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('It was taken.');
};

describe('malformed JSON', () => {
  it.each([
    ['{"a":1,\n "b" 2}', 2, 6],
    ['{"a":1,}', 1, 8],
    ['[1,]', 1, 4],
    ['{"a":tru}', 1, 6],
    ['{"a":"x\ny"}', 1, 8],
    ['{"a":"\\x"}', 1, 7],
    ['{"a":01}', 1, 7],
    ['{"a":1', 1, 7],
    ['{} {}', 1, 4],
    ['\n\n  x', 3, 3],
    ["{'a':1}", 1, 2],
  ])('%j is named at line %i, column %i', (text, line, column) => {
    const problem = problemOf(Buffer.from(text));
    expect(problem).toMatchObject({ status: 400, code: 'malformed-json', options: { members: { line, column } } });
    expect(problem.message).toBe(`Not valid JSON at line ${line}, column ${column}; correct it there.`);
  });

  it('that is not UTF-8 is refused rather than repaired', () => {
    expect(problemOf(Buffer.from([0x22, 0xff, 0x22])).message).toBe('The text is not valid UTF-8; send it in that encoding.');
  });

  it('is found where JSON.parse fails, and nowhere else', () => {
    const text = fc.oneof(
      fc
        .json()
        .chain((valid) =>
          fc
            .tuple(fc.nat(valid.length), fc.constantFrom('', ',', '"', '}', ']', '0', '-', '\\', 'e'))
            .map(([at, extra]) => valid.slice(0, at) + extra + valid.slice(at)),
        ),
      fc.json().chain((valid) => fc.nat(valid.length).map((at) => valid.slice(0, at) + valid.slice(at + 1))),
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '1', '-', '.', 'e', 't', ' ', '\\', 'u') }),
    );
    fc.assert(
      fc.property(text, (given) => {
        if (!isJson(given)) {
          const offset = jsonErrorOffset(given);
          expect(offset).toBeLessThanOrEqual(given.length);
          // what is before the place could be the start of something valid: the fault is not earlier
          if (offset < given.length) expect(jsonErrorOffset(given.slice(0, offset))).toBe(offset);
        } else if (repeatedMember(given, JSON.parse(given)) === undefined)
          expect(parseJson(Buffer.from(given))).toEqual(JSON.parse(given));
      }),
      { numRuns: 2000 },
    );
  });

  it('is found in very deep and very long texts', () => {
    expect(jsonErrorOffset('['.repeat(200_000))).toBe(200_000);
    expect(jsonErrorOffset(`"${'x'.repeat(1_000_000)}`)).toBe(1_000_001);
  });
});

describe('a member that comes twice', () => {
  it.each([
    ['{"amount":1,"amount":2}', 'amount', 1, 13],
    ['{"a":{"b":1},\n "c":[{"b":1},{"d":1, "d" :2}]}', 'd', 2, 23],
    ['{"a\\"":1,"a\\u0022":2}', 'a"', 1, 10],
    ['{"":1,"":2}', '', 1, 7],
  ])('%j is refused', (text, field, line, column) => {
    expect(problemOf(Buffer.from(text))).toMatchObject({
      status: 400,
      code: 'malformed-json',
      options: { members: { line, column }, errors: [{ field }] },
    });
  });

  it('is found in any text, and nothing else is taken for one', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
    const names = fc.string({ unit: fc.constantFrom('"', '\\', ':', ',', '{', '}', ' ', 'a'), maxLength: 5 });
    fc.assert(
      fc.property(fc.uniqueArray(names, { minLength: 1, maxLength: 4 }), fc.nat(), (unique, index) => {
        const members = unique.map((name) => `${JSON.stringify(name)} : ${JSON.stringify(`${name}":`)}`);
        const twice = [...members, members[index % members.length]];
        expect(parseJson(Buffer.from(`{${members.join()}}`))).toBeDefined();
        expect(problemOf(Buffer.from(`{${twice.join()}}`)).options.errors?.[0]?.field).toBe(unique[index % unique.length]);
      }),
    );
  });
});
