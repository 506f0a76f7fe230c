import type { Recorded } from './store.js';

const CAPACITY = 8 * 1_048_576;
const sizeOf = (stream: string) => 16 + 4 + 8 + Buffer.byteLength(stream);

/** E8: the ids that appends with `any` are compared with: 8 MiB of the newest, in memory only. */
export class IdCache {
  readonly #records = new Map<string, Recorded>();
  #size = 0;

  find(stream: string, id: string): Recorded | undefined {
    const key = `${id} ${stream}`;
    const found = this.#records.get(key);
    if (found) {
      this.#records.delete(key);
      this.#records.set(key, found);
    }
    return found;
  }

  /** E10: of an id that is twice in a batch, the first counts. */
  add(record: Recorded): void {
    const key = `${record.id} ${record.stream}`;
    if (this.#records.has(key)) return;
    this.#records.set(key, record);
    this.#size += sizeOf(record.stream);
    for (const [oldest, { stream }] of this.#records) {
      if (this.#size <= CAPACITY) break;
      this.#records.delete(oldest);
      this.#size -= sizeOf(stream);
    }
  }

  clear(): void {
    this.#records.clear();
    this.#size = 0;
  }
}
