import { describe, expect, it } from '@jest/globals';
import { signatures, WebhookSecrets } from './signature.js';

describe('the signature of a delivery', () => {
  it('is that of the example of Standard Webhooks', () =>
    expect(
      signatures(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}'),
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='));
  it('has one part a secret', () => {
    const [one, other] = ['whsec_AAAA', 'whsec_BBBB'];
    expect(signatures([one, other] as string[], 'id', 1, '{}').split(' ')).toEqual([
      signatures([one as string], 'id', 1, '{}'),
      signatures([other as string], 'id', 1, '{}'),
    ]);
  });
});

describe('the secret of a webhook', () => {
  it('is the same after a restart, and another for each webhook, tenant and number', async () => {
    const keys = { secret: async () => new Uint8Array(32).fill(7) };
    const [one, again] = [await WebhookSecrets.open(keys), await WebhookSecrets.open(keys)];
    expect(one.of('main', 'a', 0)).toBe(again.of('main', 'a', 0));
    expect(one.of('main', 'a', 0)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const all = [one.of('main', 'a', 0), one.of('main', 'a', 1), one.of('main', 'b', 0), one.of('north', 'a', 0)];
    expect(new Set(all).size).toBe(4);
  });
});
