import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fact, Moment } from '#kernel';
import { derivedId } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import * as facts from '../ticket/events.js';
import * as slaFacts from '../ticket/sla-events.js';
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
  otherId,
  paused,
  policyId,
  resolution,
  resumed,
  ticketId,
  verdict,
} from '../ticket/testing/samples.js';
import { durationBounds } from './durations.js';
import { type SlaEntry, sla } from './sla.view.js';

const at = (fact: Fact, occurredAt: Moment = monday('09:00')) => recorded(fact, { occurredAt });
const view = (...more: (Fact | readonly [Fact, Moment])[]) =>
  givenView(sla).facts(
    at(opened()),
    at(attached()),
    ...more.map((fact) => (Array.isArray(fact) ? at(fact[0], fact[1]) : at(fact as Fact))),
  );
const first = `${ticketId}.FIRST_RESPONSE`;
const second = `${ticketId}.RESOLUTION`;
const reopening = facts.TicketReopened({ ticketId, customerId, priority: 'MEDIUM', by: 'CUSTOMER' });

/** What was kept and was not, and how many of them by month. */
function totalsOf(documents: ReadonlyMap<string, SlaEntry>) {
  const entries = [...documents.values()];
  const sum = (of: 'fulfilled' | 'failed') => entries.reduce((total, entry) => total + entry[of], 0);
  const months = entries.flatMap(({ judgedAt }) => judgedAt?.slice(0, 7) ?? []).sort();
  return { fulfilled: sum('fulfilled'), failed: sum('failed'), months };
}

const monthsOf = (history: readonly (Fact | readonly [Fact, Moment])[]) =>
  history
    .flatMap((one) => (Array.isArray(one) && String((one[0] as Fact).type).match(/^Sla(Fulfilled|Failed)$/) ? one[1] : []))
    .map((at: Moment) => at.slice(0, 7))
    .sort();

