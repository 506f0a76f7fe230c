import { isId, type Moment, type Role, roles, streamName, tenantOf } from '#kernel';
import { accessService, issueFirstToken } from './access/access.js';
import type {
  Annals,
  BackupReport,
  ClockState,
  Health,
  ParkedProcessStream,
  ProcessState,
  ViewService,
  Vitals,
} from './annals.js';
import type { Clock } from './clock.js';
import { CommandPipeline } from './commands/pipeline.js';
import { factService } from './facts/facts.js';
import { Lags } from './lags.js';
import {
  type KeyStore,
  type Log,
  LogUnavailable,
  StoreFault,
  type Topics,
  TopicsDisagree,
  TopicsReset,
  TopicsUnavailable,
  type ViewStore,
  WriterFenced,
} from './ports.js';
import { Problem } from './problem.js';
import { ProcessRunner } from './processes/runner.js';
import { settlements } from './processes/settlements.js';
import type { Registry } from './registry.js';
import { Publication } from './relay/publication.js';
import { LogBehindTopics } from './relay/relay.js';
import { keptApart } from './sealing/kept-apart.js';
import type { ProcessInstance } from './system/process/process-instance.js';
import { WebhookDelivery } from './webhooks/delivery.js';
import type { SendWebhook } from './webhooks/sending.js';
import { webhookService } from './webhooks/service.js';
import { WebhookSecrets } from './webhooks/signature.js';
import { withSubscriptionsChecked } from './webhooks/subscription-check.js';

/** How far each view is; the views may run in another thread. */
export interface ViewReaders {
  progress(): Promise<readonly { readonly view: string; readonly position: string | undefined; readonly parked: number }[]>;
}

export interface RuntimeOptions {
  readonly registry: Registry;
  readonly log: Log;
  /** Snapshots, notes and timers. */
  readonly store: ViewStore;
  readonly keys: KeyStore;
  readonly views: ViewService & ViewReaders & { close(): Promise<void> };
  readonly clock: Clock;
  readonly backdateDays: number;
  /** Whether this server runs processes and timers. */
  readonly runsProcesses: boolean;
  readonly backup: (target: { folder: string; keysFolder: string }) => Promise<BackupReport>;
  /** What lies outside of the runtime: the machine and its backups. */
  readonly surroundings?: () => Promise<Pick<Vitals, 'version' | 'disk' | 'lastBackupAt'>>;
  /** Opens the topics of an engine of their own, to which every public fact is relayed; left out where they are reads of the log. */
  readonly topics?: () => Promise<Topics>;
  /** How webhooks are delivered, where this server does it. */
  readonly webhooks?: WebhookOptions;
  /** A reader failed and will try again. Never personal data. */
  readonly onError: (name: string, error: unknown) => void;
}

export interface WebhookOptions {
  readonly send: SendWebhook;
  /** Attempts of one fact until the webhook is parked; 12 if left out. */
  readonly attempts?: number;
  /** Milliseconds after the first attempt that failed; 1,000 if left out. */
  readonly firstPause?: number;
}

export interface Runtime extends Annals {
  /** Makes the token of a new installation; none when it has facts already. It is kept before it is valid, so that none is lost. */
  firstToken(keep: (token: string) => void): Promise<void>;
  /** Fires the timers that are due by the clock; for settable clocks. */
  fireDue(): Promise<void>;
}

const STALLED_AFTER = 30_000;
const DRAIN = 15_000;
const LOOK_AGAIN = 100;

