import { describe, it } from '@jest/globals';
import { given } from '#kernel/testing';
import { ClockSet, clock, clockId } from './clock.js';

const shows = '2026-01-05T09:00:00.000Z';
const later = '2026-02-04T09:00:00.000Z';
const month = 30 * 86_400_000;
const set = ClockSet({ clockId, from: shows, to: later, ahead: month });

describe('PLT-03 the clock of a sandbox', () => {
  it('is set forward', () => given(clock, {}).when('SetClock', { clockId, to: later }, { clock: shows }).then(set));
  it('is set forward from what it shows, whatever business time the command names', () =>
    given(clock, {}, set)
      .when('SetClock', { clockId, to: '2026-02-05T09:00:00.000Z' }, { clock: later, now: '2020-01-01T00:00:00.000Z' })
      .then(ClockSet({ clockId, from: later, to: '2026-02-05T09:00:00.000Z', ahead: month + 86_400_000 })));
  it('never goes back', () =>
    given(clock, {}, set).when('SetClock', { clockId, to: shows }, { clock: later }).isRefused('clock-goes-back'));
  it('is not changed by what it shows already', () =>
    given(clock, {}, set).when('SetClock', { clockId, to: later }, { clock: later }).changesNothing());
  it('has a bound', () =>
    given(clock, {}, set)
      .when('SetClock', { clockId, to: '2126-02-04T09:00:00.000Z' }, { clock: later })
      .isRefused('clock-too-far'));
  it('cannot be set where the tenant follows the clock of the servers', () =>
    given(clock, {}).when('SetClock', { clockId, to: later }).isRefused('not-a-sandbox'));
});
