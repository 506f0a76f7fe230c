import type { IncomingMessage } from 'node:http';
import { Problem } from '#runtime/problem';

/** Reads the bytes of JSON bodies, whole: at most `limit` bytes, at most `seconds` from first to last byte. */
export class JsonBodies {
  readonly #reading = new Set<BodyReader>();
  readonly #sweep: NodeJS.Timeout;

  constructor(
    private readonly limit: number,
    private readonly seconds: number,
  ) {
    // one sweep for all bodies: a timer for each of ten thousand requests a second would cost more than it guards
    this.#sweep = setInterval(() => this.#giveUpOnSlow(), Math.min(1000, seconds * 250));
    this.#sweep.unref();
  }

  /** A body that came in one piece with its headers, as those of most commands do; undefined where parts are to come. */
  arrived(message: IncomingMessage): Buffer | undefined {
    const { readableLength: length } = message;
    if (length === 0 || length > this.limit || length !== Number(message.headers['content-length'])) return undefined;
    return (message.read() as Buffer | null) ?? undefined;
  }

  /** Throws Problem 400 (broken off), 408, 413. */
  async read(message: IncomingMessage): Promise<Buffer> {
    const declared = message.headers['content-length'];
    if (declared !== undefined && Number(declared) > this.limit) throw tooLarge(this.limit);
    return new Promise<Buffer>((resolve, reject) => {
      const reader = new BodyReader(message, this.limit, resolve, reject, () => this.#reading.delete(reader));
      this.#reading.add(reader);
    });
  }

  close(): void {
    clearInterval(this.#sweep);
  }

  #giveUpOnSlow(): void {
    const limit = performance.now() - this.seconds * 1000;
    for (const reader of this.#reading) {
      if (reader.since <= limit)
        reader.fail(
          new Problem(408, 'body-too-slow', `The body did not arrive within ${this.seconds} seconds; send it again at once.`),
        );
    }
  }
}

class BodyReader {
  readonly since = performance.now();
  readonly #parts: Buffer[] = [];
  #size = 0;
  #settled = false;

  constructor(
    private readonly message: IncomingMessage,
    private readonly limit: number,
    private readonly resolve: (bytes: Buffer) => void,
    private readonly reject: (problem: Problem) => void,
    private readonly forget: () => void,
  ) {
    const broken = () => this.#broken();
    message.on('data', (part: Buffer) => this.#take(part));
    message.on('end', () => this.#end());
    message.on('error', broken);
    message.on('close', broken);
  }

  fail(problem: Problem): void {
    if (!this.#settle()) return;
    this.#parts.length = 0;
    this.message.resume();
    this.reject(problem);
  }

  #take(part: Buffer): void {
    if (this.#settled) return;
    this.#size += part.length;
    if (this.#size > this.limit) this.fail(tooLarge(this.limit));
    else this.#parts.push(part);
  }

  #end(): void {
    if (!this.#settle()) return;
    const [first = EMPTY] = this.#parts;
    this.resolve(this.#parts.length <= 1 ? first : Buffer.concat(this.#parts, this.#size));
  }

  /** Also called when a message that arrived whole is closed. */
  #broken(): void {
    if (!this.#settled) this.fail(new Problem(400, 'malformed-request', 'The body broke off; send the request again.'));
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.forget();
    return true;
  }
}

const EMPTY = Buffer.alloc(0);
const tooLarge = (limit: number) =>
  new Problem(
    413,
    'too-large',
    `The body is larger than ${limit} bytes. Send several commands, or many as lines to /v1/commands.`,
  );
