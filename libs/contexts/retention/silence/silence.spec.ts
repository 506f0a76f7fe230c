import { describe, expect, it } from '@jest/globals';
import { given } from '#kernel/testing';
import { silenceId } from './commands.js';
import { SilenceDefined, SilenceDropped } from './events.js';
import { silence, silentAfter } from './silence.js';

const defined = SilenceDefined({ silenceId, days: 180, interactions: false });

describe('ANA-02 the silence that counts as churn', () => {
  it('is defined by its days', () => given(silence, {}).when('DefineSilence', { silenceId, days: 180 }).then(defined));
  it('may be broken by interactions', () =>
    given(silence, {}, defined)
      .when('DefineSilence', { silenceId, days: 180, interactions: true })
      .then(SilenceDefined({ silenceId, days: 180, interactions: true })));
  it('is not changed by the same definition', () =>
    given(silence, {}, defined).when('DefineSilence', { silenceId, days: 180 }).changesNothing());
  it('can be dropped', () => given(silence, {}, defined).when('DropSilence', { silenceId }).then(SilenceDropped({ silenceId })));
  it('that nobody defined need not be dropped', () => given(silence, {}).when('DropSilence', { silenceId }).changesNothing());
  it('lasts from the last sign of life on', () =>
    expect(silentAfter({ days: 30, interactions: false }, '2026-01-05T09:00:00.000Z')).toBe('2026-02-04T09:00:00.000Z'));
  it('is never too long where nobody defined it', () =>
    expect(silentAfter(given(silence, {}).state, '2026-01-05T09:00:00.000Z')).toBeUndefined());
});
