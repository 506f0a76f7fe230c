import { hash } from 'node:crypto';
import { canonicalJson } from '#kernel';

const DIGEST_CHARACTERS = 22;

/** Keyed digest of part of a command's body: tells a retry from another command under the same key. 128 bits. */
export const bodyDigest = (secret: Uint8Array, body: unknown): string =>
  hmac(secret, canonicalJson(body)).slice(0, DIGEST_CHARACTERS);

/** Keyed digest under which the key store keeps the look-up from an identifier to its reservation. */
export const identifierDigest = (secret: Uint8Array, tenant: string, scope: string, value: string): string =>
  hmac(secret, JSON.stringify([tenant, scope, value]));

const BLOCK = 64;
const HASH = 32;
const ROOM = 12_288;
const MOST_CHARACTERS = ROOM / 3;

/** A block of the secret with the text behind it, and one with the inner hash: hashing is done before anybody else gets to run. */
const inner = Buffer.alloc(BLOCK + ROOM);
const outer = Buffer.alloc(BLOCK + HASH);

/**
 * HMAC-SHA-256 (RFC 2104) in base64url, as two hashes in one go each: the object that Node's `createHmac` makes for every command
 * costs several times as much, most of it when it is collected. The secret has at most 64 bytes.
 */
function hmac(secret: Uint8Array, text: string): string {
  if (secret.length > BLOCK) throw new RangeError(`A secret of digests has at most ${BLOCK} bytes.`);
  for (let index = 0; index < BLOCK; index++) {
    const byte = secret[index] ?? 0;
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  const message =
    text.length <= MOST_CHARACTERS
      ? inner.subarray(0, BLOCK + inner.write(text, BLOCK))
      : Buffer.concat([inner.subarray(0, BLOCK), Buffer.from(text)]);
  outer.write(hash('sha256', message, 'hex'), BLOCK, 'hex');
  return hash('sha256', outer, 'base64url');
}
