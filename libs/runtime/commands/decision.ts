import { decisionOf, derivedId, type Fact, type Moment } from '#kernel';
import type { Clock } from '../clock.js';
import type { RegisteredCommand } from '../registry.js';
import type { CommandAnswer, CommandRequest } from '../requests.js';
import type { TenantClocks } from '../tenant-clocks.js';
import { businessTime } from './business-time.js';
import type { Intake } from './intake.js';
import { referencesOf } from './references.js';
import type { Claimed, Reservations } from './reservations.js';
import type { Stream, Streams } from './streams.js';

export interface DecisionOptions {
  readonly streams: Streams;
  readonly clock: Clock;
  readonly clocks: TenantClocks;
  readonly backdateDays: number;
  readonly reservations: Pick<Reservations, 'identify'>;
  readonly checks: CommandChecks;
}

/**
 * By name of a command: refuses what is wrong by the definitions, the log or the settings, which no decision reads. A command that was
 * accepted before is not asked again. Throw Problem.
 */
export type CommandChecks = ReadonlyMap<string, (command: object) => Promise<void>>;

export interface Decided {
  /** None: nothing changes. Personal fields are still carried, not sealed. */
  readonly facts: readonly Fact[];
  readonly occurredAt: Moment;
  readonly recordedAt: Moment;
  /** `<stream>@<revision>` of each reference that exists. */
  readonly inputs: readonly string[];
  /** What the command wants to have for itself; not yet claimed. */
  readonly claims: readonly Claimed[];
}

const NO_CLAIMS: readonly Claimed[] = [];
const NO_IDS: readonly string[] = [];

/** Gathers all that a decision may read, and lets it decide. Throws Refused, or Problem for what a check refuses and a business time that may not be. */
export async function decide(
  { streams, clock, clocks, backdateDays, reservations, checks }: DecisionOptions,
  request: CommandRequest,
  command: RegisteredCommand,
  intake: Intake,
  stream: Stream,
): Promise<Decided> {
  const { aggregate, name } = command;
  const { tenant, actor } = request.caller;
  const check = checks.get(name);
  if (check) await check(intake.command);
  const recordedAt = clock.now();
  const own = clocks.follows(tenant) ? undefined : await clocks.own(tenant, recordedAt);
  const now = businessTime(request, own ?? recordedAt, stream.lastOccurredAt, backdateDays);
  const { references, inputs } = await referencesOf(streams, command, intake, stream, tenant);
  const wanted = aggregate.reserve?.[name]?.(intake.open) ?? [];
  const claims = wanted.length === 0 ? NO_CLAIMS : await reservations.identify(tenant, wanted);
  const decided = decisionOf(aggregate, name)(intake.command, stream.state, {
    now,
    actor,
    tenant,
    clock: own,
    newId: (label: string) => derivedId('new', intake.commandId, label),
    reservations: claims.length === 0 ? NO_IDS : claims.map(({ reservationId }) => reservationId),
    // last: an object that starts as a copy of them costs more than all else here
    ...references,
  });
  const facts = (Array.isArray(decided) ? decided : [decided]) as readonly Fact[];
  return { facts, occurredAt: now, recordedAt, inputs, claims };
}

/** What comes of a command that changes a stream at this revision. */
export const outcomeOf = (
  { options }: RegisteredCommand,
  revisionBefore: number,
): Exclude<CommandAnswer['outcome'], 'unchanged'> =>
  options.continues !== undefined ? 'accepted' : options.creates && revisionBefore < 0 ? 'created' : 'done';
