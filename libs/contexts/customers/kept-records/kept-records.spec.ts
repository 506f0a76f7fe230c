import { describe, it } from '@jest/globals';
import { at, derivedId, send } from '#kernel';
import { carried, givenProcess, recorded } from '#kernel/testing';
import { OrderInvoiced } from '../../orders/contract.js';
import { CustomerErased, RetentionNoted } from '../customer/events.js';
import { EndRetention, NoteRetention } from '../customer/process-commands.js';
import { keptRecords } from './kept-records.process.js';

const customerId = derivedId('customer');
const retention = 'billing';
const until = '2037-01-01T00:00:00.000Z';
const invoiced = OrderInvoiced({
  orderId: derivedId('order'),
  customerId,
  invoiceId: derivedId('invoice'),
  amount: 1,
  currency: 'EUR',
  lines: [{ lineId: derivedId('line'), quantity: 1, amount: 1 }],
  dueAt: '2026-02-04T09:00:00.000Z',
  reminderAts: [],
});

describe('what a law keeps of a customer (CID-10)', () => {
  it('is noted of each invoice that names somebody: until ten calendar years after it', () =>
    givenProcess(keptRecords)
      .when(
        recorded(OrderInvoiced({ ...invoiced.data, billingName: carried('Ada') }), { occurredAt: '2026-12-31T23:59:59.999Z' }),
      )
      .sends(send(NoteRetention, { customerId, retention, until }, { alsoImported: true })));
  it('is nothing where an invoice names nobody', () => givenProcess(keptRecords).when(recorded(invoiced)).sendsNothing());
  it('is destroyed at its date after an erasure', () =>
    givenProcess(keptRecords)
      .when(recorded(CustomerErased({ customerId, persons: [customerId], kept: [{ retention, until }] })))
      .sends(at(until, send(EndRetention, { customerId, retention }))));
  it('is destroyed at its date too where it became known after the erasure', () => {
    const noted = { customerId, retention, until } as const;
    givenProcess(keptRecords)
      .when(recorded(RetentionNoted({ ...noted, afterErasure: true })))
      .sends(at(until, send(EndRetention, { customerId, retention })));
    givenProcess(keptRecords)
      .when(recorded(RetentionNoted(noted)))
      .sendsNothing();
  });
  it('is nothing to wait for where nothing is kept', () =>
    givenProcess(keptRecords)
      .when(recorded(CustomerErased({ customerId, persons: [customerId] })))
      .sendsNothing());
});
