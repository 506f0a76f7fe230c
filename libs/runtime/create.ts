import { accessService, issueAdminToken } from './access/access.js';
import type { Annals, BackupReport, FactService, ViewService, Vitals } from './annals.js';
import { bounded } from './bounded.js';
import { CheckUp, type ViewReaders } from './check-up.js';
import type { Clock } from './clock.js';
import { clockService } from './clock-service.js';
import { CommandPipeline } from './commands/pipeline.js';
import { factService } from './facts/facts.js';
import { Notary } from './notary/notary.js';
import type { KeyStore, Log, Topics, ViewStore } from './ports.js';
import { ProcessRunner } from './processes/runner.js';
import { processService } from './processes/service.js';
import { settlements } from './processes/settlements.js';
import { notingKeys, notingLog, type Refused } from './refused.js';
import type { Registry } from './registry.js';
import { Publication } from './relay/publication.js';
import { keptApart, type RetainingKeyStore } from './sealing/kept-apart.js';
import { type OnStep, shareOf } from './starting.js';
import { webhookChecks } from './webhooks/checks.js';
import { WebhookDelivery } from './webhooks/delivery.js';
import type { RefusedAddress, SendWebhook } from './webhooks/sending.js';
import { webhookService } from './webhooks/service.js';
import { WebhookSecrets } from './webhooks/signature.js';

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
  readonly surroundings?: () => Promise<Pick<Vitals, 'version' | 'disk' | 'lastBackupAt' | 'backsUp'>>;
  /** Opens the topics of an engine of their own, to which every public fact is relayed; left out where they are reads of the log. */
  readonly topics?: () => Promise<Topics>;
  /** How webhooks are delivered, where this server does it. */
  readonly webhooks?: WebhookOptions;
  /** Where webhooks never go; on every server, as each takes subscriptions. */
  readonly refusedAddress?: RefusedAddress;
  /** Milliseconds between two published heads of the history of a tenant; none are published by themselves if left out. */
  readonly headsEvery?: number | undefined;
  /** A reader failed and will try again. Never personal data. */
  readonly onError: (name: string, error: unknown) => void;
  /** What the start is at, each time it gets on. */
  readonly onStep?: OnStep;
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
  /** Makes another such token, for whoever has folder and master key; on record. */
  recoverToken(keep: (token: string) => void): Promise<void>;
  /** Fires the timers that are due by the clock; for settable clocks. */
  fireDue(): Promise<void>;
}

const DRAIN = 15_000;

type Step = () => Promise<unknown>;

/** One after the other; those that a deadline finds undone get half a second each. */
async function inTurn(steps: readonly Step[], milliseconds: number): Promise<void> {
  const deadline = Date.now() + milliseconds;
  for (const step of steps) await bounded(step(), Math.max(500, deadline - Date.now()));
}

/** What works behind the surface. */
interface Parts {
  readonly log: Log;
  readonly keys: RetainingKeyStore;
  readonly pipeline: CommandPipeline;
  readonly runner: ProcessRunner;
  readonly facts: FactService;
  readonly secrets: WebhookSecrets;
  readonly notary: Notary;
  readonly checkUp: CheckUp;
  /** End what is started, in this order. Engines stay open. */
  readonly stops: readonly Step[];
}

/** Starts everything in its order. Where one fails, what was started before is stopped. */
async function startParts(options: RuntimeOptions): Promise<Parts> {
  const { registry, store, clock, onError, onStep = () => {} } = options;
  const refused: Refused = {};
  const log = notingLog(options.log, refused);
  const keys = keptApart(notingKeys(options.keys, refused));
  const stops: Step[] = [];
  try {
    const checks = webhookChecks({ registry, log, refusedAddress: options.refusedAddress ?? (() => undefined) });
    const pipeline = await CommandPipeline.open({ ...options, log, keys, snapshots: store, checks });
    const settling = await settlements(log, keys, registry, pipeline.consequences, onError);
    // A key store from a backup may still hold keys of persons erased since: they go before anybody can ask.
    await settling.catchUp((position, head) => onStep({ waitsFor: 'erasures', share: shareOf(log, position, head) }));
    settling.start();
    const publication = options.topics && new Publication({ log, open: options.topics, leases: store, onError });
    publication?.start();
    stops.push(
      async () => publication?.stop(),
      () => settling.stop(),
    );
    const runner = new ProcessRunner({ log, store, registry, pipeline, clock, onError });
    stops.push(() => Promise.all([runner.stop(), pipeline.close()]));
    onStep({ waitsFor: 'processes' });
    if (options.runsProcesses) await runner.start();
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
    stops.push(async () => delivery?.stop());
    const notary = await Notary.open({ log, keys, pipeline, clock, onError, notes: store.notes, leases: store });
    if (options.headsEvery !== undefined) notary.start(options.headsEvery);
    stops.push(() => notary.stop());
    const checkUp = await CheckUp.open({ ...options, log, refused, keys, runner, publication, delivery });
    stops.push(async () => checkUp.stop());
    return { log, keys, pipeline, runner, facts, secrets, notary, checkUp, stops: stops.reverse() };
  } catch (error) {
    await inTurn(stops.reverse(), DRAIN);
    throw error;
  }
}

/** Opens the system on engines that are open. Throws what keeps a part from starting; the engines stay open then. */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { registry, store, views, clock } = options;
  const { log, keys, pipeline, runner, facts, secrets, notary, checkUp, stops } = await startParts(options);
  const clocks = clockService(pipeline, runner, clock);

  return {
    registry,
    commands: pipeline,
    views: {
      query: async (request) => views.query({ ...request, present: await clocks.presentOf(request.caller.tenant) }),
      generations: () => views.generations(),
      rebuild: (view, options) => views.rebuild(view, options),
      parked: (view) => views.parked(view),
      release: (view, tenant, key) => views.release(view, tenant, key),
    },
    facts,
    history: notary,
    access: accessService(pipeline, keys, clock),
    webhooks: webhookService(pipeline, store.notes, secrets),
    clock: { of: clocks.of },
    processes: processService(pipeline, runner, facts),
    backup: options.backup,
    health: () => checkUp.health(),
    vitals: () => checkUp.vitals(),
    fireDue: () => runner.fireDue(),
    async firstToken(keep) {
      if ((await log.head()) === log.start) await issueAdminToken(pipeline, 'first-start', keep);
    },
    recoverToken: (keep) => issueAdminToken(pipeline, 'token-recovery', keep),
    async close(milliseconds = DRAIN) {
      await inTurn([...stops, ...[views, store, keys, log].map((engine) => () => engine.close())], milliseconds);
    },
  };
}
