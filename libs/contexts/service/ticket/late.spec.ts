import { describe, it } from '@jest/globals';
import { given } from '#kernel/testing';
import * as facts from './events.js';
import { SlaEscalated } from './sla-events.js';
import {
  anna,
  attached,
  customerId,
  fulfilled,
  held,
  inHandOf,
  opened,
  paused,
  resolution,
  resolved,
  resumed,
  sample,
  teamId,
  ticketId,
  verdict,
} from './testing/samples.js';
import { ticket } from './ticket.js';

describe('SRV-02 a routing that comes late', () => {
  const routed = { ticketId, teamId, agentId: anna, rule: 'LEAST_LOAD' } as const;
  const inTeam = [opened({ teamId }), attached()] as const;

  it('gives a ticket to nobody who has it already', () => {
    const hers = facts.TicketAssigned({ ...routed, customerId, priority: 'MEDIUM', previousTeamId: teamId });
    given(ticket, inHandOf(anna), ...inTeam, hers)
      .when('AcceptRouting', routed)
      .changesNothing();
  });
  it('gives nobody a ticket that is solved', () =>
    given(ticket, inHandOf(anna), ...inTeam, resolved())
      .when('AcceptRouting', routed)
      .changesNothing());
});

describe('SRV-06 an escalation', () => {
  const [dueAt, escalatesAt] = ['2026-01-12T10:00:00.000Z', '2026-01-09T10:00:00.000Z'] as const;
  const answered = fulfilled(verdict('FIRST_RESPONSE', 0));
  const later = sample(answered, held, paused, resumed(3600, dueAt, escalatesAt));
  const target = 'RESOLUTION';

  it('comes later by the working time of a pause, and no more at the moment before', () => {
    const before = resolution.escalatesAt;
    later.when('EscalateSla', { ticketId, target, escalatesAt: before }, { now: before }).changesNothing();
    later
      .when('EscalateSla', { ticketId, target, escalatesAt }, { now: escalatesAt })
      .then(SlaEscalated({ ticketId, customerId, target, escalatedAt: escalatesAt, dueAt }));
  });
});
