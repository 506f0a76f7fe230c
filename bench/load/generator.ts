import { randomUUID } from 'node:crypto';
import { percentile } from '../support/measure.js';
import { type Answer, Connection } from './connection.js';
import type { LoadOrder, LoadReport } from './messages.js';
import { type PlannedRequest, planOf } from './plans.js';

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
  const byKind = new Map<string, number[]>();
  const statuses: Record<string, number> = {};
  const began = performance.now();
  const due = rate === undefined ? undefined : schedule(rate, milliseconds);
  const work = async (connection: Connection, number: number) => {
    const next = planOf(order, number);
    let last: Answer | undefined;
    for (;;) {
      const start = due ? await due() : performance.now();
      if (start === undefined || start - began >= milliseconds) return;
      const planned = next(last);
      last = await connection.ask(textOf(planned, host, token));
      const taken = performance.now() - start;
      latencies.push(taken);
      const { kind } = planned;
      if (kind !== undefined) listOf(byKind, kind).push(taken);
      const { status } = last;
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
    kinds: Object.fromEntries(
      [...byKind].map(([kind, times]) => [
        kind,
        { requests: times.length, p50: percentile(times, 50), p99: percentile(times, 99) },
      ]),
    ),
  };
}

function textOf({ path, body }: PlannedRequest, host: string, token: string): string {
  const head = `${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n`;
  if (body === undefined) return `GET ${head}\r\n`;
  return (
    `POST ${head}Idempotency-Key: ${randomUUID()}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

function listOf(lists: Map<string, number[]>, name: string): number[] {
  const list = lists.get(name) ?? [];
  lists.set(name, list);
  return list;
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
