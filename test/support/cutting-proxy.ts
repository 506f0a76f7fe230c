import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server. Can hold back an answer that the server has given. */
export class CuttingProxy {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #answered: (() => Promise<void>) | undefined;
  /** Connections taken so far. */
  taken = 0;

  private constructor(public target: string) {
    this.#server = createServer((client) => this.#pass(client));
  }

  static async to(url: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(url);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next answer of the server never reaches the client: `then` runs, and the connection breaks. */
  cutNextAnswer(then: () => Promise<void>): void {
    this.#answered = then;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #pass(client: Socket): void {
    this.taken++;
    const { hostname, port } = new URL(this.target);
    const server = connect(Number(port), hostname);
    const end = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    client.pipe(server);
    server.on('data', (chunk) => {
      const answered = this.#answered;
      if (!answered) {
        client.write(chunk);
        return;
      }
      this.#answered = undefined;
      void answered().then(end);
    });
  }
}
