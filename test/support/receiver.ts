import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Delivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent
  readonly event: any;
}

/** A receiver of webhooks on this machine; answers what it is told to. */
export class Receiver {
  /** All that came, those included that were refused. */
  readonly came: Delivery[] = [];
  /** Status of the answer to a delivery, 0 for none ever; its headers too. */
  answer: (delivery: Delivery) => { readonly status: number; readonly headers?: Record<string, string> } = () => ({
    status: 204,
  });
  readonly #server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const delivery = { path: request.url ?? '', headers: request.headers, body, event: JSON.parse(body) };
    this.came.push(delivery);
    const { status, headers } = this.answer(delivery);
    if (status === 0) return;
    response.writeHead(status, headers).end();
  });

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Whether one of the signatures is of this secret, computed as Standard Webhooks says. */
export function isSignedBy(secret: string, { headers, body }: Delivery): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const content = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
  const expected = createHmac('sha256', key).update(content).digest('base64');
  return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`);
}
