import type { Actor, Imported, Moment, Recorded } from '#kernel';
import { isId, parseStream } from '#kernel';
import type { StoredFact } from './ports.js';
import type { Registry } from './registry.js';

/** The part of the envelope that is stored as metadata beside the data. Members with their default are left out. */
export interface Metadata {
  readonly visibility?: 'internal';
  readonly actor: Actor;
  readonly onBehalfOf?: Actor;
  readonly commandId: string;
  /** Left out when equal to the command id. */
  readonly $correlationId?: string;
  readonly $causationId?: string;
  readonly traceparent?: string;
  readonly refs?: Readonly<Record<string, string>>;
  readonly subjects?: readonly string[];
  readonly inputs?: readonly string[];
  readonly imported?: Imported;
  /** Keyed digest of the command's body: the same key with another body is a mistake of the caller. */
  readonly digest?: string;
}

/** A server that meets a fact type or version it does not know must not skip it. */
export class UnknownFact extends Error {
  constructor(type: string, version: number) {
    super(`This server does not know ${type} version ${version}; it is older than the log. Upgrade it.`);
  }
}

/** A stored fact as definitions see it: upcast to the current version, metadata parsed only when somebody asks. */
export function recordedOf(stored: StoredFact, registry: Registry): Recorded {
  const { type: name, schemaVersion } = stored;
  const type = registry.facts.get(name);
  if (!type || schemaVersion > type.version) throw new UnknownFact(name, schemaVersion);
  let data = JSON.parse(stored.data) as unknown;
  for (let version = schemaVersion; version < type.version; version++) {
    const upcast = type.upcast[version];
    if (!upcast) throw new UnknownFact(name, version);
    data = upcast(data);
  }
  return new RecordedFact(stored, type.version, data);
}

/** The same for a reader that may not need the data: what is wrong with them shows only when somebody asks for them. */
export function lazilyRecordedOf(stored: StoredFact, registry: Registry): Recorded {
  return registry.facts.get(stored.type)?.version === stored.schemaVersion
    ? new RecordedFact(stored, stored.schemaVersion, UNREAD)
    : recordedOf(stored, registry);
}

/** A stored fact as it was written: topics and replays emit this form. */
export const storedFormOf = (stored: StoredFact): Recorded =>
  new RecordedFact(stored, stored.schemaVersion, JSON.parse(stored.data));

/** All of it but the data, which is not even parsed. */
export const envelopeOf = (stored: StoredFact): Omit<Recorded, 'data'> =>
  new RecordedFact(stored, stored.schemaVersion, undefined);

export const metadataOf = (stored: StoredFact): Metadata => JSON.parse(stored.metadata) as Metadata;

const NONE: readonly string[] = [];
const NO_REFS: Readonly<Record<string, string>> = {};

const UNREAD = Symbol('unread');
const REFS = '"refs":{';
const COMMAND_ID = '"commandId":"';
const IMPORTED = '"imported":';
const ID_LENGTH = 36;

class RecordedFact implements Recorded {
  #metadata: Metadata | undefined;
  readonly #stored: StoredFact;
  #data: unknown;

  constructor(
    stored: StoredFact,
    readonly schemaVersion: number,
    data: unknown,
  ) {
    this.#stored = stored;
    this.#data = data;
  }

  get data() {
    if (this.#data === UNREAD) this.#data = JSON.parse(this.#stored.data);
    return this.#data;
  }

  get id() {
    return this.#stored.id;
  }
  get type() {
    return this.#stored.type;
  }
  get stream() {
    return this.#stored.stream;
  }
  get revision() {
    return this.#stored.revision;
  }
  get position() {
    return this.#stored.position;
  }
  get occurredAt(): Moment {
    return this.#stored.occurredAt;
  }
  get recordedAt(): Moment {
    return this.#stored.recordedAt;
  }
  get tenant() {
    return parseStream(this.#stored.stream).tenant;
  }
  get visibility() {
    return this.metadata.visibility ?? 'public';
  }
  get actor() {
    return this.metadata.actor;
  }
  get onBehalfOf() {
    return this.metadata.onBehalfOf;
  }
  get commandId() {
    return this.#metadata ? this.#metadata.commandId : (commandIdIn(this.#stored.metadata) ?? this.metadata.commandId);
  }
  get correlationId() {
    return this.metadata.$correlationId ?? this.metadata.commandId;
  }
  get causationId() {
    return this.metadata.$causationId ?? this.metadata.commandId;
  }
  get traceparent() {
    return this.metadata.traceparent;
  }
  get refs() {
    return this.#metadata ? (this.#metadata.refs ?? NO_REFS) : (refsIn(this.#stored.metadata) ?? this.metadata.refs ?? NO_REFS);
  }
  get subjects() {
    return this.metadata.subjects ?? NONE;
  }
  get inputs() {
    return this.metadata.inputs ?? NONE;
  }
  get imported() {
    return this.#metadata || this.#stored.metadata.includes(IMPORTED) ? this.metadata.imported : undefined;
  }

  private get metadata(): Metadata {
    this.#metadata ??= metadataOf(this.#stored);
    return this.#metadata;
  }

  /** The whole envelope, in its documented order. */
  toJSON(): Recorded {
    return {
      id: this.id,
      type: this.type,
      schemaVersion: this.schemaVersion,
      visibility: this.visibility,
      stream: this.stream,
      revision: this.revision,
      position: this.position,
      occurredAt: this.occurredAt,
      recordedAt: this.recordedAt,
      tenant: this.tenant,
      actor: this.actor,
      onBehalfOf: this.onBehalfOf,
      commandId: this.commandId,
      correlationId: this.correlationId,
      causationId: this.causationId,
      traceparent: this.traceparent,
      refs: this.refs,
      subjects: this.subjects,
      inputs: this.inputs,
      imported: this.imported,
      data: this.data,
    };
  }
}

/** The id alone, which is all that loading a stream asks of most facts; undefined where it is no plain id. */
function commandIdIn(metadata: string): string | undefined {
  const at = metadata.indexOf(COMMAND_ID) + COMMAND_ID.length;
  const id = at < COMMAND_ID.length ? '' : metadata.slice(at, at + ID_LENGTH);
  return isId(id) && metadata[at + ID_LENGTH] === '"' ? id : undefined;
}

/**
 * The references alone, which is all that most views ask of the metadata, at a third of the price. Inside a text its quotes would be
 * escaped, so what is found is the member; undefined where its values are no plain ids.
 */
function refsIn(metadata: string): Readonly<Record<string, string>> | undefined {
  const start = metadata.indexOf(REFS);
  if (start < 0) return undefined;
  const refs = metadata.slice(start + REFS.length - 1, metadata.indexOf('}', start) + 1);
  return refs.includes('\\') || refs.includes('{', 1)
    ? undefined
    : (parsed(refs) as Readonly<Record<string, string>> | undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
