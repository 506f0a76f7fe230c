import { crc32 } from 'node:zlib';
import type { Recorded } from './store.js';

/** One write on disk: length, checksum, a JSON head, and the bytes of the events one after the other. */

interface Head {
  readonly end: number;
  readonly events: readonly (Omit<Recorded, 'data' | 'metadata' | 'revision'> & { revision: string; sizes: [number, number] })[];
}

export function frame(records: readonly Recorded[], end: number): Buffer[] {
  const events = records.map(({ data, metadata, revision, ...record }) => ({
    ...record,
    revision: String(revision),
    sizes: [data.length, metadata.length],
  }));
  const head = Buffer.from(JSON.stringify({ end, events }));
  const body = Buffer.concat([uint32(head.length), head, ...records.flatMap(({ data, metadata }) => [data, metadata])]);
  return [uint32(body.length), uint32(crc32(body)), body];
}

/** The whole frames of a file, in order; stops at one that was cut off. */
export function* frames(content: Buffer): Iterable<{ records: Recorded[]; end: number; next: number }> {
  for (let at = 0; at + 8 <= content.length; ) {
    const next = at + 8 + content.readUInt32LE(at);
    if (next > content.length) return;
    const body = content.subarray(at + 8, next);
    if (crc32(body) !== content.readUInt32LE(at + 4)) return;
    const headEnd = 4 + body.readUInt32LE(0);
    const head = JSON.parse(body.toString('utf8', 4, headEnd)) as Head;
    let offset = headEnd;
    const take = (size: number) => {
      offset += size;
      return body.subarray(offset - size, offset);
    };
    const records = head.events.map(({ sizes: [data, metadata], revision, ...event }) => ({
      ...event,
      revision: BigInt(revision),
      data: take(data),
      metadata: take(metadata),
    }));
    yield { records, end: head.end, next };
    at = next;
  }
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
