import { createHash } from 'node:crypto';
import { canonicalJson } from '#kernel';

/** Where a list goes on: behind which document, at which position, as of when. Opaque to callers. */
export interface Cursor {
  /** The definition that answered the page before. */
  readonly definition: string;
  /** Digest of the question: a cursor goes on with the list it comes from. */
  readonly question: string;
  readonly position: string;
  readonly asOf?: string;
  readonly knownAt?: string;
  readonly value: string | number | boolean | null;
  readonly key: string;
}

export const questionDigest = (question: unknown): string =>
  createHash('sha256').update(canonicalJson(question)).digest('base64url').slice(0, 16);

export const cursorText = ({ definition, question, position, asOf, knownAt, value, key }: Cursor): string =>
  Buffer.from(
    JSON.stringify([1, definition.slice(0, 16), question, position, asOf ?? null, knownAt ?? null, value, key]),
  ).toString('base64url');

/** Undefined if it is none of ours. */
export function cursorOf(text: string): Cursor | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(parts) || parts.length !== 8 || parts[0] !== 1) return undefined;
    const [, definition, question, position, asOf, knownAt, value, key] = parts as readonly unknown[];
    if (typeof definition !== 'string' || typeof question !== 'string' || typeof position !== 'string' || typeof key !== 'string')
      return undefined;
    if (value !== null && typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
    const moments = { ...(typeof asOf === 'string' ? { asOf } : {}), ...(typeof knownAt === 'string' ? { knownAt } : {}) };
    return { definition, question, position, ...moments, value, key };
  } catch {
    return undefined;
  }
}
