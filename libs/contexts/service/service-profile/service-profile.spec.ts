import { describe, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import type { Customer } from '../../customers/contract.js';
import { CustomerServed, ServiceTierAssigned } from './events.js';
import { serviceProfile } from './service-profile.js';

const customerId = derivedId('acme');
const agentId = derivedId('anna');
const customer: Customer = { status: 'REGISTERED', customerId, contacts: [], identifiers: {}, merged: [] };
const gold = ServiceTierAssigned({ customerId, tier: 'GOLD' });

describe('SRV-07 the service tier of a customer', () => {
  it('is assigned', () => given(serviceProfile, { customer }).when('AssignServiceTier', { customerId, tier: 'GOLD' }).then(gold));
  it('is assigned once', () =>
    given(serviceProfile, { customer }, gold).when('AssignServiceTier', { customerId, tier: 'GOLD' }).changesNothing());
  it('changes, and says what it was', () =>
    given(serviceProfile, { customer }, gold)
      .when('AssignServiceTier', { customerId, tier: 'SILVER', reason: 'Contract 2026' })
      .then(ServiceTierAssigned({ customerId, tier: 'SILVER', previousTier: 'GOLD', reason: 'Contract 2026' })));
  it('needs a customer', () =>
    given(serviceProfile, { customer: { status: 'NONE' } })
      .when('AssignServiceTier', { customerId, tier: 'GOLD' })
      .isRefused('customer-unknown', 'customerId'));
});

describe('SRV-02 who served a customer last', () => {
  it('is noted', () =>
    given(serviceProfile, { customer })
      .when('NoteService', { customerId, agentId })
      .then(CustomerServed({ customerId, agentId })));
  it('is noted when it is another one', () =>
    given(serviceProfile, { customer }, CustomerServed({ customerId, agentId }))
      .when('NoteService', { customerId, agentId })
      .changesNothing());
});
