import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evolved, type Fact, type Moment, momentOf } from '#kernel';
import { carried, given } from '#kernel/testing';
import { defaultPolicy } from '../sla-policy/sla-policy.js';
import { defaultCalendar, type WorkingCalendar } from '../working-calendar/working-calendar.js';
import * as facts from './events.js';
import * as sla from './sla-events.js';
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
  paused,
  reply,
  resolution,
  resolved,
  resumed,
  sample,
  surroundings,
  text,
  ticketId,
  tuesday,
  verdict,
} from './testing/samples.js';
import { ticket } from './ticket.js';

const answered = fulfilled(verdict('FIRST_RESPONSE', 0));
const breached = (target: 'FIRST_RESPONSE' | 'RESOLUTION', more: object = {}) =>
  sla.SlaBreached({
    ticketId,
    customerId,
    target,
    dueAt: (target === 'FIRST_RESPONSE' ? firstResponse : resolution).dueAt,
    ...more,
  });

describe('SRV-06 the first answer', () => {
  const answering = { ticketId, from: 'AGENT', text, awaitsCustomer: false } as const;
  const unanswered = reply('AGENT', { awaitsCustomer: false });
  it('is in time at the moment at which it is due', () =>
    sample()
      .when('ReplyToTicket', answering, { now: monday('13:00') })
      .then(unanswered, fulfilled(verdict('FIRST_RESPONSE', 4 * 3600))));
  it('is late by so much', () =>
    sample(breached('FIRST_RESPONSE'))
      .when('ReplyToTicket', answering, { now: monday('13:10') })
      .then(unanswered, failed(verdict('FIRST_RESPONSE', 4 * 3600 + 600))));
  it('is late, and breached before, where the clock has not said so yet', () =>
    sample()
      .when('ReplyToTicket', answering, { now: monday('13:10') })
      .then(breached('FIRST_RESPONSE'), unanswered, failed(verdict('FIRST_RESPONSE', 4 * 3600 + 600))));
  it('is judged once', () => sample(unanswered, answered).when('ReplyToTicket', answering).then(unanswered));
  it('is due whether the ticket is on hold or not', () =>
    sample(held, paused)
      .when('MarkSlaBreached', { ticketId, target: 'FIRST_RESPONSE', dueAt: firstResponse.dueAt }, { now: firstResponse.dueAt })
      .then(breached('FIRST_RESPONSE')));
  it('is not given by the customer', () =>
    sample()
      .when('ReplyToTicket', { ...answering, from: 'CUSTOMER' })
      .then(reply('CUSTOMER')));
});

describe('SRV-06 a pause', () => {
  /** The vector of frappe/helpdesk #2449: the pause is added to the working time of the target, not to the start on the clock. */
  it('is added to the target in working time', () =>
    given(ticket, surroundings, opened(), attached(), [held, monday('16:00')], [paused, monday('16:00')])
      .when('ResumeTicket', { ticketId }, { now: tuesday('10:00') })
      .then(
        breached('FIRST_RESPONSE'),
        facts.TicketResumed({ ticketId, by: 'AGENT' }),
        // 2 hours of work, not the 18 hours on the clock: Friday 17:00 becomes Monday 11:00.
        resumed(2 * 3600, '2026-01-12T11:00:00.000Z', '2026-01-09T11:00:00.000Z'),
      ));
  it('adds up with the next one', () =>
    given(
      ticket,
      surroundings,
      opened(),
      attached(),
      answered,
      [held, monday('10:00')],
      [paused, monday('10:00')],
      [facts.TicketResumed({ ticketId, by: 'AGENT' }), monday('11:00')],
      [resumed(3600, '2026-01-12T10:00:00.000Z', '2026-01-09T10:00:00.000Z'), monday('11:00')],
      [held, monday('12:00')],
      [paused, monday('12:00')],
    )
      .when('ResolveTicket', { ticketId, outcome: 'SOLVED' }, { now: tuesday('10:00') })
      .then(
        resolved(),
        // At work 09:00 to 10:00 and 11:00 to 12:00; on hold for 1 + 5 + 1 hours.
        fulfilled(verdict('RESOLUTION', 2 * 3600, { pausedSeconds: 7 * 3600, dueAt: '2026-01-12T16:00:00.000Z' })),
      ));
  it('lasts as long as the ticket counted as resolved', () =>
    given(
      ticket,
      surroundings,
      opened(),
      attached(),
      answered,
      [resolved(), monday('10:00')],
      [fulfilled(verdict('RESOLUTION', 3600)), monday('10:00')],
    )
      .when('ReopenTicket', { ticketId }, { now: monday('12:00') })
      .then(
        facts.TicketReopened({ ticketId, customerId, priority: 'MEDIUM', by: 'AGENT' }),
        resumed(2 * 3600, '2026-01-12T11:00:00.000Z', '2026-01-09T11:00:00.000Z'),
      ));
  it('stops the clock of the solution', () =>
    sample(answered, held, paused)
      .when('MarkSlaBreached', { ticketId, target: 'RESOLUTION', dueAt: resolution.dueAt }, { now: resolution.dueAt })
      .changesNothing());
  it('gives the clock another moment', () => {
    const later = sample(answered, held, paused, resumed(3600, '2026-01-12T10:00:00.000Z', '2026-01-09T10:00:00.000Z'));
    const mark = (dueAt: Moment) => later.when('MarkSlaBreached', { ticketId, target: 'RESOLUTION', dueAt }, { now: dueAt });
    mark(resolution.dueAt).changesNothing();
    mark('2026-01-12T10:00:00.000Z').then(breached('RESOLUTION', { dueAt: '2026-01-12T10:00:00.000Z' }));
  });
});

