import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

type State = 'open' | 'cut' | 'frozen';

/** A way to brokers that can be cut (refused at once) or frozen (accepted, never answered), by a proxy for each of them. */
export class Way {
  #state: State = 'open';
  readonly #sockets = new Set<Socket>();
  readonly #proxies = new Map<string, Server>();

  static async to(address: string): Promise<Way> {
    const way = new Way();
    const server = createServer((near) => way.#accept(near, address));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    way.#proxies.set(address, server);
    return way;
  }

  /** For the adapter's `socket`. */
  readonly socket = ({ host, port }: { readonly host: string; readonly port: number }): Socket => {
    const proxy = this.#proxies.get(`${host}:${port}`);
    if (!proxy) throw new Error(`There is no way to ${host}:${port}.`);
    return connect((proxy.address() as AddressInfo).port, '127.0.0.1');
  };

  get sockets(): number {
    return this.#sockets.size;
  }

  set(state: State): void {
    this.#state = state;
    if (state === 'cut') for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.set('cut');
    for (const server of this.#proxies.values()) server.close();
  }

  #accept(near: Socket, address: string): void {
    if (this.#state === 'cut') {
      near.destroy();
      return;
    }
    const [host = '', port = ''] = address.split(':');
    const far = connect(Number(port), host);
    this.#join(near, far);
    this.#join(far, near);
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (data) => {
      if (this.#state === 'open') to.write(data);
    });
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
