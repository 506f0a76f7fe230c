import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvFields, decode, ndjsonRow, type RawRecord, RecordSplitter } from './records.js';

const COMMA = 0x2c;

async function split(
  content: string | Buffer,
  { chunk = 7, limit = 1000, delimiter = COMMA as number | undefined } = {},
): Promise<readonly RawRecord[]> {
  const bytes = Buffer.from(content);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const splitter = new RecordSplitter(chunks(), { delimiter, limit });
  const records: RawRecord[] = [];
  for (let record = await splitter.next(); record; record = await splitter.next())
    records.push({ ...record, bytes: Buffer.from(record.bytes) });
  return records;
}
const texts = (records: readonly RawRecord[]) =>
  records.map(({ line, bytes, tooLong }) => (tooLong ? `${line}: too long` : `${line}: ${bytes.toString()}`));

describe('records of a file', () => {
  it('end at LF and CRLF, with blank lines left out and counted', async () => {
    expect(texts(await split('a,b\r\n\r\nc,d\ne,f'))).toEqual(['1: a,b', '3: c,d', '4: e,f']);
  });

  it('keep line ends inside quoted fields, and quotes in the middle of a field do not open one', async () => {
    expect(texts(await split('a,"b\nc ""d"" ",e\nf\n5" pipe,g\nh'))).toEqual([
      '1: a,"b\nc ""d"" ",e',
      '3: f',
      '4: 5" pipe,g',
      '5: h',
    ]);
    expect(texts(await split('5"",x\nh'))).toEqual(['1: 5"",x', '2: h']);
  });

  it('say whether the last one ended', async () => {
    expect((await split('a\nb')).map(({ terminated }) => terminated)).toEqual([true, false]);
  });

  it('are dropped where they are too long, and the rest goes on', async () => {
    expect(texts(await split(`a\n${'x'.repeat(5000)}\nb`, { limit: 100 }))).toEqual(['1: a', '2: too long', '3: b']);
    expect(texts(await split(`a\nx,"${'y\n'.repeat(300)}`, { limit: 100 })).slice(0, 3)).toEqual(['1: a', '2: too long', '3: y']);
  });

  it('never hold more than the limit and two chunks, however long a line is', async () => {
    const before = held();
    let largest = 0;
    const block = Buffer.alloc(64 * 1024, 0x78);
    async function* chunks() {
      for (let count = 0; count < 1600; count++) {
        if (count % 200 === 0) largest = Math.max(largest, held() - before);
        yield block;
      }
      yield Buffer.from('\nlast');
    }
    const splitter = new RecordSplitter(chunks(), { delimiter: COMMA, limit: 1024 * 1024 });
    expect(await splitter.next()).toMatchObject({ line: 1, tooLong: true });
    expect((await splitter.next())?.bytes.toString()).toBe('last');
    expect(largest).toBeLessThan(16 * 1024 * 1024);
  });

  it('can be taken up again from their second line', async () => {
    async function* chunks() {
      yield Buffer.from('a,"b\nc,d\ne,f\n');
    }
    const splitter = new RecordSplitter(chunks(), { delimiter: COMMA, limit: 1000 });
    expect((await splitter.next())?.breaks).toBe(3);
    splitter.retryFromSecondLine();
    expect([(await splitter.next())?.bytes.toString(), (await splitter.next())?.line]).toEqual(['c,d', 3]);
  });

  it('are the same whatever the chunks are', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', ',', '"', '\n', '\r\n', 'ü', ' '), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (pieces, chunk) => {
          const content = pieces.join('');
          expect(texts(await split(content, { chunk }))).toEqual(texts(await split(content, { chunk: 1000 })));
        },
      ),
    ));
});

describe('the text of a record', () => {
  it('is refused in the wrong encoding, either way', () => {
    expect(decode(Buffer.from('Zürich'), 'utf-8')).toBe('Zürich');
    expect(decode(Buffer.from('Zürich', 'latin1'), 'latin1')).toBe('Zürich');
    expect(() => decode(Buffer.from('Zürich', 'latin1'), 'utf-8')).toThrow('is not UTF-8');
    expect(() => decode(Buffer.from('Zürich'), 'latin1')).toThrow('is UTF-8 and not Latin-1');
  });

  it('has fields, quoted or not', () => {
    expect(csvFields('a;"b;""c""";', ';')).toEqual(['a', 'b;"c"', '']);
    expect(csvFields('  a   "b  c ', ' ')).toEqual(['a', '"b', 'c']);
    expect(() => csvFields('a,"b', ',')).toThrow('never closed');
    expect(() => csvFields('a,"b"c', ',')).toThrow('in the middle of a field');
  });
});

describe('the row of a line of JSON', () => {
  it('has no columns for what is null or an empty text, as a CSV file has none', () =>
    expect(ndjsonRow('{"a":"","b":"  ","c":null,"d":{"e":""},"f":" x ","g":0,"h":false}')).toEqual({
      f: 'x',
      g: '0',
      h: 'false',
    }));

  it('has every digit of a long number', () => {
    const long = '12345678901234567890';
    expect(ndjsonRow(`{"id":${long},"of":{"id":-${long}},"all":[${long}],"text":"\\"${long}\\"","n":12.50}`)).toEqual({
      id: long,
      'of.id': `-${long}`,
      all: [long],
      text: `"${long}"`,
      n: '12.5',
    });
    expect(() => ndjsonRow(`{${long}:1}`)).toThrow('is not JSON');
  });
});

/** Bytes of buffers that are in use, not merely waiting to be collected. */
function held(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}
