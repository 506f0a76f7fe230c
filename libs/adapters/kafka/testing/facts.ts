import { randomUUID } from 'node:crypto';
import type { NewFact } from '#runtime/ports';

export type Kind = 'public' | 'internal' | 'imported';

const MOMENT = '2026-01-05T09:00:00.000Z';
const CUT_OVER = '2026-06-01T00:00:00.000Z';

/** A fact as the log has it; of imported ones, from before their cut-over. */
export function newFact(kind: Kind = 'public', dataBytes = 250): NewFact {
  const metadata = {
    ...(kind === 'internal' && { visibility: 'internal' }),
    ...(kind === 'imported' && { imported: { cutOver: CUT_OVER, clock: false } }),
    actor: { kind: 'service', id: randomUUID() },
    commandId: randomUUID(),
    refs: { customer: randomUUID() },
  };
  return {
    id: randomUUID(),
    type: 'OrderPlaced',
    schemaVersion: 1,
    occurredAt: MOMENT,
    recordedAt: MOMENT,
    data: JSON.stringify({
      note: randomUUID()
        .repeat(Math.ceil(dataBytes / 36))
        .slice(0, dataBytes),
    }),
    metadata: JSON.stringify(metadata),
  };
}

export const isPublic = ({ metadata }: NewFact): boolean => {
  const { visibility, imported } = JSON.parse(metadata) as { visibility?: string; imported?: object };
  return visibility === undefined && imported === undefined;
};

/** The streams of four tenants' topics. */
export const newStream = (): string => {
  const [tenant, aggregate] = [
    ['acme', 'other'][Math.trunc(Math.random() * 2)],
    ['order', 'lead'][Math.trunc(Math.random() * 2)],
  ];
  return `${aggregate}-${tenant}.${randomUUID()}`;
};

export const TOPICS = ['acme', 'other'].flatMap((tenant) => ['order', 'lead'].map((aggregate) => ({ tenant, aggregate })));
