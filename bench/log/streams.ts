import { randomUUID } from 'node:crypto';
import { openSqliteLog } from '#adapters/sqlite';
import { OpportunityCorrected, OpportunityOpened } from '#contexts/sales/opportunity/events';
import { type Fact, momentOf, streamName } from '#kernel';
import type { NewFact } from '#runtime/ports';
import { answerParent } from '../support/child.js';

export interface StreamsOrder {
  readonly data: string;
  /** Facts in a stream. */
  readonly lengths: readonly number[];
  /** Streams of each length. */
  readonly each: number;
}

const AT_ONCE = 1_000;

/** Opportunities that were corrected again and again; gives their ids, by length. */
await answerParent(async ({ data, lengths, each }: StreamsOrder) => {
  const log = await openSqliteLog({ folder: data });
  const streams: string[][] = [];
  for (const length of lengths) {
    const ids = Array.from({ length: each }, () => randomUUID() as string);
    for (const opportunityId of ids) {
      const facts = [
        OpportunityOpened({ opportunityId, amount: 1, currency: 'EUR', phase: 'PROSPECTING', probability: 10 }),
        ...Array.from({ length: length - 1 }, (_, number) => OpportunityCorrected({ opportunityId, amount: number + 2 })),
      ];
      const stream = streamName('opportunity', 'main', opportunityId);
      for (let from = 0; from < facts.length; from += AT_ONCE) {
        const part = facts.slice(from, from + AT_ONCE);
        await Promise.all(part.map((fact, index) => log.append(stream, from + index - 1, [newFact(fact, opportunityId)])));
      }
    }
    streams.push(ids);
  }
  await log.close();
  return { streams };
});

function newFact({ type, data }: Fact, opportunity: string): NewFact {
  const at = momentOf(Date.now() - 86_400_000);
  const actor = { kind: 'service', id: opportunity };
  return {
    id: randomUUID(),
    type,
    schemaVersion: 1,
    occurredAt: at,
    recordedAt: at,
    data: JSON.stringify(data),
    metadata: JSON.stringify({ actor, commandId: randomUUID(), refs: { opportunity }, digest: 'AbCdEfGhIjKlMnOpQrStUv' }),
  };
}
