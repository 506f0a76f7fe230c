import { describe, expect, it } from '@jest/globals';
import { derivedId, type Fact, type Moment } from '#kernel';
import { carried, givenView, recorded } from '#kernel/testing';
import { CustomerErased, CustomerRegistered, RetentionEnded, RetentionNoted } from '../customer/events.js';
import { customer360 } from './customer-360.view.js';
import type { Customer360 } from './document.js';
import { mergeCustomers } from './merge.js';

const customerId = derivedId('acme');
const other = derivedId('acme corporation');
const [until, longer] = ['2037-01-01T00:00:00.000Z', '2038-01-01T00:00:00.000Z'] as const;
const retention = 'billing';

const registered = CustomerRegistered({ customerId, kind: 'ORGANISATION', name: carried('Acme') });
const erased = CustomerErased({ customerId, persons: [customerId], merged: [], kept: [{ retention, until }] });
const notedAfter = RetentionNoted({ customerId, retention, until: longer, afterErasure: true });
const view = (...facts: Fact[]) =>
  givenView(customer360).facts(...[registered, ...facts].map((fact) => recorded(fact, { refs: { customer: customerId } })));

describe('what a law keeps of an erased customer (CID-10)', () => {
  it('is shown with its date', () => view(erased).then(customerId, { status: 'ERASED', kept: [{ retention, until }] }));
  it('is shown once, with the later date of a record that becomes known', () =>
    view(erased, notedAfter).then(customerId, { kept: [{ retention, until: longer }] }));
  it('is shown where a record becomes known of one of whom nothing was kept', () =>
    view(CustomerErased({ customerId, persons: [customerId], merged: [] }), notedAfter).then(customerId, {
      kept: [{ retention, until: longer }],
    }));
  it('is no more once it is destroyed, but what is left of it', () => {
    const ended = (kept?: { retention: 'billing'; until: Moment }[]) =>
      RetentionEnded({ customerId, retention, persons: [customerId], ...(kept && { kept }) });
    expect(view(erased, ended()).document(customerId)).not.toHaveProperty('kept');
    view(erased, ended([{ retention, until: longer }])).then(customerId, { kept: [{ retention, until: longer }] });
  });
  it('is shown also where it survives others who are merged into it (CID-04)', () => {
    const gone = view(erased).document(customerId) as Customer360;
    const member = { ...(view().document(customerId) as Customer360), customerId: other };
    const merged = mergeCustomers([gone, member], customerId);
    expect(merged).toMatchObject({ kept: [{ retention, until }] });
  });
});