export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { registry, log, store, views, clock, onError } = options;
  const keys = keptApart(options.keys);
  const pipeline = await CommandPipeline.open({ ...options, keys, snapshots: store });
  const settling = await settlements(log, keys, registry, pipeline.consequences, onError);
  // A key store from a backup may still hold keys of persons erased since: they go before anybody can ask.
  await settling.catchUp();
  settling.start();
  const runner = new ProcessRunner({ log, store, registry, pipeline, clock, onError });
  if (options.runsProcesses) await runner.start();
  const publication = options.topics && new Publication({ log, open: options.topics, leases: store, onError });
  publication?.start();
  const facts = factService(log);
  const secrets = await WebhookSecrets.open(keys);
  const delivery =
    options.webhooks &&
    new WebhookDelivery({
      log,
      facts,
      pipeline,
      secrets,
      clock,
      onError,
      notes: store.notes,
      leases: store,
      send: options.webhooks.send,
      attempts: options.webhooks.attempts ?? 12,
      firstPause: options.webhooks.firstPause ?? 1_000,
    });
  delivery?.start();
  const seen = new Map<string, Seen>();
  let lastHead = log.start;

  return {
    registry,
    commands: withSubscriptionsChecked(pipeline, registry),
    views: {
      query: async (request) => views.query({ ...request, present: await presentOf(request.caller.tenant) }),
      generations: () => views.generations(),
      rebuild: (view, options) => views.rebuild(view, options),
      parked: (view) => views.parked(view),
      release: (view, tenant, key) => views.release(view, tenant, key),
    },
    facts,
    access: accessService(pipeline, keys, clock),
    webhooks: webhookService(pipeline, store.notes, secrets),
    clock: { of: clockState },
    processes: { state: processState, settled, parked: parkedStreams, release },
    backup: options.backup,
    health,
    vitals,
    fireDue: () => runner.fireDue(),
    async firstToken(keep) {
      if ((await log.head()) === log.start) await issueFirstToken(pipeline, Object.keys(roles) as Role[], keep);
    },
    async close(milliseconds = DRAIN) {
      const steps = [
        async () => delivery?.stop(),
        () => Promise.all([runner.stop(), pipeline.close()]),
        () => settling.stop(),
        async () => publication?.stop(),
        () => views.close(),
        () => store.close(),
        () => keys.close(),
        () => log.close(),
      ];
      const deadline = Date.now() + milliseconds;
      for (const step of steps) await bounded(step(), Math.max(500, deadline - Date.now()));
    },
  };

  async function clockState(tenant: string): Promise<ClockState> {
    const now = await pipeline.clocks.own(tenant);
    const imports = await pipeline.clocks.imports(tenant);
    if (now === undefined) return { tenant, sandbox: false, now: clock.now(), imports };
    const settled = await runner.settled(tenant);
    return { tenant, sandbox: true, now, ...(settled !== undefined && { settled }), imports };
  }

  /** Views are read while the log is away, too. */
  async function presentOf(tenant: string): Promise<Moment | undefined> {
    try {
      return await pipeline.clocks.own(tenant);
    } catch (error) {
      if (error instanceof LogUnavailable) return pipeline.clocks.lastSeen(tenant);
      throw error;
    }
  }

  function parkedStreams(): readonly ParkedProcessStream[] {
    return runner.parked().map(({ process, stream, position, facts, error }) => {
      return { process, tenant: tenantOf(stream), stream, position, facts, error };
    });
  }

  async function release(process: string, stream: string): Promise<{ readonly released: number; readonly error?: string }> {
    const released = await runner.release(process, stream);
    if (!released) throw new Problem(404, 'not-parked', 'No such process has parked this stream; the list names those that are.');
    return released;
  }

  async function vitals(): Promise<Vitals> {
    const around = await options.surroundings?.().catch(() => undefined);
    const engines = await Promise.all([
      reachable('log', () => log.head()),
      reachable('views', () => store.notes.read('vitals')),
      reachable('keys', () => keys.appliedTo()),
    ]);
    return {
      version: around?.version ?? 'unknown',
      disk: around?.disk,
      lastBackupAt: around?.lastBackupAt,
      engines,
      clock: clock.now(),
    };
  }

  async function processState(tenant: string, id: string): Promise<ProcessState | undefined> {
    if (!isId(id)) return undefined;
    const { state } = await pipeline.streams.load(streamName('process', tenant, id));
    const { status, process, trigger, steps } = state as ProcessInstance;
    if (status === 'NONE') return undefined;
    const told = steps.map((step) => (step.outcome === 'PENDING' ? { command: step.command, outcome: step.outcome } : step));
    return { id, process, trigger, status, steps: told };
  }

  async function settled(tenant: string, id: string, milliseconds: number): Promise<ProcessState | undefined> {
    const deadline = Date.now() + milliseconds;
    for (;;) {
      const head = await facts.head();
      const state = await processState(tenant, id);
      const left = deadline - Date.now();
      if ((state && state.status !== 'RUNNING') || left <= 0) return state;
      // One can hear of an append before the pipeline has folded it, so that the last one may go unseen at first.
      await facts.moved(head, Math.min(left, LOOK_AGAIN));
    }
  }

  async function health(): Promise<Health> {
    let silent: LogUnavailable | undefined;
    const head = await log.head().catch((error: unknown) => {
      if (!(error instanceof LogUnavailable)) throw error;
      silent = error;
      return lastHead;
    });
    lastHead = head;
    const viewReaders = (await views.progress()).map(({ view, position, parked }) => ({
      name: view,
      position,
      parked,
      kind: 'view' as const,
    }));
    const processReaders = runner.readers().map((reader) => ({ ...reader, kind: 'process' as const }));
    const relays =
      publication?.readers().map(({ failure, ...reader }) => ({ ...reader, kind: 'relay' as const, parked: 0, failure })) ?? [];
    const now = Date.now();
    const lags = new Lags(log, head);
    const readers = [];
    for (const reader of [...viewReaders, ...processReaders, ...relays]) {
      const { name, kind, position, parked } = reader;
      const lagFacts = await lags.of(position ?? log.start);
      const seen = track(`${kind} ${name}`, position, lagFacts, now);
      const stalled = lagFacts > 0 && now - seen.movedAt > STALLED_AFTER;
      const lagSeconds = lagFacts > 0 ? (now - seen.behindSince) / 1_000 : 0;
      const failure = 'failure' in reader ? ofAnEngine(reader.failure) : undefined;
      readers.push({ name, kind, position, lagFacts, lagSeconds, stalled, parked, ...(failure !== undefined && { failure }) });
    }
    // Who stands still is shown, and takes nobody's commands away: see docs/adr/0075-readiness-of-the-api.md.
    const waiting = delivery?.waiting;
    const failure = silent && { failure: silent.message };
    return { ready: silent === undefined, head, ...failure, readers, ...(waiting && { webhooks: waiting }) };
  }

  function track(reader: string, position: string | undefined, lagFacts: number, now: number): Seen {
    const before = seen.get(reader);
    const after: Seen = {
      position,
      movedAt: before && before.position === position && lagFacts > 0 ? before.movedAt : now,
      behindSince: before && lagFacts > 0 ? before.behindSince : now,
    };
    seen.set(reader, after);
    return after;
  }
}

/** Where a reader was when it was last asked about: tells one that is slow from one that is dead. */
interface Seen {
  readonly position: string | undefined;
  readonly movedAt: number;
  readonly behindSince: number;
}

/** What an engine says of itself holds no data of facts; other errors may quote some. */
function ofAnEngine(failure: unknown): string | undefined {
  const kinds = [LogUnavailable, LogBehindTopics, StoreFault, TopicsDisagree, TopicsReset, TopicsUnavailable, WriterFenced];
  return kinds.some((kind) => failure instanceof kind) ? (failure as Error).message : undefined;
}

const ANSWERS_WITHIN = 2_000;

async function reachable<E extends string>(
  engine: E,
  ask: () => Promise<unknown>,
): Promise<{ readonly engine: E; readonly reachable: boolean }> {
  let answered = false;
  const asked = (async () => {
    await ask();
    answered = true;
  })();
  await bounded(asked, ANSWERS_WITHIN);
  return { engine, reachable: answered };
}

async function bounded(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work.catch(() => {}), late]);
  clearTimeout(timer);
}
