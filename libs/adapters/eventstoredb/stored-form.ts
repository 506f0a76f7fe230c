import { isId, parseStream } from '#kernel';
import { MAX_APPEND_BYTES, type NewFact, type StoredFact, TooLarge } from '#runtime/ports';
import { placeOf, positionText } from './position.js';
import type { NewEvent, StoreEvent } from './store.js';

/**
 * A fact as an event: its data as JSON bytes, its metadata as JSON bytes behind a first member `annals` with what
 * EventStoreDB has no place for. Both are cut and joined as text, never parsed and written again, so that they come back
 * byte for byte; `$correlationId` and `$causationId` are there for EventStoreDB's own projections.
 */
const OWN =
  /^\{(?:"\$correlationId":"[^"]*",)?(?:"\$causationId":"[^"]*",)?"annals":\{"schemaVersion":(\d+),"occurredAt":"([^"]*)","recordedAt":"([^"]*)"\}(,?)/;

const PLAIN = /^[^"\\\p{Cc}]*$/u;
const LONE_SURROGATE = /\p{Cs}/u;
/** One message to EventStoreDB holds 16 MiB, and a larger one ends the stream that all appends share (E55). */
const MAX_REQUEST_BYTES = 8 * 1_048_576;

/**
 * Checks before the call what EventStoreDB or its client would answer with a hanging call or a dead stream (E15, E54–E56).
 * Throws RangeError and TooLarge.
 */
export function eventsOf(stream: string, facts: readonly NewFact[]): readonly NewEvent[] {
  if (facts.length === 0) throw new RangeError('An append needs at least one fact.');
  if (!isStream(stream)) throw new RangeError(`Not a stream name: ${stream}`);
  const events = facts.map(eventOf);
  const data = events.reduce((sum, event) => sum + event.data.length, 0);
  if (data > MAX_APPEND_BYTES) throw new TooLarge(`The facts hold ${data} bytes of data; ${MAX_APPEND_BYTES} is the limit.`);
  const whole = events.reduce((sum, event) => sum + event.metadata.length + event.type.length * 3, data);
  if (whole > MAX_REQUEST_BYTES) throw new TooLarge(`The facts hold ${whole} bytes; ${MAX_REQUEST_BYTES} is the limit.`);
  return events;
}

function eventOf({ id, type, schemaVersion, occurredAt, recordedAt, data, metadata }: NewFact): NewEvent {
  if (!isId(id)) throw new RangeError(`Not an id of a fact: ${id}`);
  if (type === '' || type.startsWith('$') || LONE_SURROGATE.test(type)) throw new RangeError(`Not a type of a fact: ${type}`);
  if (!Number.isSafeInteger(schemaVersion)) throw new RangeError(`Not a schema version: ${schemaVersion}`);
  if (!PLAIN.test(occurredAt) || !PLAIN.test(recordedAt)) throw new RangeError(`Not the moments of a fact: ${id}`);
  if (LONE_SURROGATE.test(data) || LONE_SURROGATE.test(metadata)) throw new RangeError(`Half a character in fact ${id}.`);
  parsed(data, `The data of fact ${id}`);
  const members = parsed(metadata, `The metadata of fact ${id}`);
  if (!metadata.startsWith('{') || typeof members !== 'object' || members === null || 'annals' in members) {
    throw new RangeError(`The metadata of fact ${id} must be a JSON object without a member annals.`);
  }
  const own = [
    ...tracing('$correlationId', members),
    ...tracing('$causationId', members),
    `"annals":{"schemaVersion":${schemaVersion},"occurredAt":"${occurredAt}","recordedAt":"${recordedAt}"}`,
  ];
  const comma = Object.keys(members).length > 0 ? ',' : '';
  return { id, type, data: Buffer.from(data), metadata: Buffer.from(`{${own.join()}${comma}${metadata.slice(1)}`) };
}

/** Facts leave the correlation out where it is the command itself; EventStoreDB's projections need it written. */
function tracing(name: string, members: object): readonly string[] {
  const { commandId } = members as { commandId?: unknown };
  return name in members || typeof commandId !== 'string' || !PLAIN.test(commandId) ? [] : [`"${name}":"${commandId}"`];
}

function parsed(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new RangeError(`${what} is no JSON.`, { cause: error });
  }
}

/**
 * An event of one of our streams as a fact. One that somebody else wrote there comes with a schema version that no server
 * knows, so that it is noticed and never passed over.
 */
export function factOf(event: StoreEvent, stream: string, logId: string): StoredFact {
  const metadata = event.metadata.toString();
  const [own, version, occurredAt, recordedAt, comma] = OWN.exec(metadata) ?? [];
  const place = {
    stream,
    revision: event.revision,
    position: positionText(logId, placeOf(event.offset, event.id)),
    id: event.id,
    type: event.type,
  };
  if (own === undefined || comma === undefined) {
    return {
      ...place,
      schemaVersion: Number.MAX_SAFE_INTEGER,
      occurredAt: event.created,
      recordedAt: event.created,
      data: event.json ? event.data.toString() : JSON.stringify(event.data.toString('base64')),
      metadata: '{}',
    };
  }
  return {
    ...place,
    schemaVersion: Number(version),
    occurredAt: occurredAt ?? '',
    recordedAt: recordedAt ?? '',
    data: event.data.toString(),
    metadata: `{${metadata.slice(own.length)}`,
  };
}

export function isStream(name: string): boolean {
  try {
    parseStream(name);
    return true;
  } catch {
    return false;
  }
}
