import { parseStream, type Role, streamName } from '#kernel';
import type { Clock } from '../clock.js';
import { metadataOf } from '../envelope.js';
import {
  type Log,
  LogUnavailable,
  OutcomeUnknown,
  type Snapshots,
  type StoredFact,
  StoreFault,
  WrongRevision,
} from '../ports.js';
import { Problem } from '../problem.js';
import type { RegisteredCommand, Registry } from '../registry.js';
import type { CommandAnswer, CommandRequest, DryRunAnswer } from '../requests.js';
import type { RetainingKeyStore } from '../sealing/kept-apart.js';
import { NothingChanged } from '../system/nothing-changed.js';
import { TenantClocks } from '../tenant-clocks.js';
import { answerOf } from './answer.js';
import { appendOnce, asStored, factsOf } from './append.js';
import { authorise } from './authorise.js';
import { type Consequences, hasConsequences, settleConsequences } from './consequences.js';
import { type CommandChecks, type Decided, decide, outcomeOf } from './decision.js';
import { CommandDigests, sameDigest } from './digests.js';
import { type DryRunOptions, dryRun } from './dry-run.js';
import { type Intake, takeIn, unsealed } from './intake.js';
import { noted, sealed, stamped } from './new-facts.js';
import { OneAtATime } from './one-at-a-time.js';
import { asProblem, refuseEarlier, refuseStale } from './refusals.js';
import { Reservations, type SendInternal } from './reservations.js';
import { type Stream, Streams } from './streams.js';

export interface PipelineOptions {
  readonly log: Log;
  readonly snapshots: Snapshots;
  readonly keys: RetainingKeyStore;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly backdateDays: number;
  readonly checks: CommandChecks;
  /** Milliseconds until an append whose outcome cannot be learnt is answered 503. */
  readonly outcomeDeadline?: number;
}

const DECISIONS = 10;

/** From command to facts on disk: the nine steps of `docs/explanation/command-pipeline.md`. */
export class CommandPipeline {
  readonly streams: Streams;
  readonly clocks: TenantClocks;
  readonly #turns = new OneAtATime();
  readonly #reservations: Reservations;
  readonly #reads: DryRunOptions;
  readonly #digests: CommandDigests;
  readonly #inFlight = new Set<Promise<unknown>>();
  #closed = false;

  private constructor(
    private readonly options: PipelineOptions,
    digestSecret: Uint8Array,
    identifierSecret: Uint8Array,
  ) {
    const { log, snapshots, registry, keys, clock } = options;
    this.streams = new Streams(log, snapshots, registry);
    this.clocks = new TenantClocks(this.streams, clock);
    this.#reservations = new Reservations(log, keys, this.streams, clock, this.#sendForReservation, identifierSecret);
    this.#digests = new CommandDigests(keys, digestSecret);
    const { streams, clocks } = this;
    this.#reads = { ...options, streams, clocks, reservations: this.#reservations };
  }

  static async open(options: PipelineOptions): Promise<CommandPipeline> {
    return new CommandPipeline(
      options,
      await options.keys.secret('command-digest'),
      await options.keys.secret('identifier-digest'),
    );
  }

  /** Throws Problem. What was acknowledged is on disk, once, whatever happens next. */
  async execute(request: CommandRequest): Promise<CommandAnswer> {
    return this.perform(request, authorise(this.options.registry, request));
  }

