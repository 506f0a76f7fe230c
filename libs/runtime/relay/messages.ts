import { createHash } from 'node:crypto';
import { parseStream } from '#kernel';
import { cloudEventAttributes, cloudEventText } from '../cloud-events.js';
import { envelopeOf } from '../envelope.js';
import { leaves } from '../leaving.js';
import type { StoredFact, TopicMessage } from '../ports.js';

/** A stored fact as the message of its topic, in the stored, sealed form; undefined for one that does not leave the system. */
export function topicMessage(stored: StoredFact): TopicMessage | undefined {
  const fact = envelopeOf(stored);
  if (!leaves(fact)) return undefined;
  const { aggregate, tenant } = parseStream(stored.stream);
  const attributes = cloudEventAttributes(fact);
  return {
    tenant,
    aggregate,
    stream: stored.stream,
    value: cloudEventText(stored, attributes),
    // as the Kafka binding of CloudEvents allows: whoever filters need not parse the value
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      ce_specversion: attributes.specversion,
      ce_id: attributes.id,
      ce_type: attributes.type,
      ce_source: attributes.source,
      ce_subject: attributes.subject,
      ce_time: attributes.time,
      ce_dataschema: attributes.dataschema,
      ce_annalsrevision: String(attributes.annalsrevision),
      ce_annalsposition: attributes.annalsposition,
    },
  };
}

/** The shard that a stream belongs to, for good. */
export const shardOf = (stream: string, shards: number): number =>
  shards === 1 ? 0 : createHash('sha256').update(stream).digest().readUInt32BE(0) % shards;
