import { randomUUID } from 'node:crypto';
import { percentile } from '../support/measure.js';
import { Connection } from './connection.js';
import type { LoadOrder, LoadReport } from './messages.js';
import { planOf } from './plans.js';

/** A process of its own, so that making requests takes nothing from the server's threads. */
process.on('message', (order: LoadOrder) => {
  run(order).then(
    (report) => process.send?.({ report }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.on('disconnect', () => process.exit());

async function run(order: LoadOrder): Promise<LoadReport> {
  const { url, token, connections, milliseconds, rate } = order;
  const { host } = new URL(url);
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(url)));
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const began = performance.now();
  const due = rate === undefined ? undefined : schedule(rate, milliseconds);
  const work = async (connection: Connection, number: number) => {
    const next = planOf(order, number);
    for (;;) {
      const start = due ? await due() : performance.now();
      if (start === undefined || start - began >= milliseconds) return;
      const { path, body } = next();
      const { status } = await connection.ask(
        `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nIdempotency-Key: ${randomUUID()}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      latencies.push(performance.now() - start);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(open.map(work));
  const seconds = (performance.now() - began) / 1_000;
  for (const connection of open) connection.close();
  return {
    requests: latencies.length,
    perSecond: latencies.length / seconds,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    longest: percentile(latencies, 100),
    statuses,
  };
}

/** Gives each request the moment at which it is due; a connection that comes late takes the next one all the same. */
function schedule(rate: number, milliseconds: number): () => Promise<number | undefined> {
  const began = performance.now();
  const total = Math.floor((rate * milliseconds) / 1_000);
  let number = 0;
  return async () => {
    if (number >= total) return undefined;
    const at = began + (number++ * 1_000) / rate;
    const early = at - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    return at;
  };
}