  /** What `execute` would do now. Throws the Problem that it would throw; writes nothing. */
  dryRun(request: CommandRequest): Promise<DryRunAnswer> {
    return dryRun(this.#reads, request);
  }

  /** For the runtime and its processes: also commands without a route, no roles asked. */
  async perform(request: CommandRequest, command: RegisteredCommand = this.#registered(request.command)): Promise<CommandAnswer> {
    if (this.#closed)
      throw new Problem(503, 'stopping', 'This server is stopping; send the same command with the same key again.', {
        retryAfter: 2,
      });
    const work = this.#perform(request, command);
    this.#inFlight.add(work);
    try {
      return await work;
    } catch (error) {
      throw asProblem(error);
    } finally {
      this.#inFlight.delete(work);
    }
  }

  /** What facts say about keys and reservations, made true: at once, and by a reader of the log after a crash. */
  readonly consequences: Consequences = {
    destroy: (tenant, persons, ended) => this.options.keys.destroy(tenant, persons, ended),
    release: (tenant, reservationId, target, factId) => this.#reservations.release(tenant, reservationId, target, factId),
  };

  /** Takes no more and waits for what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([...this.#inFlight]);
  }

  async #perform(request: CommandRequest, command: RegisteredCommand): Promise<CommandAnswer> {
    const isProcess = request.caller.actor.kind === 'process';
    const intake = takeIn(isProcess ? await unsealed(this.options.keys, request) : request, command);
    const name = streamName(command.aggregate.name, request.caller.tenant, intake.target);
    return this.#turns.run(name, async (waited) => {
      const assumed = request.ifRevision === undefined ? this.#assumed(name, command, intake, waited) : undefined;
      const atOnce = assumed && (await this.#decideAtOnce(request, command, intake, assumed));
      if (atOnce) return atOnce;
      for (let attempt = 0; attempt < DECISIONS; attempt++) {
        const stream = this.streams.cached(name) ?? (await this.streams.load(name));
        const firstRevision = stream.commands.get(intake.commandId);
        if (firstRevision !== undefined) return this.#answerAsBefore(stream, firstRevision, intake, command);
        refuseStale(stream, request.ifRevision);
        const answer = await this.#decideAndAppend(request, command, intake, stream);
        if (answer) return answer;
      }
      throw new Problem(503, 'contended', 'Others keep changing the same thing; send the same command with the same key again.', {
        retryAfter: 1,
      });
    });
  }

  /**
   * What the stream most likely is, where that is not known without a look at the log. Where commands wait for their turn each looks:
   * a server that never does would be first each time, and the commands of another one on the same stream would come to nothing.
   */
  #assumed(name: string, { options }: RegisteredCommand, { commandId }: Intake, waited: boolean): Stream | undefined {
    if (this.streams.cached(name)) return undefined;
    const known = this.streams.lastKnown(name);
    if (known && waited) return undefined;
    if (known) return known.commands.has(commandId) ? undefined : known;
    return options.creates ? this.streams.assumedNew(name) : undefined;
  }

  /**
   * Most commands that create meet no stream, and most others a stream that nobody else wrote to since: the append at that revision
   * says so as well as a look before it. Whatever else comes of it, a refusal too, is decided again on what is really there.
   */
  async #decideAtOnce(
    request: CommandRequest,
    command: RegisteredCommand,
    intake: Intake,
    stream: Stream,
  ): Promise<CommandAnswer | undefined> {
    try {
      const answer = await this.#decideAndAppend(request, command, intake, stream);
      return answer?.outcome === 'unchanged' && answer.revision === stream.revision ? undefined : answer;
    } catch (error) {
      // What does not answer now is not asked a second time by the same command.
      if (error instanceof OutcomeUnknown || error instanceof LogUnavailable || error instanceof StoreFault) throw error;
      return undefined;
    }
  }

