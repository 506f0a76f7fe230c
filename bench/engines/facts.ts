import { randomUUID } from 'node:crypto';
import type { NewFact } from '#runtime/ports';

/** A fact of usual size: about 260 bytes of data, 230 of metadata. */
export function newFact(step: number): NewFact {
  const moment = new Date(Date.UTC(2026, 0, 5, 9, step)).toISOString();
  const data = {
    opportunityId: randomUUID(),
    from: 'QUALIFICATION',
    to: 'PROPOSAL',
    amount: step * 100,
    note: randomUUID().repeat(4),
  };
  const metadata = {
    actor: { kind: 'user', id: randomUUID() },
    commandId: randomUUID(),
    refs: { customer: randomUUID(), owner: randomUUID() },
  };
  return {
    id: randomUUID(),
    type: 'OpportunityAdvanced',
    schemaVersion: 1,
    occurredAt: moment,
    recordedAt: moment,
    data: JSON.stringify(data),
    metadata: JSON.stringify(metadata),
  };
}
