import { canonicalJson } from '#kernel';
import { storedFormOf } from '../envelope.js';
import type { StoredFact } from '../ports.js';

/**
 * What a leaf holds of a fact: all that a replay shows but its position, so that it survives a move to another engine; in the
 * order of canonical JSON. Frozen: another list would be another tree.
 */
const MEMBERS = [
  'actor',
  'causationId',
  'commandId',
  'correlationId',
  'data',
  'id',
  'imported',
  'inputs',
  'occurredAt',
  'onBehalfOf',
  'recordedAt',
  'refs',
  'revision',
  'schemaVersion',
  'stream',
  'subjects',
  'tenant',
  'traceparent',
  'type',
  'visibility',
] as const;

/** Of a fact as a replay gives it: canonical JSON (RFC 8785), personal fields sealed. */
export function leafOf(fact: { readonly [M in (typeof MEMBERS)[number]]?: unknown }): string {
  let members = '';
  for (const member of MEMBERS) {
    const value = fact[member];
    if (value !== undefined) members += `${members === '' ? '' : ','}"${member}":${canonicalJson(value)}`;
  }
  return `{${members}}`;
}

export const leafOfStored = (stored: StoredFact): string => leafOf(storedFormOf(stored));
