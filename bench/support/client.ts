import { randomUUID } from 'node:crypto';
import { type Answer, Connection } from '../load/connection.js';
import type { ServerProcess } from './server-process.js';

/** Commands and queries over one connection, one after another, with the time that each took. */
export interface Client {
  command(path: string, body: object): Promise<{ readonly milliseconds: number; readonly position: string }>;
  get(path: string): Promise<{ readonly milliseconds: number; readonly body: string }>;
  close(): void;
}

export async function clientOf({ url, token }: ServerProcess): Promise<Client> {
  const connection = await Connection.open(url);
  const { host } = new URL(url);
  const head = (method: string, path: string) =>
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n`;
  const timed = async (request: string): Promise<Answer & { readonly milliseconds: number }> => {
    const began = performance.now();
    const answer = await connection.ask(request);
    if (answer.status >= 300) throw new Error(`${request.split('\r\n', 1)[0]}: ${answer.status} ${answer.body}`);
    return { ...answer, milliseconds: performance.now() - began };
  };
  return {
    async command(path, body) {
      const text = JSON.stringify(body);
      const answer = await timed(
        `${head('POST', path)}Idempotency-Key: ${randomUUID()}\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
      );
      const position = /\r\nannals-position: *(\S+)/i.exec(answer.head)?.[1] ?? '';
      return { milliseconds: answer.milliseconds, position };
    },
    async get(path) {
      const { milliseconds, body } = await timed(`${head('GET', path)}\r\n`);
      return { milliseconds, body: body.toString('utf8') };
    },
    close: () => connection.close(),
  };
}
