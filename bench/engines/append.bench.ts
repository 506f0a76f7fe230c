import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { openEventStoreLog } from '#adapters/eventstoredb';
import { eventStore } from '../support/event-store.js';
import { atLeast, type Bench, type Measure, median } from '../support/measure.js';
import { newFact } from './facts.js';

/** Callers that each wait for their answer before they append again. */
const CALLERS = [1, 50, 500];

/** Appends of one fact, each to a new stream, through the adapter beside the client's own `appendToStream`, as many at a time. */
export const append: Bench = async ({ short, folder, say }) => {
  const place = await eventStore(`${folder}/append`);
  const log = await openEventStoreLog(place);
  const client = EventStoreDBClient.connectionString(place.connection);
  const ours = () => log.append(`opportunity-main.${randomUUID()}`, -1, [newFact(1)]);
  const raw = () => {
    const { id, type, data, metadata } = newFact(1);
    const event = jsonEvent({ id, type, data: JSON.parse(data), metadata: JSON.parse(metadata) });
    return client.appendToStream(`${place.namespace}raw-${randomUUID()}`, event, { expectedRevision: NO_STREAM });
  };
  try {
    const measures: Measure[] = [];
    for (const callers of CALLERS) {
      const [rounds, seconds] = short ? [3, 1] : [7, 4];
      const rates: { ours: number; raw: number }[] = [];
      // The first round warms up and does not count.
      for (let round = 0; round <= rounds; round++) {
        const pair = { raw: await rateOf(raw, callers, seconds), ours: await rateOf(ours, callers, seconds) };
        if (round > 0) rates.push(pair);
      }
      const ratio = median(rates.map((pair) => pair.ours / pair.raw));
      const [own, its] = [median(rates.map((pair) => pair.ours)), median(rates.map((pair) => pair.raw))];
      say(`append, ${callers} at a time: ${own.toFixed(0)}/s, the client alone ${its.toFixed(0)}/s`);
      measures.push({
        bench: 'append',
        measure: `appends of one fact, ${callers} at a time`,
        value: own,
        unit: '/s',
        baseline: { name: 'appendToStream of the client', value: its },
        ratio,
        target: atLeast(ratio, 0.7),
        note: place.from,
      });
    }
    return measures;
  } finally {
    await client.dispose();
    await log.close();
    await place.end();
  }
};

/** Calls a second. */
async function rateOf(call: () => Promise<unknown>, callers: number, seconds: number): Promise<number> {
  const began = performance.now();
  const until = began + seconds * 1_000;
  let calls = 0;
  const caller = async () => {
    while (performance.now() < until) {
      await call();
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (calls * 1_000) / (performance.now() - began);
}
