import { type AnyFactType, evolved, type Fact, streamName } from '#kernel';
import { type KeyStore, subjectOf } from '../ports.js';
import type { RegisteredCommand, Registry } from '../registry.js';
import type { CommandRequest, DryRunAnswer } from '../requests.js';
import { personalIn, personErased } from '../sealing/sealing.js';
import { authorise } from './authorise.js';
import { type DecisionOptions, decide, outcomeOf } from './decision.js';
import { takeIn } from './intake.js';
import { factTypeOf } from './new-facts.js';
import { asProblem, refuseEarlier, refuseStale } from './refusals.js';
import type { Reservations } from './reservations.js';

export interface DryRunOptions extends DecisionOptions {
  readonly registry: Registry;
  readonly keys: KeyStore;
  readonly reservations: Pick<Reservations, 'identify' | 'check'>;
}

/**
 * What a command would record now: the same validation, authorisation and decision, on the state as it is, and nothing written,
 * claimed or made. Throws the Problem with which the command would be refused.
 */
export async function dryRun(options: DryRunOptions, request: CommandRequest): Promise<DryRunAnswer> {
  try {
    return await tried(options, request, authorise(options.registry, request));
  } catch (error) {
    throw asProblem(error);
  }
}

async function tried(options: DryRunOptions, request: CommandRequest, command: RegisteredCommand): Promise<DryRunAnswer> {
  const { keys, streams, reservations } = options;
  const { aggregate } = command;
  const { tenant } = request.caller;
  const intake = takeIn(request, command);
  const stream = await streams.load(streamName(aggregate.name, tenant, intake.target));
  const { commandId, target } = intake;
  const answer = (outcome: DryRunAnswer['outcome'], facts: DryRunAnswer['facts'] = []): DryRunAnswer => ({
    dryRun: true,
    outcome,
    commandId,
    id: target,
    stream: stream.name,
    revision: stream.revision,
    facts,
  });
  if (stream.commands.has(commandId)) return answer('repeated');
  refuseStale(stream, request.ifRevision);

  const { facts, occurredAt, claims } = await decide(options, request, command, intake, stream);
  if (facts.length === 0) return answer('unchanged');

  const types = facts.map(({ type }) => factTypeOf(aggregate, type));
  refuseEarlier(stream, occurredAt, types);
  await refuseErased(keys, tenant, facts, types);
  for (const claimed of claims) await reservations.check(tenant, claimed, stream.name, commandId);
  const shown = facts.map(({ type, data }, index) => ({ type, data: concealed(data, types[index] as AnyFactType) }));
  let { state } = stream;
  for (const fact of shown) state = evolved(aggregate, state, fact, occurredAt, request.imported);
  return answer(outcomeOf(command, stream.revision), shown);
}

async function refuseErased(
  keys: KeyStore,
  tenant: string,
  facts: readonly Fact[],
  types: readonly AnyFactType[],
): Promise<void> {
  const subjects = facts.flatMap(({ data }, index) =>
    personalIn(types[index] as AnyFactType, data as Readonly<Record<string, unknown>>).map(([, { person, retention }]) =>
      subjectOf(String((data as Record<string, unknown>)[person]), retention),
    ),
  );
  if (subjects.length === 0) return;
  for (const key of (await keys.load(tenant, [...new Set(subjects)])).values()) if (key === 'destroyed') throw personErased();
}

/** No key is made, so nothing can be sealed: personal fields are left out of the answer. */
function concealed(data: unknown, type: AnyFactType): Readonly<Record<string, unknown>> {
  const fields = personalIn(type, data as Readonly<Record<string, unknown>>).map(([field]) => [field, { sealed: true }]);
  return { ...(data as object), ...Object.fromEntries(fields) };
}
