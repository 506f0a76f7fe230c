/** As much of a stream as the cache has to know. */
interface Kept {
  readonly name: string;
  readonly commands: { readonly size: number };
}

/** Streams plus command ids held, about 100 bytes each beside the states. */
const MOST = 200_000;

/**
 * The streams used last. They lie in two halves: what is used moves to the recent one, and when that is full the earlier one is
 * dropped as a whole, so that no use has to be put in order.
 */
export class StreamCache<Stream extends Kept> {
  #recent = new Map<string, Stream>();
  #earlier = new Map<string, Stream>();
  /** Of the recent half. */
  #weight = 0;

  constructor(private readonly most = MOST) {}

  get(name: string): Stream | undefined {
    const recent = this.#recent.get(name);
    if (recent) return recent;
    const earlier = this.#earlier.get(name);
    if (earlier) this.set(earlier);
    return earlier;
  }

  set(stream: Stream): void {
    // a stream that is there already has grown by one command
    this.#weight += this.#recent.has(stream.name) ? 1 : 1 + stream.commands.size;
    this.#recent.set(stream.name, stream);
    if (this.#weight <= this.most / 2) return;
    this.#earlier = this.#recent;
    this.#recent = new Map();
    this.#weight = 0;
  }

  delete(name: string): void {
    this.#recent.delete(name);
    this.#earlier.delete(name);
  }
}
