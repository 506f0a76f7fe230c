import { type AnyAggregate, type AnyFactType, evolved, type Fact } from '#kernel';
import type { Metadata } from '../envelope.js';
import { type KeyStore, MAX_APPEND_BYTES, type NewFact, TooLarge } from '../ports.js';
import type { CommandRequest } from '../requests.js';
import { openFact, personalIn, sealFact } from '../sealing/sealing.js';
import { NothingChanged } from '../system/nothing-changed.js';
import type { Decided } from './decision.js';
import type { Intake } from './intake.js';
import type { Stream } from './streams.js';

/** A decided fact with its id, which no other decision gives to a fact, and its personal fields under their persons' keys. */
export interface SealedFact {
  readonly id: string;
  readonly type: AnyFactType;
  readonly json: string;
  readonly subjects: readonly string[];
}

/** Throws Problem 410 where a person was erased. */
export async function sealed(
  keys: KeyStore,
  { aggregate }: Stream,
  facts: readonly Fact[],
  tenant: string,
): Promise<readonly SealedFact[]> {
  const underKeys: SealedFact[] = [];
  for (const { type: named, data } of facts) {
    const type = factTypeOf(aggregate, named);
    const id = crypto.randomUUID();
    const given = data as Record<string, unknown>;
    const personal = personalIn(type, given);
    const { json, subjects } = personal.length === 0 ? openFact(given) : await sealFact(keys, tenant, id, type, given, personal);
    underKeys.push({ id, type, json, subjects });
  }
  return underKeys;
}

/** The definition of a fact that an aggregate decided. */
export function factTypeOf({ name, facts }: AnyAggregate, type: string): AnyFactType {
  const found = facts[type] as AnyFactType | undefined;
  if (!found) throw new Error(`${name} decided ${type}, which it does not own.`);
  return found;
}

/** The facts as the log takes them, and the state that they lead to. Throws TooLarge. */
export function stamped(
  request: CommandRequest,
  { commandId }: Intake,
  { aggregate, state: before }: Stream,
  facts: readonly SealedFact[],
  { inputs, occurredAt, recordedAt }: Pick<Decided, 'inputs' | 'occurredAt' | 'recordedAt'>,
  digest: string,
): { readonly written: readonly NewFact[]; readonly state: unknown } {
  let state = before;
  let bytes = 0;
  const written = facts.map(({ id, type, json, subjects }, index): NewFact => {
    state = evolved(aggregate, state, { type: type.type, data: JSON.parse(json) }, occurredAt, request.imported);
    bytes += Buffer.byteLength(json);
    const metadata: Metadata = {
      visibility: type.visibility === 'internal' ? 'internal' : undefined,
      actor: request.caller.actor,
      onBehalfOf: request.onBehalfOf,
      commandId,
      $correlationId: request.correlationId,
      $causationId: request.causationId,
      traceparent: request.traceparent,
      refs: present(aggregate.refs?.(state)),
      subjects: subjects.length > 0 ? subjects : undefined,
      inputs: inputs.length > 0 ? inputs : undefined,
      imported: request.imported,
      digest: index === 0 ? digest : undefined,
    };
    return {
      id,
      type: type.type,
      schemaVersion: type.version,
      occurredAt,
      recordedAt,
      data: json,
      metadata: JSON.stringify(metadata),
    };
  });
  if (bytes > MAX_APPEND_BYTES) throw new TooLarge();
  return { written, state };
}

/**
 * What a stream remembers of a command that changed nothing. It occurs with the fact before it, as it must not keep out what
 * happened before the command came.
 */
export function noted(
  { caller, onBehalfOf, correlationId, causationId, traceparent, imported }: CommandRequest,
  { name: command, commandId }: Intake,
  { lastOccurredAt }: Stream,
  { occurredAt, recordedAt }: Pick<Decided, 'occurredAt' | 'recordedAt'>,
  digest: string,
): NewFact {
  const metadata: Metadata = {
    visibility: 'internal',
    actor: caller.actor,
    onBehalfOf,
    commandId,
    $correlationId: correlationId,
    $causationId: causationId,
    traceparent,
    imported,
    digest,
  };
  return {
    id: crypto.randomUUID(),
    type: NothingChanged.type,
    schemaVersion: NothingChanged.version,
    occurredAt: lastOccurredAt ?? occurredAt,
    recordedAt,
    data: JSON.stringify({ command }),
    metadata: JSON.stringify(metadata),
  };
}

function present(refs: Readonly<Record<string, string | undefined>> | undefined): Record<string, string> | undefined {
  let found: Record<string, string> | undefined;
  for (const name in refs) {
    const id = refs[name];
    if (id === undefined) continue;
    found ??= {};
    found[name] = id;
  }
  return found;
}