describe('SRV-06 the promises', () => {
  it('are two for each ticket', () => {
    const shown = view();
    const both = {
      ticketId,
      customerId,
      policyId,
      policyName: 'Default',
      verdict: 'PENDING' as const,
      startedAt: monday('09:00'),
    };
    shown.then(first, { ...both, target: 'FIRST_RESPONSE', dueAt: firstResponse.dueAt, targetSeconds: 4 * 3600 });
    shown.then(second, { ...both, target: 'RESOLUTION', dueAt: resolution.dueAt, targetSeconds: 40 * 3600 });
  });
  it('are kept, with so much left', () =>
    view([fulfilled(verdict('FIRST_RESPONSE', 3600, { agentId: anna })), monday('10:00')]).then(first, {
      verdict: 'FULFILLED',
      judgedAt: monday('10:00'),
      takenSeconds: 3600,
      marginSeconds: 3 * 3600,
      agentId: anna,
      fulfilled: 1,
      failed: 0,
    }));
  it('are broken, and kept too late by so much', () => {
    const breached = slaFacts.SlaBreached({ ticketId, customerId, target: 'FIRST_RESPONSE', dueAt: firstResponse.dueAt });
    view(breached).then(first, { verdict: 'PENDING', breached: true, breachedAt: firstResponse.dueAt });
    view(breached, failed(verdict('FIRST_RESPONSE', 4 * 3600 + 0.25))).then(first, {
      verdict: 'FAILED',
      takenSeconds: 4 * 3600,
      marginSeconds: 0,
      failed: 1,
    });
  });
  it('are escalated', () =>
    view(
      slaFacts.SlaEscalated({
        ticketId,
        customerId,
        target: 'RESOLUTION',
        escalatedAt: resolution.escalatesAt,
        dueAt: resolution.dueAt,
      }),
    ).then(second, { escalatedAt: resolution.escalatesAt }));
  it('of the solution are due at no moment while time stands still, those of the first answer are', () => {
    const shown = view(held, paused);
    expect(shown.document(second)).not.toHaveProperty('dueAt');
    shown.then(first, { dueAt: firstResponse.dueAt });
  });
  it('of the solution are due later after a pause', () =>
    view(held, paused, resumed(7200, '2026-01-12T11:00:00.000Z', '2026-01-09T11:00:00.000Z')).then(second, {
      dueAt: '2026-01-12T11:00:00.000Z',
      pausedSeconds: 7200,
    }));
  it('have no verdict any more once the solution was none', () => {
    const shown = view(fulfilled(verdict('RESOLUTION', 3600)), reopening, resumed(0, resolution.dueAt, resolution.escalatesAt));
    shown.then(second, { verdict: 'PENDING', fulfilled: 0 });
    expect(shown.document(second)).not.toHaveProperty('takenSeconds');
  });
  it('leave the verdict on a solution that was none behind, in the month in which it was given', () => {
    const again = [reopening, resumed(0, resolution.dueAt, resolution.escalatesAt)];
    const judged = [fulfilled(verdict('RESOLUTION', 3600, { agentId: anna })), monday('10:00')] as const;
    const entry = view(judged).document(second);
    expect(view(judged).documents.size).toBe(2);
    const reopened = view(judged, ...again);
    reopened.then(second, { verdict: 'PENDING', fulfilled: 0, solution: 2, earlierFulfilled: 1, earlierFailed: 0 });
    const { verdict: of, judgedAt, takenSeconds, marginSeconds, agentId } = entry as Required<SlaEntry>;
    expect(reopened.document(second)?.earlier).toEqual([{ verdict: of, judgedAt, takenSeconds, marginSeconds, agentId }]);
    expect(reopened.document(`${second}.1`)).toEqual(entry);
    const twice = view(judged, ...again, [failed(verdict('RESOLUTION', 41 * 3600)), '2026-02-02T10:00:00.000Z'], ...again);
    expect(twice.document(`${second}.1`)).toEqual(entry);
    twice.then(`${second}.2`, { verdict: 'FAILED', solution: 2, judgedAt: '2026-02-02T10:00:00.000Z', failed: 1 });
    twice.then(second, { verdict: 'PENDING', failed: 0, solution: 3, earlierFulfilled: 1, earlierFailed: 1 });
    view(held, paused, resumed(0, resolution.dueAt, resolution.escalatesAt)).then(second, { solution: 1, earlierFulfilled: 0 });
  });
  it('have the same totals of a month whatever happens later', () => {
    const events = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 20 })), { maxLength: 6 });
    fc.assert(
      fc.property(events, (solutions) => {
        let day = Date.parse(monday('10:00'));
        const history = solutions.flatMap(([kept, days]): (Fact | readonly [Fact, Moment])[] => {
          day += days * 86_400_000;
          const at = new Date(day).toISOString();
          const judged = kept ? fulfilled(verdict('RESOLUTION', 3600)) : failed(verdict('RESOLUTION', 41 * 3600));
          return [
            [judged, at],
            [reopening, at],
            [resumed(0, resolution.dueAt, resolution.escalatesAt), at],
          ];
        });
        for (let facts = 0; facts <= history.length; facts++) {
          const given = solutions.slice(0, Math.ceil(facts / 3));
          expect(totalsOf(view(...history.slice(0, facts)).documents)).toEqual({
            fulfilled: given.filter(([kept]) => kept).length,
            failed: given.filter(([kept]) => !kept).length,
            months: monthsOf(history.slice(0, facts)),
          });
        }
      }),
    );
  });
  it('change with the priority, unless they were judged', () => {
    const prioritised = facts.TicketPrioritised({ ticketId, from: 'MEDIUM', to: 'URGENT' });
    const due = { targetSeconds: 8 * 3600, dueAt: monday('17:00'), escalatesAt: monday('15:24') };
    const retargeted = slaFacts.SlaRetargeted({ ticketId, priority: 'URGENT', resolution: due, paused: false });
    const shown = view(fulfilled(verdict('FIRST_RESPONSE', 0)), prioritised, retargeted);
    shown.then(first, { priority: 'MEDIUM', verdict: 'FULFILLED', targetSeconds: 4 * 3600 });
    shown.then(second, { priority: 'URGENT', dueAt: monday('17:00'), targetSeconds: 8 * 3600 });
  });
  it('stay in the category that the ticket had when they were judged', () => {
    const about = (category: string) => facts.TicketCategorised({ ticketId, category });
    const answered = fulfilled(verdict('FIRST_RESPONSE', 0, { category: 'HARDWARE' }));
    const solved = fulfilled(verdict('RESOLUTION', 3600, { category: 'HARDWARE' }));
    const shown = view(about('HARDWARE'), answered, solved, about('BILLING'));
    for (const key of [first, second]) shown.then(key, { category: 'HARDWARE', laterCategory: 'BILLING' });
    const again = view(
      about('HARDWARE'),
      answered,
      solved,
      about('BILLING'),
      reopening,
      resumed(0, resolution.dueAt, resolution.escalatesAt),
    );
    again.then(`${second}.1`, { category: 'HARDWARE', fulfilled: 1 });
    again.then(second, { category: 'BILLING', verdict: 'PENDING' });
    expect(again.document(second)).not.toHaveProperty('laterCategory');
  });
  it('are of whoever has the ticket until they are judged', () => {
    const assigned = (agentId: string) => facts.TicketAssigned({ ticketId, customerId, priority: 'MEDIUM', agentId });
    const shown = view(assigned(otherId), fulfilled(verdict('FIRST_RESPONSE', 0, { agentId: otherId })), assigned(anna));
    shown.then(first, { agentId: otherId });
    shown.then(second, { agentId: anna });
  });
  it('are of the team of the ticket, and about what it was opened for', () => {
    const [category, teamId] = ['HARDWARE', anna];
    const inTeam = [at(opened({ category, teamId })), at(attached())];
    givenView(sla)
      .facts(...inTeam)
      .then(first, { category, teamId });
    const assigned = { ticketId, customerId, priority: 'MEDIUM' as const, previousTeamId: teamId };
    const handedOver = facts.TicketAssigned({ ...assigned, teamId: otherId });
    givenView(sla)
      .facts(...inTeam, at(handedOver))
      .then(second, { category, teamId: otherId });
    const ofNobody = facts.TicketAssigned(assigned);
    expect(
      givenView(sla)
        .facts(...inTeam, at(ofNobody))
        .document(second),
    ).not.toHaveProperty('teamId');
  });
  it('change with the priority while time stands still: only the first answer is due', () => {
    const due = { targetSeconds: 3600, dueAt: monday('10:00'), escalatesAt: monday('09:48') };
    const both = { firstResponse: due, resolution: due, paused: true };
    const shown = view(held, paused, slaFacts.SlaRetargeted({ ticketId, priority: 'URGENT', ...both }));
    shown.then(first, { dueAt: due.dueAt, targetSeconds: 3600 });
    shown.then(second, { targetSeconds: 3600 });
    expect(shown.document(second)).not.toHaveProperty('dueAt');
  });
  it('go on in another ticket when it is merged', () => {
    const merged = facts.TicketMerged({ ticketId, customerId, intoTicketId: otherId });
    const shown = view(fulfilled(verdict('FIRST_RESPONSE', 0)), merged);
    shown.then(first, { verdict: 'FULFILLED' });
    shown.then(second, { verdict: 'WITHDRAWN' });
    view(merged, facts.TicketReinstated({ ticketId, mergedTicketId: otherId })).then(second, { verdict: 'PENDING' });
  });
});

