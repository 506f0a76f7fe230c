import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import type { Priority } from '../words.js';
import { defaultCalendar, defaultCalendarId } from '../working-calendar/working-calendar.js';
import type { SlaPromise } from './commands.js';
import { SlaPolicyDefined } from './events.js';
import { defaultPolicy, defaultPolicyId, priorityFor, promiseFor, slaPolicy } from './sla-policy.js';

const policyId = derivedId('policy');
const calendarId = derivedId('calendar');
const promise = (priority: Priority, firstResponseMinutes = 60, resolutionMinutes = 480, tier?: string): SlaPromise => ({
  priority,
  firstResponseMinutes,
  resolutionMinutes,
  ...(tier === undefined ? {} : { tier }),
});
const all = [promise('URGENT'), promise('HIGH'), promise('MEDIUM'), promise('LOW')];
const gold = promise('HIGH', 15, 120, 'GOLD');
const calendar = defaultCalendar;
const defined = SlaPolicyDefined({ policyId, name: 'Standard', promises: all, tierPriorities: [], escalationPercent: 80 });
const defining = (...promises: SlaPromise[]) =>
  given(slaPolicy, { calendar }).when('DefineSlaPolicy', { policyId, name: 'Standard', promises });

describe('SRV-06 an SLA policy', () => {
  it('promises something for each priority', () => defining(...all).then(defined));
  it('is not changed by the same definition', () =>
    given(slaPolicy, { calendar }, defined)
      .when('DefineSlaPolicy', { policyId, name: 'Standard', promises: all })
      .changesNothing());
  it('is defined anew by another one', () =>
    given(slaPolicy, { calendar }, defined)
      .when('DefineSlaPolicy', { policyId, name: 'Standard', promises: all, escalationPercent: 50 })
      .then(SlaPolicyDefined({ ...defined.data, escalationPercent: 50 })));
  it('leaves no priority out', () => defining(...all.slice(1), gold).isRefused('promise-missing', 'promises'));
  it('has no two promises of the same kind', () =>
    defining(...all, promise('LOW')).isRefused('promises-not-unique', 'promises[4]'));
  it('promises no answer after the solution', () =>
    defining(...all.slice(1), promise('URGENT', 481)).isRefused('response-after-resolution', 'promises[3].firstResponseMinutes'));
  it('has an id that follows from the tenant where it is the default, and so has its calendar', () =>
    expect([defaultPolicyId('main'), defaultCalendarId('main')]).toEqual([
      'c00e88a6-f234-558c-bcf5-f2fb54d4bccc',
      '3d7c0fb4-9b9e-5c45-bd2a-acbd4f7df025',
    ]));
  it('is measured in a calendar that exists', () =>
    given(slaPolicy, { calendar })
      .when('DefineSlaPolicy', { policyId, calendarId, name: 'Standard', promises: all })
      .isRefused('calendar-unknown', 'calendarId'));
});

describe('SRV-06 a promise', () => {
  const promises = [...all.slice(1), promise('URGENT', 60, 600)];
  const under = (minutesAWeek: number) => {
    const to = `09:${String(minutesAWeek).padStart(2, '0')}`;
    const hours = [{ day: 'MONDAY' as const, from: '09:00', to }];
    return given(slaPolicy, { calendar: { ...calendar, hours } }).when('DefineSlaPolicy', {
      policyId,
      name: 'Standard',
      promises,
    });
  };

  it('is one whose end comes within ten years of the working time of its calendar', () => {
    under(1).isRefused('promise-out-of-reach', 'promises[3].resolutionMinutes');
    under(2).then(SlaPolicyDefined({ ...defined.data, promises }));
  });
});

describe('SRV-07 the tier of a customer', () => {
  const policy = { ...defaultPolicy, promises: [...all, gold], tierPriorities: [{ tier: 'GOLD', priority: 'HIGH' as const }] };
  it('may get another promise', () => expect(promiseFor(policy, 'HIGH', 'GOLD')).toBe(gold));
  it('gets that for all where it has none of its own', () => {
    expect(promiseFor(policy, 'LOW', 'GOLD')).toEqual(promise('LOW'));
    expect(promiseFor(policy, 'HIGH', 'SILVER')).toEqual(promise('HIGH'));
  });
  it('decides on the priority of tickets without one', () => {
    expect(priorityFor(policy, 'GOLD')).toBe('HIGH');
    expect(priorityFor(policy)).toBe('MEDIUM');
  });
  it('has one priority', () =>
    given(slaPolicy, { calendar })
      .when('DefineSlaPolicy', {
        policyId,
        name: 'Standard',
        promises: all,
        tierPriorities: [
          { tier: 'GOLD', priority: 'HIGH' },
          { tier: 'GOLD', priority: 'LOW' },
        ],
      })
      .isRefused('tiers-not-unique', 'tierPriorities[1].tier'));
});
