import type { StoredFact } from './ports.js';

/** No field before the data holds a line break: append refuses it. */
const FIELD = '\n';
/** No valid JSON holds this. */
const BEFORE_METADATA = '\u001e';
const FIELDS_BEFORE_DATA = 8;

/**
 * A stored fact as one text: position, revision, type, schema version, stream, id, the two moments and data, a line each, and behind
 * U+001E the metadata. Taken apart where somebody asks: who reads a million facts asks for few members of each, and may set the
 * text aside as it is.
 */
export class PackedFact implements StoredFact {
  readonly packed: string;
  #fields: readonly string[] | undefined;
  #position: string | undefined;
  #type: string | undefined;
  #data = 0;

  constructor(packed: string) {
    this.packed = packed;
  }

  get position() {
    this.#position ??= ofItsOwn(this.#field(0));
    return this.#position;
  }
  get revision() {
    return Number(this.#field(1));
  }
  get type() {
    this.#type ??= typeNamed(this.#field(2));
    return this.#type;
  }
  get schemaVersion() {
    return Number(this.#field(3));
  }
  get stream() {
    return ofItsOwn(this.#field(4));
  }
  get id() {
    return ofItsOwn(this.#field(5));
  }
  get occurredAt() {
    return ofItsOwn(this.#field(6));
  }
  get recordedAt() {
    return ofItsOwn(this.#field(7));
  }
  get data() {
    return this.packed.slice(this.#dataStart, this.packed.indexOf(BEFORE_METADATA, this.#dataStart));
  }
  get metadata() {
    return this.packed.slice(this.packed.indexOf(BEFORE_METADATA, this.#dataStart) + 1);
  }

  /** The same as a plain object. */
  unpacked(): StoredFact {
    const { stream, revision, position, id, type, schemaVersion, occurredAt, recordedAt, data, metadata } = this;
    return { stream, revision, position, id, type, schemaVersion, occurredAt, recordedAt, data, metadata };
  }

  #field(number: number): string {
    this.#fields ??= this.packed.split(FIELD, FIELDS_BEFORE_DATA);
    return this.#fields[number] as string;
  }

  get #dataStart(): number {
    if (this.#data === 0) {
      this.#fields ??= this.packed.split(FIELD, FIELDS_BEFORE_DATA);
      this.#data = this.#fields.reduce((sum, { length }) => sum + length + 1, 0);
    }
    return this.#data;
  }
}

/** The text of a fact that came in another form. */
export const packedOf = (fact: StoredFact): string =>
  fact instanceof PackedFact
    ? fact.packed
    : `${fact.position}\n${fact.revision}\n${fact.type}\n${fact.schemaVersion}\n${fact.stream}\n${fact.id}\n${fact.occurredAt}\n${fact.recordedAt}\n${fact.data}${BEFORE_METADATA}${fact.metadata}`;

/** A part of a text keeps the whole of it in memory: documents that hold a stream or a moment would hold every fact's text. */
const ofItsOwn = (part: string): string => ` ${part}`.slice(1);

const types = new Map<string, string>();

/** The same string for each fact of a type: what is looked up by it need not be hashed each time. */
function typeNamed(part: string): string {
  const known = types.get(part);
  if (known !== undefined) return known;
  const type = ofItsOwn(part);
  types.set(type, type);
  return type;
}
