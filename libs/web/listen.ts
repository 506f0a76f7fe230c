import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListenRefused, type WebOptions } from './options.js';

export interface Listening {
  readonly port: number;
  /** With scheme, host and port, without a slash at the end. */
  readonly url: string;
}

const PORTS_TO_TRY = 100;

/** Throws ListenRefused where it may not bind, or the port is taken (naming it). */
export async function listen(
  server: Server,
  { host = '127.0.0.1', port = 7070, portSearch, tls }: Pick<WebOptions, 'host' | 'port' | 'portSearch' | 'tls'>,
): Promise<Listening> {
  const tries = portSearch ? PORTS_TO_TRY : 1;
  for (let tried = port; ; tried++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(tried, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      const bound = (server.address() as AddressInfo).port;
      return { port: bound, url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${bound}` };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && tried - port + 1 < tries) continue;
      if (code === 'EADDRINUSE')
        throw new ListenRefused(`Port ${tried} on ${host} is taken by another program; choose another one (ANNALS_PORT).`);
      if (code === 'EACCES')
        throw new ListenRefused(
          `Port ${tried} on ${host} needs rights that this user lacks; choose one above 1023 (ANNALS_PORT).`,
        );
      if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
        throw new ListenRefused(`${host} is no address of this machine; choose another one (ANNALS_HOST).`);
      throw error;
    }
  }
}
