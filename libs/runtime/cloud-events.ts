import type { Recorded } from '#kernel';
import { envelopeOf } from './envelope.js';
import type { StoredFact } from './ports.js';

/** A public fact as a CloudEvent 1.0 (JSON format); names of extensions are lower case letters and digits, as the standard asks. */
export interface CloudEvent extends CloudEventAttributes {
  /** Personal fields are sealed. */
  readonly data: unknown;
}

export interface CloudEventAttributes {
  readonly specversion: '1.0';
  readonly id: string;
  /** `/annals/<tenant>/<aggregate>`; with `id` unique. */
  readonly source: string;
  readonly type: string;
  /** The stream. */
  readonly subject: string;
  /** When it happened in the business. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  readonly annalsposition: string;
  /** Number in its stream: (subject, annalsrevision) recognises a repetition. */
  readonly annalsrevision: number;
  readonly annalsrecordedat: string;
  readonly annalsschemaversion: number;
  readonly partitionkey: string;
  readonly correlationid: string;
  readonly causationid: string;
  readonly traceparent?: string;
  /** Ids of what the fact belongs to: `annalsrefcustomer`, `annalsreforder`, … */
  readonly [reference: `annalsref${string}`]: string;
}

export const cloudEvent = (fact: Recorded): CloudEvent => ({ ...cloudEventAttributes(fact), data: fact.data });

/** The same as JSON text, its data byte for byte as stored. */
export function cloudEventText(stored: StoredFact, attributes = cloudEventAttributes(envelopeOf(stored))): string {
  return `${JSON.stringify(attributes).slice(0, -1)},"data":${stored.data}}`;
}

export function cloudEventAttributes(fact: Omit<Recorded, 'data'>): CloudEventAttributes {
  const references = Object.entries(fact.refs).map(([name, id]) => [`annalsref${name.toLowerCase()}`, id]);
  return {
    specversion: '1.0',
    id: fact.id,
    source: `/annals/${fact.tenant}/${fact.stream.slice(0, fact.stream.indexOf('-'))}`,
    type: fact.type,
    subject: fact.stream,
    time: fact.occurredAt,
    datacontenttype: 'application/json',
    dataschema: `urn:annals:fact:${fact.type}:${fact.schemaVersion}`,
    annalsposition: fact.position,
    annalsrevision: fact.revision,
    annalsrecordedat: fact.recordedAt,
    annalsschemaversion: fact.schemaVersion,
    partitionkey: fact.stream,
    correlationid: fact.correlationId,
    causationid: fact.causationId,
    ...(fact.traceparent !== undefined && { traceparent: fact.traceparent }),
    ...Object.fromEntries(references),
  };
}
