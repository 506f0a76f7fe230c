import { type Claim, refuse } from '#kernel';
import type { identifierKinds } from './events.js';

export type IdentifierKind = (typeof identifierKinds)[number];

/**
 * The claim of a customer on an identifier. Two spellings of the same identifier make the same claim.
 * Refuses with `identifier-malformed` what is no identifier of its kind.
 */
export function identifierClaim(kind: IdentifierKind, value: string, customerId: string): Claim {
  const normalised = normalise[kind](value);
  if (!wellFormed[kind].test(normalised)) refuse('identifier-malformed', `The value cannot be of the kind ${kind}.`);
  return { scope: `identifier.${kind}`, value: normalised, person: customerId, label: labels[kind] };
}

const digits = (value: string) => value.replace(/[^0-9+]/g, '').replace(/^00/, '+');
const trimmed = (value: string) => value.normalize('NFC').trim();
const lowered = (value: string) => trimmed(value).toLowerCase();

const normalise: Readonly<Record<IdentifierKind, (value: string) => string>> = {
  EMAIL: lowered,
  PHONE: digits,
  SOCIAL: lowered,
  EXTERNAL_ID: trimmed,
};

const wellFormed: Readonly<Record<IdentifierKind, RegExp>> = {
  EMAIL: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  PHONE: /^\+?[0-9]{5,30}$/,
  SOCIAL: /./,
  EXTERNAL_ID: /./,
};

const labels: Readonly<Record<IdentifierKind, string>> = {
  EMAIL: 'this e-mail address',
  PHONE: 'this phone number',
  SOCIAL: 'this social account',
  EXTERNAL_ID: 'this external id',
};
