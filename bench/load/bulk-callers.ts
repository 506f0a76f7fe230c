import { constants, setPriority } from 'node:os';
import type { BulkKind, BulkOrder } from './bulk.js';

const CALLERS = 4;
const LINES = 2_000;
const FACTS = 1_000;
const NEWLINE = 10;

/**
 * Callers that ask for as much as the server gives. They would be on other machines: in a process of the lowest priority they take
 * little of the cores from the server and from who measures it.
 */
setPriority(constants.priority.PRIORITY_LOW);
process.on('disconnect', () => process.exit());

let over = new AbortController();
let counted: Promise<number> = Promise.resolve(0);
process.on('message', (order: BulkOrder | 'end') => {
  if (order === 'end') {
    over.abort();
    counted.then(
      (done) => process.send?.({ done }),
      (error: unknown) => process.send?.({ failed: String(error) }),
    );
  } else {
    over = new AbortController();
    counted = askedBy(order, over.signal);
    counted.catch(() => undefined);
  }
});

/** How many things all callers have done or got until they were told to end. */
async function askedBy(order: BulkOrder, signal: AbortSignal): Promise<number> {
  let done = 0;
  const caller = async () => {
    while (!signal.aborted) {
      try {
        done += await asks[order.kind](order, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return done;
}

/** One request; gives how many things it has done or got. */
type Ask = (order: BulkOrder, signal: AbortSignal) => Promise<number>;

const sendLines: Ask = async ({ url, token }, signal) => {
  const lines = Array.from({ length: LINES }, (_, index) =>
    JSON.stringify({ command: 'OpenOpportunity', payload: { amount: 100_00 + index, currency: 'EUR' } }),
  );
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' };
  const response = await fetch(`${url}/v1/commands`, { method: 'POST', headers, body: `${lines.join('\n')}\n`, signal });
  if (response.status === 429) return tooMany();
  if (!response.ok || !response.body) throw new Error(`Bulk was answered ${response.status}.`);
  let done = 0;
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
      for (const byte of chunk) if (byte === NEWLINE) done++;
  } catch (error) {
    // broken off by the end of the round: what was answered until then counts
    if (!signal.aborted) throw error;
  }
  return done;
};

const reads =
  (path: string): Ask =>
  async ({ url, token }, signal) => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` }, signal });
    if (response.status === 429) return tooMany();
    if (!response.ok) throw new Error(`A page was answered ${response.status}.`);
    await response.arrayBuffer();
    return FACTS;
  };

const asks: Readonly<Record<BulkKind, Ask>> = {
  lines: sendLines,
  facts: reads(`/v1/facts?limit=${FACTS}`),
  topic: reads(`/v1/topics/opportunity?limit=${FACTS}`),
};

/** The server has not noticed yet that the requests of the round before were broken off. */
async function tooMany(): Promise<number> {
  await new Promise((later) => setTimeout(later, 100));
  return 0;
}
