import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Nonce, cipher, tag. */
export const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;

/** AES-256-GCM under the master key; `what` is associated data, so that a wrapped key opens only where it belongs. */
export function wrap(masterKey: Uint8Array, key: Uint8Array, what: readonly string[]): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(associated(what));
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the master key is another or the bytes were changed. */
export function unwrap(masterKey: Uint8Array, wrapped: Uint8Array, what: readonly string[]): Uint8Array {
  const tag = wrapped.subarray(wrapped.length - TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', masterKey, wrapped.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(associated(what)).setAuthTag(tag);
  return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, wrapped.length - TAG_BYTES)), decipher.final()]);
}

export const keyName = (tenant: string, person: string, retention: string) => ['key', tenant, person, retention];
export const secretName = (purpose: string) => ['secret', purpose];

const associated = (what: readonly string[]) => Buffer.from(JSON.stringify(what));
