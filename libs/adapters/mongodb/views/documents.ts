import type { DocumentKey, FieldKind, GenerationSpec, Space, StoredDocument } from '#runtime/ports';
import { orderedText, originalText } from '#runtime/views/ordered-text';
import { MongoFault } from '../faults.js';

/** What the server compares, sorts and adds up. */
export type FieldValue = string | number | bigint | boolean | null;

/**
 * A document as it is stored: the canonical JSON, byte for byte, and beside it the fields that questions ask for.
 * Hidden documents (parts, links) have neither tenant nor fields, so that no index holds them.
 */
export interface DocumentRecord {
  readonly _id: string;
  readonly json: string;
  readonly position: string;
  readonly tenant?: string;
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

const SPACES: Readonly<Record<Space, string>> = { shown: '0', part: '1', link: '2' };
/** Between tenant and key. No text of ours holds it: orderedText escapes it. */
const NUL = '\u0000';
const AFTER_NUL = '\u0001';

/** Space, tenant, key: the order of ids is the order of scans, and within a tenant that of keys. */
export const idOf = ({ tenant, space, key }: DocumentKey): string => `${SPACES[space]}${tenant}${NUL}${orderedText(key)}`;

/** Ids of one tenant's documents of a space. */
export const idsOf = (tenant: string, space: Space) => ({
  $gte: `${SPACES[space]}${tenant}${NUL}`,
  $lt: `${SPACES[space]}${tenant}${AFTER_NUL}`,
});

/** Ids of a space, of all tenants. */
export const idsOfSpace = (space: Space) => ({ $gte: SPACES[space], $lt: String(Number(SPACES[space]) + 1) });

export function documentOf({ _id, json, position }: DocumentRecord, space: Space): StoredDocument {
  const end = _id.indexOf(NUL);
  return { tenant: _id.slice(1, end), space, key: originalText(_id.slice(end + 1)), json, position };
}

/** What the fields of a view's documents are stored as. */
export type Extract = (document: StoredDocument) => DocumentRecord;

export function extractor(spec: GenerationSpec): Extract {
  const kinds = kindsOf(spec);
  return (document) => {
    const { tenant, space, json, position } = document;
    if (json.length > MAX_CHARACTERS)
      throw new MongoFault(
        'too-large',
        `A document of ${(json.length / 1_000_000).toFixed(1)} million characters is larger than MongoDB holds (16 MiB).`,
      );
    const record = { _id: idOf(document), json, position };
    if (space !== 'shown') return record;
    const content = JSON.parse(json) as Readonly<Record<string, unknown>>;
    const fields: Record<string, FieldValue> = {};
    for (const [field, kind] of kinds) fields[field] = fieldValue(content[field], kind) ?? null;
    return { ...record, tenant, fields };
  };
}

/** Leaves room for the fields, and for text of three bytes a character. */
const MAX_CHARACTERS = 5_000_000;

/** Undefined for a value that is not of this kind. */
export function fieldValue(value: unknown, kind: FieldKind): FieldValue | undefined {
  if (kind === 'flag') return typeof value === 'boolean' ? value : undefined;
  if (kind === 'text' || kind === 'moment') {
    if (typeof value !== 'string') return undefined;
    return kind === 'text' ? orderedText(value) : value;
  }
  if (typeof value !== 'number') return undefined;
  // As 64 bit integers, which are added up exactly; the driver itself makes floating-point numbers of those beyond 32 bits.
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
}

/** Filters, sums and the currencies of sums. Throws RangeError for names that a path of the server cannot say. */
function kindsOf(spec: GenerationSpec): ReadonlyMap<string, FieldKind> {
  const kinds = new Map<string, FieldKind>();
  for (const [sum, currency] of Object.entries(spec.sums)) {
    kinds.set(sum, 'number');
    if (currency !== null) kinds.set(currency, 'text');
  }
  for (const { field, kind } of spec.filters) kinds.set(field, kind);
  for (const field of kinds.keys()) {
    if (/[.$\0]/.test(field)) throw new RangeError(`${spec.view}: a field ${field} cannot be asked for in MongoDB.`);
  }
  return kinds;
}
