import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { isSealed, type SealedValue } from '#kernel';
import { type DataKey, subjectOf } from '../ports.js';

/** What a sealed value is bound to. All but the tenant stand in its text, so it opens wherever it lies in its tenant, and says where it belongs. */
export interface Seal {
  readonly tenant: string;
  readonly person: string;
  readonly retention: string;
  readonly factId: string;
  readonly field: string;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM; tenant, fact, field and subject are the associated data. The text is `1.<person>.<retention>.<fact>.<field>.<iv‖tag‖cipher>`. */
export function sealValue(value: unknown, key: DataKey, seal: Seal): SealedValue {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(associatedData(seal));
  const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  const sealed = Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
  return { $sealed: `1.${seal.person}.${seal.retention}.${seal.factId}.${seal.field}.${sealed}` };
}

/** Throws if the value was changed, what it says of its place included, or is of another tenant or person. */
export function openValue({ $sealed }: SealedValue, key: DataKey, tenant: string): unknown {
  const { seal, body } = parse($sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, IV_BYTES)).setAAD(associatedData({ ...seal, tenant }));
  decipher.setAuthTag(body.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return JSON.parse(Buffer.concat([decipher.update(body.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8'));
}

/** Whether the text has the parts of a sealed value; nothing else is looked up. */
export const hasSealedForm = ({ $sealed }: SealedValue): boolean => SEALED.test($sealed);
const SEALED = /^1\.[0-9a-f-]{36}\.[a-z]{1,32}\.[0-9a-f-]{36}\.[A-Za-z0-9]{1,64}\.[A-Za-z0-9_-]{38,}$/;

/** `<person>.<retention>` of a sealed value: names the key that opens it. */
export function subjectOfSealed({ $sealed }: SealedValue): string {
  const [, person = '', retention = ''] = $sealed.split('.', 3);
  return subjectOf(person, retention);
}

/** False for JSON in which nothing is sealed. */
export const mayHoldSealed = (json: string): boolean => json.includes('"$sealed"');

/** All sealed values inside a value, in order. */
export function sealedValuesIn(value: unknown, found: SealedValue[] = []): SealedValue[] {
  if (isSealed(value)) found.push(value);
  else if (Array.isArray(value)) for (const element of value) sealedValuesIn(element, found);
  else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) sealedValuesIn(member, found);
  return found;
}

/** A copy in which every sealed value is replaced. */
export function replaceSealed(value: unknown, replace: (sealed: SealedValue) => unknown): unknown {
  if (isSealed(value)) return replace(value);
  if (Array.isArray(value)) return value.map((element) => replaceSealed(element, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaceSealed(member, replace)]));
}

const associatedData = ({ tenant, person, retention, factId, field }: Seal) =>
  Buffer.from(JSON.stringify([tenant, factId, field, subjectOf(person, retention)]));

function parse(sealed: string): { seal: Omit<Seal, 'tenant'>; body: Buffer } {
  const [version, person, retention, factId, field, body] = sealed.split('.');
  if (version !== '1' || !person || !retention || !factId || !field || !body)
    throw new Error('Not a sealed value of a known version.');
  return { seal: { person, retention, factId, field }, body: Buffer.from(body, 'base64url') };
}
