/** As much of a stream as the cache has to know. */
interface Kept {
  readonly name: string;
  readonly commands: { readonly size: number };
  /** Characters of the data that its state was made of. */
  readonly size: number;
}

/** Bytes, roughly. */
const MOST = 192 * 1_048_576;
const A_STREAM = 300;
const A_COMMAND = 100;

/**
 * The streams used last. They lie in two halves: what is used moves to the recent one, and when that is full the earlier one is
 * dropped as a whole, so that no use has to be put in order.
 */
export class StreamCache<Stream extends Kept> {
  #recent = new Map<string, { readonly stream: Stream; readonly weight: number }>();
  #earlier = new Map<string, { readonly stream: Stream; readonly weight: number }>();
  /** Of the recent half. */
  #weight = 0;

  constructor(private readonly most = MOST) {}

  get(name: string): Stream | undefined {
    const recent = this.#recent.get(name);
    if (recent) return recent.stream;
    const earlier = this.#earlier.get(name);
    if (earlier) this.set(earlier.stream);
    return earlier?.stream;
  }

  set(stream: Stream): void {
    const weight = A_STREAM + A_COMMAND * stream.commands.size + 2 * stream.size;
    this.#weight += weight - (this.#recent.get(stream.name)?.weight ?? 0);
    this.#recent.set(stream.name, { stream, weight });
    if (this.#weight <= this.most / 2) return;
    this.#earlier = this.#recent;
    this.#recent = new Map();
    this.#weight = 0;
  }

  delete(name: string): void {
    this.#weight -= this.#recent.get(name)?.weight ?? 0;
    this.#recent.delete(name);
    this.#earlier.delete(name);
  }
}
