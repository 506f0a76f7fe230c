import { createHmac } from 'node:crypto';
import { canonicalJson } from '#kernel';

const DIGEST_CHARACTERS = 22;

/** Keyed digest of part of a command's body: tells a retry from another command under the same key. 128 bits. */
export const bodyDigest = (secret: Uint8Array, body: unknown): string =>
  createHmac('sha256', secret).update(canonicalJson(body)).digest('base64url').slice(0, DIGEST_CHARACTERS);

/** Keyed digest under which the key store keeps the look-up from an identifier to its reservation. */
export const identifierDigest = (secret: Uint8Array, tenant: string, scope: string, value: string): string =>
  createHmac('sha256', secret)
    .update(JSON.stringify([tenant, scope, value]))
    .digest('base64url');
