import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What happens to bytes on their way. `delayed`: each piece comes later. `silent`: connections are accepted and nothing is ever
 * answered, on those that were open neither; they stay so when the way is open again, as after a crash that nobody was told of.
 * `cut`: connections end, and new ones are refused.
 */
export type WayState = 'open' | 'delayed' | 'silent' | 'cut';

const DELAY = 150;

/** A TCP proxy in front of one server on 127.0.0.1, for faults of the way to it. */
export class TcpProxy {
  #state: WayState = 'open';
  #server: Server;
  readonly #pairs = new Set<Pair>();

  private constructor(
    private readonly target: { readonly host: string; readonly port: number },
    readonly port: number,
    server: Server,
  ) {
    this.#server = server;
    this.#server.on('connection', (near) => this.#accept(near));
  }

  /** In front of `host:port`, on a free port or the one named. */
  static async to(target: string, port = 0): Promise<TcpProxy> {
    const [host = '', targetPort = ''] = target.split(':');
    const server = await listening(port);
    return new TcpProxy({ host, port: Number(targetPort) }, (server.address() as AddressInfo).port, server);
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async set(state: WayState): Promise<void> {
    const before = this.#state;
    this.#state = state;
    if (state === 'silent') for (const pair of this.#pairs) pair.silence();
    if (state === 'cut' && before !== 'cut') {
      const closed = new Promise((done) => this.#server.close(done));
      for (const pair of this.#pairs) pair.end();
      await closed;
    }
    if (state !== 'cut' && before === 'cut') {
      this.#server = await listening(this.port);
      this.#server.on('connection', (near) => this.#accept(near));
    }
  }

  /** Ends every connection with RST; new ones are taken. */
  reset(): void {
    for (const pair of this.#pairs) pair.reset();
  }

  async close(): Promise<void> {
    await this.set('cut');
  }

  #accept(near: Socket): void {
    const pair = new Pair(near, connect(this.target.port, this.target.host), () => (this.#state === 'delayed' ? DELAY : 0));
    this.#pairs.add(pair);
    if (this.#state === 'silent') pair.silence();
    near.once('close', () => this.#pairs.delete(pair));
  }
}

class Pair {
  #silent = false;

  constructor(
    private readonly near: Socket,
    private readonly far: Socket,
    delay: () => number,
  ) {
    this.#carry(near, far, delay);
    this.#carry(far, near, delay);
  }

  /** What is in flight is lost too, and neither end hears of it. */
  silence(): void {
    this.#silent = true;
    this.far.destroy();
  }

  end(): void {
    this.near.destroy();
    this.far.destroy();
  }

  reset(): void {
    this.near.resetAndDestroy();
    this.far.destroy();
  }

  #carry(from: Socket, to: Socket, delay: () => number): void {
    from.setNoDelay(true);
    let due = 0;
    const later = (pass: () => void) => {
      const now = performance.now();
      // never before what came earlier
      due = Math.max(due, now + delay());
      if (due <= now) pass();
      else setTimeout(pass, due - now);
    };
    from.on('data', (data) =>
      later(() => {
        if (!this.#silent && to.writable) to.write(data);
      }),
    );
    from.on('error', () => {});
    from.on('close', () =>
      later(() => {
        if (!this.#silent) to.destroy();
      }),
    );
  }
}

function listening(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
