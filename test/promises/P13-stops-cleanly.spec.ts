import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Journal } from '../crash/journal.js';
import { judgeLog, judgeProcesses, judgeRetries, judgeViews } from '../crash/judge.js';
import { settleOpen } from '../crash/sender.js';
import { Traffic } from '../crash/traffic.js';
import { eventually, temporaryFolder } from '../support/house.js';
import { type ServerProcess, startServer } from '../support/server.js';

const BODY = JSON.stringify({ amount: 100_00, currency: 'EUR' });
const HALF = 10;

describe('P13: it stops cleanly', () => {
  it('finishes the commands that are in flight, refuses new ones, and ends', async () => {
    const folder = temporaryFolder();
    const first = await startServer(folder);
    const begun = await Promise.all(Array.from({ length: 20 }, () => HalfSent.begin(first)));
    const idle = await KeptAlive.open(first);
    await idle.ask();

    first.child.kill('SIGTERM');
    await eventually(async () => ((await idle.ask()) === 503 ? true : undefined));
    const answers = await Promise.all(begun.map((one) => one.finish()));
    expect(answers.map(({ status }) => status)).toEqual(begun.map(() => 201));
    const stopped = Date.now();
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(Date.now() - stopped).toBeLessThan(15_000);
    expect(existsSync(join(folder, 'data', 'server.json'))).toBe(false);

    const second = await startServer(folder);
    for (const { key, body } of answers) {
      const again = await post(second, key);
      expect(await again.json()).toEqual(body);
    }
    expect(await second.stop()).toEqual({ code: 0, signal: null });
  }, 240_000);

  it('is bounded: a client that never finishes holds it up no longer than configured', async () => {
    const server = await startServer(temporaryFolder(), { env: { ANNALS_SHUTDOWN_MILLISECONDS: '1500' } });
    await HalfSent.begin(server);
    const began = Date.now();
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(Date.now() - began).toBeLessThan(12_000);
  }, 240_000);

  it('loses nothing under load, and the views and processes go on where they were', async () => {
    const folder = temporaryFolder();
    const journal = new Journal();
    const stopped = await startServer(folder);
    const clients = new Traffic(stopped, journal).run(24);
    await eventually(async () => (journal.acknowledged.length > 200 ? true : undefined), 120_000);
    expect(await stopped.stop()).toEqual({ code: 0, signal: null });
    expect(stopped.errors()).not.toContain('"level":50');
    await clients;
    const server = await startServer(folder);
    await settleOpen(server, journal);
    expect(await judgeProcesses(server)).toEqual([]);
    expect(await judgeLog(server, journal)).toEqual([]);
    expect(await judgeRetries(server, journal, 100)).toEqual([]);
    expect(await judgeViews(server)).toEqual([]);
    await server.stop();
  }, 400_000);
});

const post = ({ url, token }: ServerProcess, key: string) =>
  fetch(`${url}/v1/opportunities`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: BODY,
  });

/** A command of which the server has the head and half of the body. */
class HalfSent {
  private constructor(
    private readonly socket: Socket,
    private readonly key: string,
  ) {}

  static async begin(server: ServerProcess): Promise<HalfSent> {
    const key = randomUUID();
    const socket = await socketTo(server);
    // The server says `100 Continue` when it has read the head: then the command is in flight.
    const reading = new Promise<void>((resolve) => socket.once('data', () => resolve()));
    socket.write(
      `${headOf(server, 'POST', '/v1/opportunities')}Idempotency-Key: ${key}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${BODY.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    await reading;
    socket.write(BODY.slice(0, HALF));
    return new HalfSent(socket, key);
  }

  async finish(): Promise<{ readonly key: string; readonly status: number; readonly body: unknown }> {
    const answer = textOf(this.socket);
    this.socket.write(BODY.slice(HALF));
    const text = await answer;
    const body = text.slice(text.indexOf('\r\n\r\n') + 4);
    return { key: this.key, status: Number(text.slice(9, 12)), body: body === '' ? undefined : JSON.parse(body) };
  }
}

/** A connection that was there before the stop and asks again and again. */
class KeptAlive {
  private constructor(
    private readonly server: ServerProcess,
    private socket: Socket,
  ) {}

  static async open(server: ServerProcess): Promise<KeptAlive> {
    return new KeptAlive(server, await socketTo(server));
  }

  async ask(): Promise<number> {
    if (this.socket.destroyed) this.socket = await socketTo(this.server);
    const answer = new Promise<string>((resolve) => {
      this.socket.once('data', (part) => resolve(part.toString('latin1')));
      // no answer, and no status: whoever asks again finds out whether anybody listens
      this.socket.once('close', () => resolve(''));
    });
    this.socket.write(`${headOf(this.server, 'GET', '/v1/whoami')}\r\n`);
    return Number((await answer).slice(9, 12));
  }
}

const headOf = ({ url, token }: ServerProcess, method: string, path: string) =>
  `${method} ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nAuthorization: Bearer ${token}\r\n`;

function socketTo({ url }: ServerProcess): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Everything up to the end of one answer, or of the connection. */
function textOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const done = () => resolve(text);
    socket.on('data', (part) => {
      text += part.toString('utf8');
      const head = text.indexOf('\r\n\r\n');
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? Number.NaN);
      if (head >= 0 && Buffer.byteLength(text.slice(head + 4)) >= length) done();
    });
    socket.on('close', done);
    socket.on('error', done);
  });
}
