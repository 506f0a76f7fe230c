import { describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { Id, view } from '#kernel';
import { registryOf } from '../registry.js';
import { planOf } from './plan.js';

const receipts = view({
  name: 'receipts',
  description: 'What was paid.',
  version: 1,
  capabilities: [],
  roles: ['orders', 'customer'],
  document: Type.Object({ receiptId: Id('the receipt'), customerId: Id('who paid') }),
  facts: {},
  key: () => [],
  initial: (receiptId) => ({ receiptId, customerId: '' }),
  apply: {},
  filters: ['customerId'],
  customer: 'customerId',
});
const registry = registryOf([]);

describe('a view for customers (ORD-11)', () => {
  it('filters by the field that names the customer', () => {
    const { customer: _, ...unnamed } = receipts;
    expect(planOf(receipts, registry).filters.has('customerId')).toBe(true);
    for (const wrong of [unnamed, { ...receipts, filters: ['receiptId'] as const }])
      expect(() => planOf(wrong as typeof receipts, registry)).toThrow('View receipts is for customers');
  });
  it('has no documents of several customers in one', () =>
    expect(() => planOf({ ...receipts, merge: () => ({}) } as never, registry)).toThrow('View receipts is for customers'));
});
