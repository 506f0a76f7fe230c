import { type AnyFactType, Carried, isSealed, type SealedValue } from '#kernel';
import { type DataKey, type KeyStore, subjectOf } from '../ports.js';
import { Problem } from '../problem.js';
import { openValue, sealValue, subjectOfSealed } from './cipher.js';

export interface SealedData {
  /** JSON text of the data with every personal field sealed. */
  readonly json: string;
  readonly subjects: readonly string[];
}

type PersonalField = readonly [field: string, declared: AnyFactType['personal'][string]];

const NONE: readonly string[] = [];
const NO_FIELDS: readonly PersonalField[] = [];

/** The personal fields that a decided fact has. */
export function personalIn(type: AnyFactType, data: Readonly<Record<string, unknown>>): readonly PersonalField[] {
  let found: PersonalField[] | undefined;
  for (const field in type.personal) {
    if (data[field] === undefined || data[field] === null) continue;
    found ??= [];
    found.push([field, type.personal[field] as PersonalField[1]]);
  }
  return found ?? NO_FIELDS;
}

/** A fact without personal fields. */
export const openFact = (data: Readonly<Record<string, unknown>>): SealedData => ({
  json: JSON.stringify(data),
  subjects: NONE,
});

/** Puts the personal fields of a decided fact under their persons' keys. */
export async function sealFact(
  keys: KeyStore,
  tenant: string,
  factId: string,
  type: AnyFactType,
  data: Record<string, unknown>,
  personal: readonly PersonalField[],
): Promise<SealedData> {
  const sealed: Record<string, unknown> = { ...data };
  const subjects = new Set<string>();
  for (const [field, { person: personField, retention }] of personal) {
    const person = data[personField];
    if (typeof person !== 'string') throw new Error(`${type.type}.${field} is personal, but ${personField} names no person.`);
    const subject = subjectOf(person, retention);
    subjects.add(subject);
    const value = data[field];
    const open = isSealed(value)
      ? await openSealed(keys, tenant, value)
      : value instanceof Carried
        ? Carried.reveal(value)
        : notCarried(type, field);
    // What was erased stays sealed under its destroyed key: it shows as erased wherever it goes.
    if (open === ERASED) continue;
    const key = await keys.create(tenant, subject);
    if (key === 'destroyed') throw personErased();
    sealed[field] = sealValue(open, key, { tenant, person, retention, factId, field });
  }
  return { json: JSON.stringify(sealed), subjects: [...subjects].sort() };
}

/** What no rule refuses and yet cannot be: there is no key that the fields could be sealed with. */
export const personErased = (): Problem =>
  new Problem(
    410,
    'erased',
    'This person was erased; nothing personal can be recorded about them again. Leave personal fields out where the command allows it.',
  );

export const ERASED = Symbol('erased');

/** The value in the open, for the runtime's own use (sealing it again for another fact); ERASED where its key is gone. */
export async function openSealed(keys: KeyStore, tenant: string, value: SealedValue): Promise<unknown> {
  const subject = subjectOfSealed(value);
  const key = (await keys.load(tenant, [subject])).get(subject);
  return isKey(key) ? openValue(value, key, tenant) : ERASED;
}

export const isKey = (key: DataKey | 'destroyed' | undefined): key is DataKey => key !== undefined && key !== 'destroyed';

function notCarried(type: AnyFactType, field: string): never {
  throw new Error(`${type.type}.${field} is personal, but the decision gave an open value. Declare the command field personal.`);
}
