import { describe, expect, it } from '@jest/globals';
import { derivedId, type Fact } from '#kernel';
import { carried, givenView, recorded } from '#kernel/testing';
import {
  LeadAssigned,
  LeadConversionStarted,
  LeadConverted,
  LeadCreated,
  LeadDisqualified,
  LeadErased,
  LeadQualified,
  LeadRecycled,
} from '../lead/events.js';
import { leads } from './leads.view.js';

const leadId = derivedId('lead');
const personId = derivedId('person');
const ada = derivedId('ada');
const bob = derivedId('bob');
const ids = { customerId: derivedId('customer'), contactId: personId, opportunityId: derivedId('opportunity') };
const name = carried('Grace');

const on = (day: number, fact: Fact) => recorded(fact, { occurredAt: at(day) });
const at = (day: number) => `2026-01-0${day}T09:00:00.000Z`;

const created = on(1, LeadCreated({ leadId, personId, name, notes: carried('called'), source: 'TRADE_SHOW', campaign: 'fair' }));
const assigned = on(2, LeadAssigned({ leadId, ownerId: ada }));
const qualified = on(3, LeadQualified({ leadId }));
const started = on(
  4,
  LeadConversionStarted({ leadId, personId, ...ids, registersCustomer: true, name, amount: 1_00, currency: 'EUR' }),
);
const converted = on(5, LeadConverted({ leadId, ...ids }));

describe('SAL-02 the board of leads', () => {
  it('shows a new lead with its source, its campaign and its age', () =>
    givenView(leads)
      .facts(created)
      .then(leadId, {
        status: 'NEW',
        category: 'OPEN',
        source: 'TRADE_SHOW',
        campaign: 'fair',
        createdAt: at(1),
        statusSince: at(1),
      }));
  it('carries the name sealed', () => expect(givenView(leads).facts(created).document(leadId)?.name).toBe(name));
  it('leaves the notes out', () => expect(givenView(leads).facts(created).document(leadId)).not.toHaveProperty('notes'));
  it('shows who looks after it', () =>
    givenView(leads)
      .facts(created, assigned)
      .then(leadId, { status: 'ASSIGNED', category: 'ONGOING', ownerId: ada, statusSince: at(2) }));
  it('shows that it is worked on', () =>
    givenView(leads)
      .facts(created, assigned, qualified)
      .then(leadId, { status: 'IN_PROCESS', category: 'ONGOING', statusSince: at(3) }));
  it('leaves a lead in process there when it is handed over', () =>
    givenView(leads)
      .facts(created, assigned, qualified, on(4, LeadAssigned({ leadId, ownerId: bob, previousOwnerId: ada })))
      .then(leadId, { status: 'IN_PROCESS', ownerId: bob, statusSince: at(3) }));
  it('shows a recycled one as on hold', () =>
    givenView(leads)
      .facts(created, assigned, on(3, LeadRecycled({ leadId })))
      .then(leadId, { status: 'RECYCLED', category: 'ON_HOLD' }));
  it('shows why one is dead', () =>
    givenView(leads)
      .facts(created, on(2, LeadDisqualified({ leadId, personId, reason: 'NO_FIT' })))
      .then(leadId, { status: 'DEAD', category: 'LOST', reason: 'NO_FIT' }));
});

describe('SAL-04 the board of leads', () => {
  it('shows a conversion under way', () =>
    givenView(leads).facts(created, assigned, qualified, started).then(leadId, { status: 'IN_PROCESS', converting: true }));
  it('names what a converted lead became', () =>
    givenView(leads)
      .facts(created, assigned, qualified, started, converted)
      .then(leadId, { status: 'CONVERTED', category: 'WON', converting: false, ...ids }));
});

describe('CID-10 the board of leads', () => {
  const erased = givenView(leads).facts(created, assigned, on(3, LeadErased({ leadId, persons: [personId] })));

  it('keeps counting a lead whose person was forgotten', () =>
    erased.then(leadId, { status: 'DEAD', erased: true, source: 'TRADE_SHOW', ownerId: ada }));
  it('waits for no conversion of it any more', () =>
    givenView(leads)
      .facts(created, assigned, qualified, started, on(5, LeadErased({ leadId, persons: [personId] })))
      .then(leadId, { status: 'DEAD', converting: false }));
  it('shows nothing personal of it', () => expect(erased.document(leadId)).not.toHaveProperty('name'));
});