describe('SRV-06 the clock', () => {
  const marking = { ticketId, target: 'RESOLUTION', dueAt: resolution.dueAt } as const;
  const escalating = { ticketId, target: 'RESOLUTION', escalatesAt: resolution.escalatesAt } as const;
  const escalated = sla.SlaEscalated({
    ticketId,
    customerId,
    target: 'RESOLUTION',
    escalatedAt: resolution.escalatesAt,
    dueAt: resolution.dueAt,
  });
  const at = (now: Moment) => ({ now });

  it('says that a promise is broken', () =>
    sample(answered).when('MarkSlaBreached', marking, at(resolution.dueAt)).then(breached('RESOLUTION')));
  it('says so once', () =>
    sample(answered, breached('RESOLUTION')).when('MarkSlaBreached', marking, at(resolution.dueAt)).changesNothing());
  it('says so no earlier', () =>
    sample(answered)
      .when('MarkSlaBreached', marking, at(monday('12:00')))
      .changesNothing());
  it('says nothing of a promise that was kept', () =>
    sample(resolved(), answered, fulfilled(verdict('RESOLUTION', 0)))
      .when('MarkSlaBreached', marking, at(resolution.dueAt))
      .changesNothing());
  it('says nothing of a ticket that goes on elsewhere', () =>
    sample(facts.TicketMerged({ ticketId, customerId, intoTicketId: anna }))
      .when('MarkSlaBreached', marking, at(resolution.dueAt))
      .changesNothing());
  it('escalates what runs out', () =>
    sample(answered).when('EscalateSla', escalating, at(resolution.escalatesAt)).then(escalated));
  it('escalates it to whom the policy names, with the agent who has it', () =>
    given(
      ticket,
      surroundings,
      opened(),
      attached({ escalatesTo: anna }),
      facts.TicketAssigned({ ticketId, customerId, priority: 'MEDIUM', agentId: anna }),
    )
      .when('EscalateSla', escalating, at(resolution.escalatesAt))
      .then(sla.SlaEscalated({ ...escalated.data, agentId: anna, escalatesTo: anna })));
  it('escalates it once', () =>
    sample(answered, escalated).when('EscalateSla', escalating, at(resolution.escalatesAt)).changesNothing());
  it('escalates nothing that is broken already', () =>
    sample(answered, breached('RESOLUTION')).when('EscalateSla', escalating, at(resolution.dueAt)).changesNothing());
});

describe('SRV-06 another priority', () => {
  const urgently = { ticketId, priority: 'URGENT' } as const;
  const prioritised = facts.TicketPrioritised({ ticketId, from: 'MEDIUM', to: 'URGENT' });
  const hour: sla.Due = { targetSeconds: 3600, dueAt: monday('10:00'), escalatesAt: monday('09:48') };
  const day: sla.Due = { targetSeconds: 8 * 3600, dueAt: monday('17:00'), escalatesAt: monday('15:24') };

  it('has other promises, of the same terms, from the opening on', () =>
    given(ticket, { ...surroundings, policy: { ...defaultPolicy, promises: [] } }, opened(), attached())
      .when('PrioritiseTicket', urgently, { now: monday('09:30') })
      .then(
        prioritised,
        sla.SlaRetargeted({ ticketId, priority: 'URGENT', firstResponse: hour, resolution: day, paused: false }),
      ));
  it('makes no promise that ran out before it was made', () => {
    const at = monday('12:00');
    const now = { dueAt: at, escalatesAt: at };
    const retargeted = sla.SlaRetargeted({
      ticketId,
      priority: 'URGENT',
      paused: false,
      firstResponse: { ...hour, ...now },
      resolution: day,
    });
    sample().when('PrioritiseTicket', urgently, { now: at }).then(prioritised, retargeted);
    sample(prioritised, retargeted)
      .when('MarkSlaBreached', { ticketId, target: 'FIRST_RESPONSE', dueAt: at }, { now: at })
      .then(breached('FIRST_RESPONSE', { dueAt: at }));
  });
  it('leaves the moment of a promise that was broken before', () =>
    sample()
      .when('PrioritiseTicket', urgently, { now: monday('14:00') })
      .then(
        breached('FIRST_RESPONSE'),
        prioritised,
        sla.SlaRetargeted({ ticketId, priority: 'URGENT', firstResponse: hour, resolution: day, paused: false }),
      ));
  it('leaves a verdict alone', () =>
    sample(answered)
      .when('PrioritiseTicket', urgently, { now: monday('09:30') })
      .then(prioritised, sla.SlaRetargeted({ ticketId, priority: 'URGENT', resolution: day, paused: false })));
  it('ends no pause', () => {
    const retargeted = sla.SlaRetargeted({ ticketId, priority: 'URGENT', resolution: day, paused: true });
    const waiting = sample(answered, held, paused);
    waiting.when('PrioritiseTicket', urgently).then(prioritised, retargeted);
    sample(answered, held, paused, prioritised, retargeted)
      .when('MarkSlaBreached', { ticketId, target: 'RESOLUTION', dueAt: day.dueAt }, { now: day.dueAt })
      .changesNothing();
  });
  it('is none if it is the same', () => sample().when('PrioritiseTicket', { ticketId, priority: 'MEDIUM' }).changesNothing());
});

