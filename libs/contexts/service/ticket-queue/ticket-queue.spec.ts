import { describe, expect, it } from '@jest/globals';
import type { Fact, Moment } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import * as facts from '../ticket/events.js';
import * as sla from '../ticket/sla-events.js';
import {
  anna,
  attached,
  customerId,
  failed,
  firstResponse,
  fulfilled,
  held,
  monday,
  opened,
  opening,
  otherId,
  paused,
  reply,
  resolution,
  resolved,
  resumed,
  teamId,
  ticketId,
  verdict,
} from '../ticket/testing/samples.js';
import { ticketQueue } from './ticket-queue.view.js';

const at = (fact: Fact, occurredAt: Moment = monday('09:00')) => recorded(fact, { occurredAt });
const queue = (...more: (Fact | readonly [Fact, Moment])[]) =>
  givenView(ticketQueue).facts(
    at(opened()),
    at(attached()),
    ...more.map((fact) => (Array.isArray(fact) ? at(fact[0], fact[1]) : at(fact as Fact))),
  );
const hasNo = ({ document }: ReturnType<typeof queue>, ...fields: string[]) => {
  for (const field of fields) expect(document(ticketId)).not.toHaveProperty(field);
};
const answered = fulfilled(verdict('FIRST_RESPONSE', 0));
const solved = fulfilled(verdict('RESOLUTION', 0));

describe('SRV-01 SRV-06 the queue', () => {
  it('shows a new ticket with what it is due', () =>
    queue().then(ticketId, {
      customerId,
      subject: opening.subject,
      status: 'OPEN',
      state: 'OPEN',
      priority: 'MEDIUM',
      rank: 3,
      assigned: false,
      sla: 'FIRST_RESPONSE_DUE',
      firstResponseDueAt: firstResponse.dueAt,
      resolutionDueAt: resolution.dueAt,
      dueAt: firstResponse.dueAt,
    }));
  it('shows an answered one as due for its solution', () =>
    queue(reply('AGENT', { awaitsCustomer: false }), answered).then(ticketId, {
      status: 'OPEN',
      sla: 'RESOLUTION_DUE',
      dueAt: resolution.dueAt,
      replies: 1,
      lastReplyFrom: 'AGENT',
    }));
  it('shows one that waits for the customer as paused, and due no more', () => {
    const shown = queue(reply('AGENT'), answered, [paused, monday('10:00')]);
    shown.then(ticketId, { status: 'REPLIED', state: 'PAUSED', sla: 'PAUSED' });
    hasNo(shown, 'dueAt');
  });
  it('shows one on hold with what it waits for, and later without', () => {
    queue(held, paused).then(ticketId, { status: 'ON_HOLD', holdReason: 'SUPPLIER', dueAt: firstResponse.dueAt });
    const shown = queue(
      held,
      paused,
      [facts.TicketResumed({ ticketId, by: 'AGENT' }), monday('11:00')],
      resumed(7200, '2026-01-12T11:00:00.000Z', '2026-01-09T11:00:00.000Z'),
    );
    shown.then(ticketId, { status: 'OPEN', since: monday('11:00'), resolutionDueAt: '2026-01-12T11:00:00.000Z' });
    hasNo(shown, 'holdReason');
  });
  it('shows a broken promise until the end', () =>
    queue(
      sla.SlaBreached({ ticketId, customerId, target: 'FIRST_RESPONSE', dueAt: firstResponse.dueAt }),
      failed(verdict('FIRST_RESPONSE', 5 * 3600)),
    ).then(ticketId, { sla: 'FAILED', breached: true, breachedAt: firstResponse.dueAt, dueAt: resolution.dueAt }));
  it('shows what was escalated', () =>
    queue(
      sla.SlaEscalated({
        ticketId,
        customerId,
        target: 'FIRST_RESPONSE',
        escalatedAt: firstResponse.escalatesAt,
        dueAt: firstResponse.dueAt,
      }),
    ).then(ticketId, { escalated: true }));
  it('shows a resolved one as fulfilled, and reopened as due again', () => {
    queue(resolved(), answered, solved).then(ticketId, { status: 'RESOLVED', state: 'RESOLVED', sla: 'FULFILLED' });
    queue(
      resolved(),
      answered,
      solved,
      facts.TicketReopened({ ticketId, customerId, priority: 'MEDIUM', by: 'CUSTOMER' }),
      resumed(0, resolution.dueAt, resolution.escalatesAt),
    ).then(ticketId, { status: 'OPEN', sla: 'RESOLUTION_DUE', reopened: 1, dueAt: resolution.dueAt });
  });
  it('shows who has it, and why', () => {
    const needs = { ticketId, customerId, priority: 'MEDIUM' as const };
    queue(facts.TicketAssigned({ ...needs, teamId, agentId: anna, rule: 'LEAST_LOAD' })).then(ticketId, {
      teamId,
      agentId: anna,
      assigned: true,
      rule: 'LEAST_LOAD',
    });
    const waiting = queue(
      facts.TicketAssigned({ ...needs, teamId, agentId: anna, rule: 'LEAST_LOAD' }),
      facts.TicketAssigned({ ...needs, teamId: otherId }),
    );
    waiting.then(ticketId, { teamId: otherId, assigned: false });
    hasNo(waiting, 'agentId', 'rule');
  });
  it('shows another priority with other promises', () =>
    queue(
      facts.TicketPrioritised({ ticketId, from: 'MEDIUM', to: 'URGENT' }),
      sla.SlaRetargeted({
        ticketId,
        priority: 'URGENT',
        firstResponse: { ...firstResponse, dueAt: monday('10:00') },
        resolution,
        paused: false,
      }),
    ).then(ticketId, { priority: 'URGENT', rank: 1, dueAt: monday('10:00') }));
  it('SRV-04 shows what it is about', () =>
    queue(facts.TicketCategorised({ ticketId, category: 'HARDWARE' })).then(ticketId, { category: 'HARDWARE' }));
  it('shows one that is closed', () =>
    queue(resolved(), answered, solved, facts.TicketClosed({ ticketId, customerId })).then(ticketId, {
      status: 'CLOSED',
      state: 'RESOLVED',
      sla: 'FULFILLED',
    }));
  it('shows where one goes on that was merged, and that it is due no more', () => {
    const merged = facts.TicketMerged({ ticketId, customerId, intoTicketId: otherId });
    queue(merged).then(ticketId, { status: 'MERGED', state: 'RESOLVED', mergedInto: otherId });
    hasNo(queue(merged), 'dueAt', 'sla');
    queue(merged, facts.TicketReinstated({ ticketId, mergedTicketId: otherId })).then(ticketId, {
      status: 'OPEN',
      dueAt: firstResponse.dueAt,
    });
  });
  it('shows which tickets go on in it', () =>
    queue(facts.TicketAbsorbed({ ticketId, mergedTicketId: otherId })).then(ticketId, { absorbed: [otherId] }));
});
