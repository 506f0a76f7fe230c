import { type AnyFactType, decisionOf, derivedId, evolved, type Fact, streamName } from '#kernel';
import type { Clock } from '../clock.js';
import { type KeyStore, subjectOf } from '../ports.js';
import { Problem } from '../problem.js';
import type { RegisteredCommand, Registry } from '../registry.js';
import type { CommandRequest, DryRunAnswer } from '../requests.js';
import type { TenantClocks } from '../tenant-clocks.js';
import { authorise } from './authorise.js';
import { businessTime } from './business-time.js';
import { takeIn } from './intake.js';
import { referencesOf } from './references.js';
import { asProblem, refuseEarlier, stale } from './refusals.js';
import type { Reservations } from './reservations.js';
import type { Stream, Streams } from './streams.js';

export interface DryRunOptions {
  readonly registry: Registry;
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly backdateDays: number;
  readonly streams: Streams;
  readonly clocks: TenantClocks;
  readonly reservations: Pick<Reservations, 'identify' | 'check'>;
}

/**
 * What a command would record now: the same validation, authorisation and decision, on the state as it is, and nothing written,
 * claimed or made. Throws the Problem with which the command would be refused.
 */
export async function dryRun(options: DryRunOptions, request: CommandRequest): Promise<DryRunAnswer> {
  try {
    return await decided(options, request, authorise(options.registry, request));
  } catch (error) {
    throw asProblem(error);
  }
}

async function decided(options: DryRunOptions, request: CommandRequest, command: RegisteredCommand): Promise<DryRunAnswer> {
  const { clock, clocks, backdateDays, keys, streams, reservations } = options;
  const { aggregate } = command;
  const { tenant, actor } = request.caller;
  const intake = await takeIn(request, command, keys);
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
  if (request.ifRevision !== undefined && request.ifRevision !== stream.revision)
    throw stale(request.ifRevision, stream.revision);

  const present = clock.now();
  const own = await clocks.own(tenant, present);
  const now = businessTime(request, own ?? present, stream.lastOccurredAt, backdateDays);
  const claims = await reservations.identify(tenant, aggregate.reserve?.[command.name]?.(intake.open) ?? []);
  const facts = [
    decisionOf(aggregate, command.name)(intake.command, stream.state, {
      ...(await referencesOf(streams, command, intake, stream, tenant)).references,
      now,
      actor,
      tenant,
      clock: own,
      newId: (label: string) => derivedId('new', commandId, label),
      reservations: claims.map(({ reservationId }) => reservationId),
    }),
  ].flat() as Fact[];
  if (facts.length === 0) return answer('unchanged');

  const types = facts.map(({ type }) => typeOf(stream, type));
  refuseEarlier(stream, now, types);
  await refuseErased(keys, tenant, facts, types);
  for (const claimed of claims) await reservations.check(tenant, claimed, stream.name, commandId);
  const shown = facts.map(({ type, data }, index) => ({ type, data: concealed(data, types[index] as AnyFactType) }));
  let { state } = stream;
  for (const fact of shown) state = evolved(aggregate, state, fact, now, request.imported);
  return answer(outcomeOf(command, stream), shown);
}

function typeOf({ aggregate }: Stream, type: string): AnyFactType {
  const found = aggregate.facts[type] as AnyFactType | undefined;
  if (!found) throw new Error(`${aggregate.name} decided ${type}, which it does not own.`);
  return found;
}

async function refuseErased(
  keys: KeyStore,
  tenant: string,
  facts: readonly Fact[],
  types: readonly AnyFactType[],
): Promise<void> {
  const subjects = facts.flatMap(({ data }, index) =>
    personalFields(data, types[index] as AnyFactType).map(([, { person, retention }]) =>
      subjectOf(String((data as Record<string, unknown>)[person]), retention),
    ),
  );
  if (subjects.length === 0) return;
  for (const key of (await keys.load(tenant, [...new Set(subjects)])).values())
    if (key === 'destroyed')
      throw new Problem(410, 'erased', 'This person was erased; nothing personal can be recorded about them again.');
}

/** No key is made, so nothing can be sealed: personal fields are left out of the answer. */
function concealed(data: unknown, type: AnyFactType): Readonly<Record<string, unknown>> {
  const fields = personalFields(data, type).map(([field]) => [field, { sealed: true }]);
  return { ...(data as object), ...Object.fromEntries(fields) };
}

const personalFields = (data: unknown, { personal }: AnyFactType) =>
  Object.entries(personal).filter(([field]) => {
    const value = (data as Record<string, unknown>)[field];
    return value !== undefined && value !== null;
  });

const outcomeOf = ({ options }: RegisteredCommand, { revision }: Stream): DryRunAnswer['outcome'] =>
  options.continues !== undefined ? 'accepted' : options.creates && revision < 0 ? 'created' : 'done';
