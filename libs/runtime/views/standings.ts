import { createHash } from 'node:crypto';

/** What the thread that writes a view says of what is stored. */
export interface Standing {
  /** Of the generation that is served; see `definitionNumber`. */
  readonly definition: bigint;
  /** Of the stored documents. */
  readonly checkpoint: string;
  /** Documents of that checkpoint hold all facts up to here: later ones did not concern the view. */
  readonly position: string;
  /** Milliseconds since the view was last seen to lack nothing. */
  readonly age: number;
}

const CELLS = { sequence: 0, definition: 1, checkpoint: 2, position: 3, currentAt: 4 };
const CELLS_OF_A_VIEW = 5;
const ATTEMPTS = 10;

/**
 * Where views stand, in memory that all threads of a process see, so that nobody has to ask the thread that writes them. One
 * thread publishes. While it does, the sequence of the view is odd, and who reads looks again.
 */
export class Standings {
  readonly #cells: BigInt64Array;
  readonly #moments: Float64Array;
  readonly #places: ReadonlyMap<string, number>;
  readonly #published = new Map<string, Omit<Standing, 'age'>>();

  /** @param memory of `memoryFor` as many views */
  constructor(
    memory: SharedArrayBuffer,
    views: Iterable<string>,
    /** Of the log: what positions begin with. */
    private readonly logId: string,
  ) {
    this.#cells = new BigInt64Array(memory);
    this.#moments = new Float64Array(memory);
    this.#places = new Map([...views].map((view, index) => [view, index * CELLS_OF_A_VIEW]));
  }

  static memoryFor(views: number): SharedArrayBuffer {
    return new SharedArrayBuffer(views * CELLS_OF_A_VIEW * BigInt64Array.BYTES_PER_ELEMENT);
  }

  publish(view: string, { definition, checkpoint, position, age }: Standing): void {
    const place = this.#places.get(view);
    if (place === undefined) return;
    this.#moments[place + CELLS.currentAt] = monotonic() - age;
    const before = this.#published.get(view);
    if (before?.position === position && before.checkpoint === checkpoint && before.definition === definition) return;
    this.#published.set(view, { definition, checkpoint, position });
    Atomics.add(this.#cells, place + CELLS.sequence, 1n);
    Atomics.store(this.#cells, place + CELLS.definition, definition);
    Atomics.store(this.#cells, place + CELLS.checkpoint, this.#numberOf(checkpoint));
    Atomics.store(this.#cells, place + CELLS.position, this.#numberOf(position));
    Atomics.add(this.#cells, place + CELLS.sequence, 1n);
  }

  /** Undefined for a view of which nothing was said yet. */
  read(view: string): Standing | undefined {
    const place = this.#places.get(view);
    if (place === undefined) return undefined;
    const cell = (name: keyof typeof CELLS) => Atomics.load(this.#cells, place + CELLS[name]);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const sequence = cell('sequence');
      if (sequence === 0n) return undefined;
      const [definition, checkpoint, position] = [cell('definition'), cell('checkpoint'), cell('position')];
      if (sequence % 2n !== 0n || sequence !== cell('sequence')) continue;
      const age = monotonic() - (this.#moments[place + CELLS.currentAt] ?? 0);
      return { definition, checkpoint: this.#textOf(checkpoint), position: this.#textOf(position), age };
    }
    return undefined;
  }

  #numberOf(position: string): bigint {
    return BigInt(position.slice(this.logId.length + 1));
  }

  #textOf(number: bigint): string {
    return `${this.logId}.${String(number).padStart(16, '0')}`;
  }
}

/** Tells generations apart in 64 bits. */
export const definitionNumber = (hash: string): bigint => createHash('sha256').update(hash).digest().readBigInt64BE();

/** Milliseconds on a clock that is the same in all threads. */
function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}
