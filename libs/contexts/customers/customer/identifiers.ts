import { type Claim, refuse } from '#kernel';
import type { identifierKinds } from './events.js';

export type IdentifierKind = (typeof identifierKinds)[number];

/**
 * The claim of a customer on an identifier. Two spellings of the same identifier make the same claim.
 * Refuses with `identifier-malformed` what is no identifier of its kind; `field` is that of the command which has the value.
 */
export function identifierClaim(kind: IdentifierKind, value: string, customerId: string, field = 'value'): Claim {
  const normalised = normalise[kind](value);
  if (!wellFormed[kind].test(normalised))
    refuse('identifier-malformed', `This is nothing of the kind ${kind}; send ${forms[kind]}.`, field);
  return { scope: `identifier.${kind}`, value: normalised, person: customerId, label: labels[kind], field };
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

const forms: Readonly<Record<IdentifierKind, string>> = {
  EMAIL: 'an address such as office@acme.example',
  PHONE: 'a number of 5 to 30 digits, a + first where it has one',
  SOCIAL: 'the name of the account',
  EXTERNAL_ID: 'the id in the other system',
};

const labels: Readonly<Record<IdentifierKind, string>> = {
  EMAIL: 'this e-mail address',
  PHONE: 'this phone number',
  SOCIAL: 'this social account',
  EXTERNAL_ID: 'this external id',
};
