import { randomUUID } from 'node:crypto';
import { type Fact, streamName } from '#kernel';
import type { Appended, Log, NewFact, StoredFact } from '../../ports.js';

export interface When {
  readonly occurredAt?: string;
  readonly recordedAt?: string;
  readonly tenant?: string;
}

const MOMENT = '2026-01-05T09:00:00.000Z';

/** Writes facts to a log as the command side would. */
export class Recorder {
  readonly #revisions = new Map<string, number>();

  constructor(readonly log: Log) {}

  async record(
    facts: Fact | readonly Fact[],
    { occurredAt = MOMENT, recordedAt = MOMENT, tenant = 'main' }: When = {},
  ): Promise<Appended> {
    const list = [facts].flat() as readonly Fact[];
    const stream = streamOf(list[0] as Fact, tenant);
    const revision = this.#revisions.get(stream) ?? -1;
    const metadata = JSON.stringify({ actor: { kind: 'user', id: 'tester' }, commandId: randomUUID() });
    const written = await this.log.append(
      stream,
      revision,
      list.map(
        ({ type, data }): NewFact => ({
          id: randomUUID(),
          type,
          schemaVersion: 1,
          occurredAt,
          recordedAt,
          data: JSON.stringify(data),
          metadata,
        }),
      ),
    );
    this.#revisions.set(stream, written.revision);
    return written;
  }
}

function streamOf({ type, data }: Fact, tenant: string): string {
  const { dealId, customerId } = data as { readonly dealId?: string; readonly customerId?: string };
  return type.startsWith('Deal') ? streamName('deal', tenant, dealId ?? '') : streamName('customer', tenant, customerId ?? '');
}

export async function factsIn(log: Log): Promise<readonly StoredFact[]> {
  const facts: StoredFact[] = [];
  for (let position = log.start; ; ) {
    const page = await log.readAll(position, { limit: 1_000 });
    facts.push(...page.facts);
    position = page.position;
    if (page.atHead) return facts;
  }
}
