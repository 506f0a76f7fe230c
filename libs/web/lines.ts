/** One line of a stream, its number counted from 1. `bytes` is undefined where the line was longer than the limit. */
export interface Line {
  readonly number: number;
  readonly bytes: Buffer | undefined;
}

/** Splits at LF or CRLF; holds at most one line of `limit` bytes, however long the stream or a line of it is. Skips empty lines. */
export async function* linesOf(source: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let size = 0;
  let number = 1;
  const take = (): Line | undefined => {
    const bytes = size > limit ? undefined : trimmed(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), number);
    parts = [];
    size = 0;
    return bytes?.length === 0 ? undefined : { number, bytes };
  };
  const add = (part: Buffer): void => {
    size += part.length;
    if (size > limit) parts = [];
    else if (part.length > 0) parts.push(part);
  };

  for await (const chunk of source) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      add(chunk.subarray(from, end));
      from = end + 1;
      const line = take();
      number++;
      if (line) yield line;
    }
    add(chunk.subarray(from));
  }
  const last = take();
  if (last) yield last;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

function trimmed(bytes: Buffer, number: number): Buffer {
  const start = number === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  return bytes.subarray(start, Math.max(start, end));
}
