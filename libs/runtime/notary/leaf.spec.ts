import { expect, it } from '@jest/globals';
import type { StoredFact } from '../ports.js';
import { leafOf, leafOfStored } from './leaf.js';
import { leafHash } from './merkle.js';

const stored: StoredFact = {
  id: '3c4b1a77-8a3f-5a3c-9a70-2f30d1f8b0aa',
  type: 'OrderInvoiced',
  schemaVersion: 2,
  stream: 'order-main.8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10',
  revision: 3,
  position: 'abcdefgh.0000000000000007',
  occurredAt: '2026-01-05T09:00:00.000Z',
  recordedAt: '2026-01-05T09:00:01.000Z',
  data: '{"number":"R-7","amount":1200,"name":{"$sealed":"x"},"note":"Zürich €"}',
  metadata: '{"actor":{"kind":"user","id":"u1"},"commandId":"9ba1df51-25d9-59ee-8e78-a155d83e0b9e","refs":{"customerId":"c1"}}',
};

it('a leaf is what it was when the first head was signed', () => {
  const leaf = leafOfStored(stored);
  expect(leaf).toBe(
    '{"actor":{"id":"u1","kind":"user"},"causationId":"9ba1df51-25d9-59ee-8e78-a155d83e0b9e",' +
      '"commandId":"9ba1df51-25d9-59ee-8e78-a155d83e0b9e","correlationId":"9ba1df51-25d9-59ee-8e78-a155d83e0b9e",' +
      '"data":{"amount":1200,"name":{"$sealed":"x"},"note":"Zürich €","number":"R-7"},"id":"3c4b1a77-8a3f-5a3c-9a70-2f30d1f8b0aa",' +
      '"inputs":[],"occurredAt":"2026-01-05T09:00:00.000Z","recordedAt":"2026-01-05T09:00:01.000Z","refs":{"customerId":"c1"},"revision":3,' +
      '"schemaVersion":2,"stream":"order-main.8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10","subjects":[],"tenant":"main","type":"OrderInvoiced",' +
      '"visibility":"public"}',
  );
  expect(leafHash(leaf).toString('hex')).toBe('c1bb46fa805f46e44818ea51dc48a41777bf9d010bfcddc42e4ea7fd6f022ee6');
});

it('the position and what a replay may show beside it one day are no part of it', () => {
  expect(leafOf({ ...stored, position: 'another', more: 1 } as object)).toBe(leafOf(stored));
});