describe('SRV-05 the durations', () => {
  const hour = 3600;
  it('are counted by fixed bounds once they are known', () => {
    const pending = view().document(second);
    for (const [name] of durationBounds) expect(pending).not.toHaveProperty(name);
    view(fulfilled(verdict('RESOLUTION', 8 * hour))).then(second, { within4Hours: 0, within8Hours: 1, within320Hours: 1 });
    view(fulfilled(verdict('RESOLUTION', 8 * hour + 0.001))).then(second, { within8Hours: 0, within16Hours: 1 });
  });
  it('are not counted while what was solved is open again, and counted anew when it is solved again', () => {
    const again = [fulfilled(verdict('RESOLUTION', hour)), reopening, resumed(0, resolution.dueAt, resolution.escalatesAt)];
    const open = view(...again).document(second);
    for (const [name] of durationBounds) expect(open).not.toHaveProperty(name);
    view(...again, fulfilled(verdict('RESOLUTION', 30 * hour))).then(second, { within24Hours: 0, within40Hours: 1 });
  });
  it('add up to the percentiles of any group, whatever the order in which tickets were solved', () => {
    const seconds = fc.integer({ min: 0, max: 400 * hour * 1000 }).map((thousandths) => thousandths / 1000);
    fc.assert(
      fc.property(fc.array(seconds, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 100 }), (taken, percent) => {
        const verdicts = taken.map((takenSeconds, number) => {
          const id = derivedId('ticket', String(number));
          return at(fulfilled({ ...verdict('RESOLUTION', takenSeconds), ticketId: id }));
        });
        const forwards = [
          ...givenView(sla)
            .facts(...verdicts)
            .documents.values(),
        ];
        const backwards = [
          ...givenView(sla)
            .facts(...[...verdicts].reverse())
            .documents.values(),
        ];
        const histogram = (documents: readonly Partial<Record<string, unknown>>[]) =>
          durationBounds.map(([name]) => documents.reduce((sum, document) => sum + Number(document[name]), 0));
        expect(histogram(backwards)).toEqual(histogram(forwards));
        // The nearest rank: the smallest duration that so many percent do not exceed.
        const rank = Math.ceil((percent / 100) * taken.length);
        const percentile = [...taken].sort((one, other) => one - other)[rank - 1] as number;
        const bound = durationBounds[histogram(forwards).findIndex((count) => count >= rank)]?.[1];
        const smallest = durationBounds.find(([, limit]) => percentile <= limit)?.[1];
        expect(bound).toBe(smallest);
      }),
    );
  });
});
