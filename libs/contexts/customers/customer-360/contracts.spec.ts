import { describe, expect, it } from '@jest/globals';
import { derivedId, type Fact, momentOf, streamName } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import {
  ChurnReasonLearnt,
  ContractChanged,
  ContractContinued,
  ContractEnded,
  ContractNoticeGiven,
  ContractStarted,
  CustomerChurned,
  CustomerWonBack,
  RelationshipBegan,
} from '../../retention/contract.js';
import { customer360 } from './customer-360.view.js';
import { mergeCustomers } from './merge.js';

const customerId = derivedId('acme');
const other = derivedId('acme corporation');
const contractId = derivedId('contract');
const day = (days: number) => momentOf(Date.UTC(2026, 0, 1 + days));
const stream = streamName('relationship', 'main', customerId);
const terms = { kind: 'One year', price: 50_00, currency: 'EUR', interval: 'MONTH' } as const;

const on = (days: number, fact: Fact) =>
  recorded(fact, { stream, revision: days, occurredAt: day(days), refs: { customer: customerId } });
const view = (...facts: ReturnType<typeof on>[]) => givenView(customer360).facts(...facts);
const event = (revision: number) => ({ stream, revision });

const began = on(0, RelationshipBegan({ customerId, bond: 'CONTRACT', since: day(0) }));
const started = on(1, ContractStarted({ customerId, contractId, ...terms }));
const noticed = on(2, ContractNoticeGiven({ customerId, contractId, endsAt: day(9), reason: 'PRICE' }));
const ended = on(9, ContractEnded({ customerId, contractId, endedAt: day(9), reason: 'PRICE', ...terms, days: 8 }));
const lost = on(9, CustomerChurned({ customerId, bond: 'CONTRACT', reason: 'PRICE', churnedAt: day(9), since: day(0), days: 9 }));

describe('MKT-20 a customer with contracts (CID-02)', () => {
  it('has them with their terms, each with the event that it came from', () =>
    view(
      began,
      started,
      on(2, ContractChanged({ customerId, contractId, ...terms, price: 40_00, previousPrice: 50_00, previousCurrency: 'EUR' })),
    ).then(customerId, {
      relationship: 'ACTIVE',
      runningContracts: 1,
      contracts: [{ contractId, ...terms, price: 40_00, since: day(1), event: event(2) }],
    }));
  it('sees when one is to end, and that it goes on', () => {
    view(began, started, noticed).then(customerId, {
      contracts: [{ contractId, ...terms, endsAt: day(9), since: day(1), event: event(2) }],
    });
    view(began, started, noticed, on(3, ContractContinued({ customerId, contractId }))).then(customerId, {
      contracts: [{ contractId, ...terms, since: day(1), event: event(3) }],
    });
    view(began, started, noticed, on(3, ContractContinued({ customerId, contractId, endsAt: day(20) }))).then(customerId, {
      contracts: [{ contractId, ...terms, endsAt: day(20), since: day(1), event: event(3) }],
    });
  });
  it('is lost with the last one, for a reason that may be learnt later (ANA-03)', () => {
    view(began, started, noticed, ended, lost).then(customerId, {
      relationship: 'CHURNED',
      churnedAt: day(9),
      churnReason: 'PRICE',
      runningContracts: 0,
      contracts: [{ contractId, ...terms, endedAt: day(9), since: day(1), event: event(9) }],
    });
    view(began, started, ended, lost, on(10, ChurnReasonLearnt({ customerId, reason: 'SERVICE' }))).then(customerId, {
      churnReason: 'SERVICE',
    });
  });
  it('is won back', () => {
    const back = CustomerWonBack({ customerId, bond: 'PURCHASES', churnedAt: day(9), days: 2 });
    const document = view(began, started, ended, lost, on(11, back)).document(customerId);
    expect(document).toMatchObject({ relationship: 'ACTIVE' });
    expect(document).not.toHaveProperty('churnedAt');
  });
});

describe('CID-04 merged customers', () => {
  const gone = view(began, started, ended, lost).document(customerId) as never;
  const document = (relationship: 'ACTIVE' | undefined) => ({
    ...(view(began).document(customerId) as object),
    customerId: other,
    relationship,
  });
  it('are customers as long as one of them is', () =>
    expect(mergeCustomers([gone, document('ACTIVE') as never], other)).toMatchObject({
      relationship: 'ACTIVE',
      contracts: [{ contractId }],
    }));
  it('are lost when those are who ever were customers', () =>
    expect(mergeCustomers([gone, document(undefined) as never], other)).toMatchObject({
      relationship: 'CHURNED',
      churnedAt: day(9),
    }));
  it('are lost when the last of them was', () => {
    const earlier = { ...(gone as object), customerId: other, churnedAt: day(5), churnReason: 'SERVICE' } as never;
    for (const survivor of [customerId, other])
      expect(mergeCustomers([gone, earlier], survivor)).toMatchObject({ churnedAt: day(9), churnReason: 'PRICE' });
  });
});
