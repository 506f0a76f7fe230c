import type { FactData, topics } from './generated/facts.js';

export type FactName = keyof FactData;
export type TopicName = keyof typeof topics;

/** A public fact as a CloudEvent 1.0. `type` and `annalsschemaversion` tell which `data` it has. */
export interface Event<Type extends string, Version, Data> {
  readonly specversion: '1.0';
  readonly id: string;
  /** `/annals/<tenant>/<aggregate>` */
  readonly source: string;
  readonly type: Type;
  /** The stream: events of one stream come in order. */
  readonly subject: string;
  /** When it happened in the business (UTC, milliseconds). */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  readonly annalsposition: string;
  /** Number in its stream; grows, with gaps. */
  readonly annalsrevision: number;
  readonly annalsrecordedat: string;
  readonly annalsschemaversion: Version;
  readonly partitionkey: string;
  readonly correlationid: string;
  readonly causationid: string;
  readonly traceparent?: string;
  /** Ids of what the fact belongs to: `annalsrefcustomer`, `annalsreforder`, … */
  readonly [reference: `annalsref${string}`]: string;
  /** Personal fields are sealed. */
  readonly data: Data;
}

/** Every version of one fact, or of all. */
export type FactEvent<Name extends FactName = FactName> = {
  [N in Name]: { [V in keyof FactData[N]]: Event<N, V, FactData[N][V]> }[keyof FactData[N]];
}[Name];