  /** Undefined when another writer was first: decide again on the new state. */
  async #decideAndAppend(
    request: CommandRequest,
    command: RegisteredCommand,
    intake: Intake,
    stream: Stream,
  ): Promise<CommandAnswer | undefined> {
    const { keys } = this.options;
    const { tenant } = request.caller;
    const decided = await decide(this.#reads, request, command, intake, stream);
    const { facts, claims } = decided;
    if (facts.length === 0) return this.#nothingChanged(request, command, intake, stream, decided);

    const underKeys = await sealed(keys, stream, facts, tenant);
    refuseEarlier(
      stream,
      decided.occurredAt,
      underKeys.map(({ type }) => type),
    );
    const subject = underKeys.find(({ subjects }) => subjects.length > 0)?.subjects[0];
    const digest =
      subject === undefined ? this.#digests.plain(intake) : await this.#digests.withPersonal(tenant, intake, subject);
    const { written, state } = stamped(request, intake, stream, underKeys, decided, digest);

    for (const claimed of claims) await this.#reservations.claim(tenant, claimed, stream.name, intake.commandId);
    const appended = await appendOnce(this.options.log, this.streams, stream, written, this.options.outcomeDeadline);
    if (!appended) return undefined;
    const stored = asStored(stream, written, appended);
    const after = this.streams.appended(stream, stored, state, intake.commandId);
    // A claim that cannot be confirmed now is confirmed, as its command is recorded, by whoever asks for it after it lapsed.
    for (const claimed of claims) await this.#reservations.confirm(tenant, claimed, stream.name).catch(() => {});
    if (facts.some(({ type }) => hasConsequences(type, this.options.registry))) await this.#settle(stored);
    return this.#answer(command, intake, outcomeOf(command, stream.revision), after, stored);
  }

  /**
   * A retry could change something by then, so a command with a key is remembered in its stream. Not one of a process: what it did
   * is in the process, and nobody saw an answer.
   */
  async #nothingChanged(
    request: CommandRequest,
    command: RegisteredCommand,
    intake: Intake,
    stream: Stream,
    decided: Decided,
  ): Promise<CommandAnswer | undefined> {
    if (request.idempotencyKey === undefined || request.caller.actor.kind === 'process')
      return this.#answer(command, intake, 'unchanged', stream);
    const written = [noted(request, intake, stream, decided, this.#digests.plain(intake))];
    const appended = await appendOnce(this.options.log, this.streams, stream, written, this.options.outcomeDeadline);
    if (!appended) return undefined;
    const after = this.streams.appended(stream, asStored(stream, written, appended), stream.state, intake.commandId);
    return this.#answer(command, intake, 'unchanged', after);
  }

  /** The facts are on disk: a failure here must not read as if nothing had been recorded. */
  async #settle(facts: readonly StoredFact[]): Promise<void> {
    try {
      for (const stored of facts) await settleConsequences(stored, this.options.registry, this.consequences);
    } catch (error) {
      throw error instanceof LogUnavailable ? new OutcomeUnknown(error.message) : error;
    }
  }

  async #answerAsBefore(
    stream: Stream,
    firstRevision: number,
    intake: Intake,
    command: RegisteredCommand,
  ): Promise<CommandAnswer> {
    const facts = await factsOf(this.options.log, stream.name, firstRevision, intake.commandId);
    const [first] = facts;
    const last = facts[facts.length - 1];
    if (!first || !last) throw new Error(`${stream.name} remembers a command at revision ${firstRevision} that is not there.`);
    const [subject] = facts.flatMap((stored) => metadataOf(stored).subjects ?? []);
    const { tenant } = parseStream(stream.name);
    const digest =
      subject === undefined ? this.#digests.plain(intake) : await this.#digests.withPersonal(tenant, intake, subject);
    if (!sameDigest(metadataOf(first).digest, digest)) {
      throw new Problem(
        422,
        'key-reused',
        'This Idempotency-Key was used for another command, or one with another body. Use a new key for a new command.',
      );
    }
    const then = { ...stream, revision: last.revision, position: last.position };
    if (first.type === NothingChanged.type) return this.#answer(command, intake, 'unchanged', then);
    // The first time may have failed between the append and what follows from it.
    await this.#settle(facts);
    return this.#answer(command, intake, outcomeOf(command, firstRevision - 1), then, facts);
  }

  #answer(
    command: RegisteredCommand,
    { commandId }: Intake,
    outcome: CommandAnswer['outcome'],
    stream: Stream,
    recorded: readonly StoredFact[] = [],
  ): CommandAnswer {
    return answerOf(command, { outcome, commandId, stream, recorded, start: this.options.log.start });
  }

  readonly #sendForReservation: SendInternal = async (tenant, { name }, payload, { revision, key } = {}) => {
    const caller = { tenant, actor: { kind: 'process', id: 'reservations' }, roles: new Set<Role>() } as const;
    try {
      await this.#perform({ caller, command: name, payload, ifRevision: revision, idempotencyKey: key }, this.#registered(name));
    } catch (error) {
      if (error instanceof Problem && error.status === 412) throw new WrongRevision(name, -1);
      throw error;
    }
  };

  #registered(name: string): RegisteredCommand {
    const command = this.options.registry.commands.get(name);
    if (!command) throw new Error(`No aggregate has the command ${name}.`);
    return command;
  }
}