describe('SRV-06 a later change of the policy or the calendar', () => {
  it('changes nothing for a ticket that is open', () => {
    const changed = {
      ...surroundings,
      policy: { ...defaultPolicy, promises: [], defined: true },
      calendar: { ...defaultCalendar, hours: [], timeZone: 'Asia/Tokyo' },
    };
    const history = [opened(), attached(), answered, held, paused] as const;
    given(ticket, changed, ...history)
      .when('ResolveTicket', { ticketId, outcome: 'SOLVED' }, { now: tuesday('09:00') })
      .then(resolved(), fulfilled(verdict('RESOLUTION', 0, { pausedSeconds: 8 * 3600, dueAt: '2026-01-12T17:00:00.000Z' })));
  });
  it('holds for the holidays that come, too: they are with the ticket', () => {
    const calendar: WorkingCalendar = { ...defaultCalendar, holidays: ['2025-12-25', '2026-01-05', '2026-01-06'] };
    const [, promise] = [
      ticket.decide.OpenTicket(opening, ticket.initial, {
        ...surroundings,
        calendar,
        now: monday('09:00'),
        actor: { kind: 'user', id: 'tester' },
        tenant: 'main',
        newId: () => '',
        reservations: [],
      }),
    ].flat();
    expect(promise?.data).toMatchObject({
      holidays: ['2026-01-05', '2026-01-06'],
      firstResponse: { dueAt: '2026-01-07T13:00:00.000Z' },
    });
  });
});

describe('SRV-05 SRV-06 a calendar with too few hours for what a policy promises', () => {
  const tenYearsLater = '2036-01-13T09:00:00.000Z';
  const aMinuteAWeek: WorkingCalendar = { ...defaultCalendar, hours: [{ day: 'MONDAY', from: '23:58', to: '23:59' }] };
  const few = given(ticket, { ...surroundings, calendar: aMinuteAWeek });
  const end = { targetSeconds: 40 * 3600, dueAt: tenYearsLater, escalatesAt: tenYearsLater };
  const terms = attached({
    hours: [...aMinuteAWeek.hours],
    firstResponse: { targetSeconds: 4 * 3600, dueAt: '2030-08-05T23:59:00.000Z', escalatesAt: '2029-09-03T23:59:00.000Z' },
    resolution: end,
  });
  const open = [opened(), terms] as const;

  it('has new tickets due after ten years at the latest', () => few.when('OpenTicket', opening).then(...open));
  it('moves that end by no pause, nor by another priority', () => {
    given(ticket, surroundings, ...open, held, paused)
      .when('ResumeTicket', { ticketId }, { now: '2027-01-04T09:00:00.000Z' })
      .then(
        facts.TicketResumed({ ticketId, by: 'AGENT' }),
        sla.SlaResumed({ ticketId, pausedSeconds: 52 * 60, resolution: end }),
      );
    const lower = ticket.decide.PrioritiseTicket({ ticketId, priority: 'LOW' }, given(ticket, surroundings, ...open).state, {
      ...surroundings,
      now: tuesday('09:00'),
      tenant: 'main',
      actor: { kind: 'user', id: 'tester' },
      ...{ newId: () => '', reservations: [] },
    });
    expect([lower].flat()[1]?.data).toMatchObject({ resolution: { dueAt: tenYearsLater } });
  });
  it('has them breached then, once', () => {
    const late = sla.SlaBreached({ ticketId, customerId, target: 'RESOLUTION', dueAt: tenYearsLater });
    const due = { ticketId, target: 'RESOLUTION', dueAt: tenYearsLater } as const;
    given(ticket, surroundings, ...open)
      .when('MarkSlaBreached', due, { now: tenYearsLater })
      .then(late);
    given(ticket, surroundings, ...open, late)
      .when('MarkSlaBreached', due, { now: tenYearsLater })
      .changesNothing();
  });
});

