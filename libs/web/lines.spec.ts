import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linesOf } from './lines.js';

async function* chunks(parts: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* parts;
}
async function read(parts: readonly (string | Buffer)[], limit = 100) {
  const found: { number: number; text: string | undefined }[] = [];
  for await (const { number, bytes } of linesOf(chunks(parts.map((part) => Buffer.from(part as string))), limit)) {
    found.push({ number, text: bytes?.toString() });
  }
  return found;
}

describe('lines of a stream', () => {
  it('are numbered from 1; empty ones count and are left out', async () => {
    expect(await read(['a\n\nb\r\n', '\r\nc'])).toEqual([
      { number: 1, text: 'a' },
      { number: 3, text: 'b' },
      { number: 5, text: 'c' },
    ]);
  });

  it('lose a byte order mark at the start only', async () => {
    expect(await read(['\uFEFFa\n\uFEFFb'])).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: '\uFEFFb' },
    ]);
  });

  it('that are too long come without bytes, and those after them are whole', async () => {
    expect(await read(['aa\n', 'b'.repeat(60), 'b'.repeat(60), '\nc\n'])).toEqual([
      { number: 1, text: 'aa' },
      { number: 2, text: undefined },
      { number: 3, text: 'c' },
    ]);
  });

  it('are the same however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'ä', '\n', '\r', '{', '😀') }), { maxLength: 20 }),
        fc.array(fc.nat(200), { maxLength: 8 }),
        async (texts, cuts) => {
          const whole = Buffer.from(texts.join(''));
          const ends = [...cuts.filter((cut) => cut < whole.length).sort((one, other) => one - other), whole.length];
          const parts = ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end));
          expect(await read(parts)).toEqual(await read([whole]));
        },
      ),
    );
  });
});
