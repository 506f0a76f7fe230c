import { describe, expect, it } from '@jest/globals';
import { derivedId, type Fact, streamName } from '#kernel';
import { carried, givenView, recorded } from '#kernel/testing';
import * as service from '../../service/contract.js';
import { customer360 } from './customer-360.view.js';

const customerId = derivedId('acme');
const ticketId = derivedId('ticket');
const anna = derivedId('anna');
const subject = carried('It stays dark.');
const stream = streamName('ticket', 'main', ticketId);
const since = '2026-01-05T09:00:00.000Z';
const needs = { ticketId, customerId, priority: 'HIGH' as const };

const opened = service.TicketOpened({ ...needs, channel: 'EMAIL', subject });
const view = (...facts: Fact[]) =>
  givenView(customer360).facts(
    ...facts.map((fact, revision) => recorded(fact, { stream, revision, refs: { customer: customerId, ticket: ticketId } })),
  );
const reply = (awaitsCustomer: boolean) =>
  service.TicketReplied({ ticketId, customerId, from: 'AGENT', awaitsCustomer, text: carried('…') });
const resolved = service.TicketResolved({ ...needs, outcome: 'SOLVED', resolutions: 1 });

describe('the tickets of a customer (CID-02)', () => {
  it('are shown and counted', () =>
    view(opened).then(customerId, {
      tickets: [{ ticketId, subject, status: 'OPEN', priority: 'HIGH', breached: false, since, event: { stream, revision: 0 } }],
      openTickets: 1,
      ticketCount: 1,
    }));
  it('name the event that changed them last', () =>
    view(opened, service.TicketAssigned({ ...needs, agentId: anna })).then(customerId, {
      tickets: [
        {
          ticketId,
          subject,
          status: 'OPEN',
          priority: 'HIGH',
          agentId: anna,
          breached: false,
          since,
          event: { stream, revision: 1 },
        },
      ],
    }));
  it.each([
    ['REPLIED', 1, [reply(true)]],
    ['OPEN', 1, [reply(false)]],
    ['ON_HOLD', 1, [service.TicketHeld({ ticketId, reason: 'SUPPLIER' })]],
    ['OPEN', 1, [reply(true), service.TicketResumed({ ticketId, by: 'CUSTOMER' })]],
    ['RESOLVED', 0, [resolved]],
    ['OPEN', 1, [resolved, service.TicketReopened({ ...needs, by: 'CUSTOMER' })]],
    ['CLOSED', 0, [resolved, service.TicketClosed({ ticketId, customerId })]],
    ['MERGED', 0, [service.TicketMerged({ ticketId, customerId, intoTicketId: anna })]],
  ] as const)('are %s, so that %i are open', (status, openTickets, facts) =>
    expect(view(opened, ...facts).document(customerId)).toMatchObject({ tickets: [{ status }], openTickets, ticketCount: 1 }),
  );
  it('say how urgent they are, and whether a promise was broken', () => {
    const shown = view(
      opened,
      service.TicketPrioritised({ ticketId, from: 'HIGH', to: 'URGENT' }),
      service.SlaBreached({ ticketId, customerId, target: 'FIRST_RESPONSE', dueAt: since }),
    );
    expect(shown.document(customerId)?.tickets).toMatchObject([{ priority: 'URGENT', breached: true }]);
  });
});

describe('the service tier of a customer (CID-02)', () => {
  it('is the last one', () =>
    view(
      service.ServiceTierAssigned({ customerId, tier: 'SILVER' }),
      service.ServiceTierAssigned({ customerId, tier: 'GOLD', previousTier: 'SILVER' }),
    ).then(customerId, { serviceTier: 'GOLD' }));
});
