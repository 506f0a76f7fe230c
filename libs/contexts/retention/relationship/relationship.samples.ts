import { addDays, type DataOf, derivedId } from '#kernel';
import type { Customer } from '../../customers/contract.js';
import type { Order } from '../../orders/contract.js';
import type { Silence } from '../silence/silence.js';
import * as facts from './events.js';
import type { Relationship } from './relationship-state.js';

/** Facts of one customer, for specifications: a contract for 50.00 EUR a month, purchases of 30.00 EUR. */
export const customerId = derivedId('sample', 'customer');
export const contractId = derivedId('sample', 'contract');
export const otherId = derivedId('sample', 'contract', 'other');
export const purchaseId = derivedId('sample', 'purchase');
export const orderId = derivedId('sample', 'order');
export const actionId = derivedId('sample', 'action');

export const now = '2026-01-05T09:00:00.000Z';
export const day = (days: number) => addDays(now, days);
export const segment = 'retail';

export const registered = {
  status: 'REGISTERED',
  customerId,
  segment,
  contacts: [],
  identifiers: {},
  merged: [],
} as const satisfies Customer;
export const patient: Silence = { interactions: false };
export const strict: Silence = { days: 90, interactions: false };
export const attentive: Silence = { days: 90, interactions: true };
export const of = (silence: Silence = patient, customer: Customer = registered) => ({
  customer,
  silence,
  order: { exists: false } as const satisfies Order,
  memberCustomer: { status: 'NONE' } as Customer,
  member: { status: 'NONE' } as Relationship,
});

export const terms = { kind: 'One year', price: 50_00, currency: 'EUR', interval: 'MONTH' } as const;
export const began = (bond: 'CONTRACT' | 'PURCHASES' = 'CONTRACT', since = now) =>
  facts.RelationshipBegan({ customerId, bond, segment, since });
export const started = (more: Partial<DataOf<typeof facts.ContractStarted>> = {}) =>
  facts.ContractStarted({ customerId, contractId, ...terms, ...more });
export const ended = (endedAt: string, days: number, more: Partial<DataOf<typeof facts.ContractEnded>> = {}) =>
  facts.ContractEnded({ customerId, contractId, endedAt, reason: 'PRICE', ...terms, days, ...more });
export const churned = (churnedAt: string, days: number, more: Partial<DataOf<typeof facts.CustomerChurned>> = {}) =>
  facts.CustomerChurned({
    customerId,
    segment,
    churnedAt,
    since: now,
    days,
    bond: 'CONTRACT',
    reason: 'PRICE',
    contractKind: terms.kind,
    ...more,
  });
export const silent = (churnedAt: string, days: number) =>
  facts.CustomerChurned({ customerId, segment, churnedAt, since: now, days, bond: 'PURCHASES', reason: 'SILENCE' });
export const bought = (silentAt?: string) =>
  facts.PurchaseRecorded({ customerId, purchaseId, amount: 30_00, currency: 'EUR', units: 2, silentAt });
export const ordered = (at: string, silentAt?: string) =>
  facts.SignOfLifeNoted({ customerId, sign: 'ORDER', signId: orderId, at, silentAt });
export const takenBack = (more: Partial<DataOf<typeof facts.SignOfLifeTakenBack>> = {}) =>
  facts.SignOfLifeTakenBack({ customerId, signId: orderId, at: day(60), ...more });
export const buying = { customerId, purchaseId, amount: 30_00, currency: 'EUR', units: 2 };
export const acted = (more: Partial<DataOf<typeof facts.RetentionActionTaken>> = {}) =>
  facts.RetentionActionTaken({ customerId, actionId, kind: 'OFFER', had: 'ACTIVE', segment, judgedAt: day(30), ...more });