describe('SRV-05 SRV-06 the law of the SLA', () => {
  const vienna: WorkingCalendar = {
    defined: true,
    name: 'Vienna',
    timeZone: 'Europe/Vienna',
    hours: [
      { day: 'MONDAY', from: '08:30', to: '12:00' },
      { day: 'MONDAY', from: '13:00', to: '17:00' },
      { day: 'THURSDAY', from: '09:00', to: '17:00' },
      { day: 'FRIDAY', from: '09:00', to: '15:00' },
      { day: 'SATURDAY', from: '22:00', to: '24:00' },
      { day: 'SUNDAY', from: '00:00', to: '05:00' },
    ],
    holidays: ['2026-03-26'],
  };
  /** So short that about half of the solutions come too late. */
  const policy = {
    ...defaultPolicy,
    promises: defaultPolicy.promises.map((promise) => ({ ...promise, firstResponseMinutes: 60, resolutionMinutes: 300 })),
  };
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Vienna', dateStyle: 'short', timeStyle: 'short' });
  const weekday = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Vienna', weekday: 'long' });
  const isOpen = (milliseconds: number) => {
    const [day = '', time = ''] = clock.format(milliseconds).split(' ');
    const name = weekday.format(milliseconds).toUpperCase();
    return (
      !vienna.holidays.includes(day) && vienna.hours.some((open) => open.day === name && open.from <= time && time < open.to)
    );
  };
  const step = fc.record({
    minutes: fc.integer({ min: 1, max: 1500 }),
    name: fc.constantFrom('HoldTicket', 'ResumeTicket', 'CustomerReplies', 'AgentReplies', 'ResolveTicket', 'ReopenTicket'),
  } as const);

  /** Counts, minute by minute on a clock of Vienna, the open minutes in which the ticket was our turn. */
  it('is that the solution took the minutes of work in which it was our turn', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), fc.array(step, { maxLength: 7 }), (offset, steps) => {
        let at = Date.parse('2026-03-26T06:00:00.000Z') + offset * 60_000;
        let state = ticket.initial;
        let ours = 0;
        const send = (name: keyof typeof ticket.commands, command: object) => {
          const decide = ticket.decide[name] as (command: object, state: unknown, given: object) => Fact | readonly Fact[];
          const decided = [
            decide({ ticketId, ...command }, state, {
              ...surroundings,
              policy,
              calendar: vienna,
              tenant: 'main',
              now: momentOf(at),
            }),
          ].flat() as Fact[];
          for (const fact of decided) state = evolved(ticket, state, fact, momentOf(at)) as typeof state;
          return decided;
        };
        const isOurs = () => state.status === 'OPEN';
        send('OpenTicket', opening);
        for (const { minutes, name } of [
          ...steps,
          { minutes: 200, name: 'ReopenTicket' as const },
          { minutes: 60, name: 'ResolveTicket' as const },
        ]) {
          for (let minute = 0; minute < minutes; minute++) if (isOurs() && isOpen(at + minute * 60_000)) ours++;
          at += minutes * 60_000;
          if (state.status === 'RESOLVED' && (name === 'HoldTicket' || name === 'ResumeTicket')) continue;
          const said = carried('…');
          const decided =
            name === 'CustomerReplies'
              ? send('ReplyToTicket', { from: 'CUSTOMER', text: said })
              : name === 'AgentReplies'
                ? send('ReplyToTicket', { from: 'AGENT', text: said })
                : send(name, { reason: 'OTHER', outcome: 'SOLVED' });
          for (const fact of decided) {
            if (fact.type !== 'SlaFulfilled' && fact.type !== 'SlaFailed') continue;
            const { target, takenSeconds, targetSeconds, marginSeconds, dueAt } = (fact as ReturnType<typeof sla.SlaFailed>).data;
            if (target !== 'RESOLUTION') continue;
            expect(takenSeconds).toBe(ours * 60);
            expect(marginSeconds).toBe(targetSeconds - takenSeconds);
            if (marginSeconds > 0) expect(fact.type).toBe('SlaFulfilled');
            if (marginSeconds < 0) expect(fact.type).toBe('SlaFailed');
            expect(fact.type === 'SlaFulfilled').toBe(momentOf(at) <= dueAt);
          }
        }
      }),
      { numRuns: 60 },
    ));
});
