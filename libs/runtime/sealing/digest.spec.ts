import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '#kernel';
import { bodyDigest, identifierDigest } from './digest.js';

describe('a keyed digest', () => {
  const hmac = (secret: Uint8Array, text: string) => createHmac('sha256', secret).update(text).digest('base64url');
  const secrets = fc.uint8Array({ minLength: 1, maxLength: 64 });

  it('of a body is the beginning of the HMAC-SHA-256 of its canonical JSON', () => {
    fc.assert(
      fc.property(secrets, fc.jsonValue(), (secret, body) => {
        expect(bodyDigest(secret, body)).toBe(hmac(secret, canonicalJson(body)).slice(0, 22));
      }),
    );
  });

  it('of a long body too', () => {
    const [secret, body] = [new Uint8Array(32).fill(7), { notes: 'Grüße 🙂'.repeat(5_000) }];
    expect(bodyDigest(secret, body)).toBe(hmac(secret, canonicalJson(body)).slice(0, 22));
  });

  it('of an identifier is the HMAC-SHA-256 of tenant, scope and value', () => {
    fc.assert(
      fc.property(secrets, fc.string(), (secret, value) => {
        expect(identifierDigest(secret, 'main', 'email', value)).toBe(hmac(secret, JSON.stringify(['main', 'email', value])));
      }),
    );
  });
});
