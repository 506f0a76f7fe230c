import type { Health, Vitals } from './annals.js';
import { Arrivals } from './arrivals.js';
import { bounded } from './bounded.js';
import type { Clock } from './clock.js';
import { Lags } from './lags.js';
import {
  type KeyStore,
  type Log,
  LogUnavailable,
  StoreFault,
  TopicsDisagree,
  TopicsReset,
  TopicsUnavailable,
  type ViewStore,
  WriterFenced,
} from './ports.js';
import type { ProcessRunner } from './processes/runner.js';
import { type Refused, refusalIn } from './refused.js';
import type { Publication } from './relay/publication.js';
import { LogBehindTopics } from './relay/relay.js';
import type { WebhookDelivery } from './webhooks/delivery.js';

/** How far each view is; the views may run in another thread. */
export interface ViewReaders {
  progress(): Promise<readonly (Standing & { readonly view: string; readonly parked: number })[]>;
}

/** Where a reader stands, and since when (milliseconds since 1970). */
interface Standing {
  readonly position: string | undefined;
  readonly movedAt: number;
}

export interface CheckUpOptions {
  readonly log: Log;
  readonly store: ViewStore;
  readonly keys: KeyStore;
  readonly refused: Refused;
  readonly views: ViewReaders;
  readonly runner: Pick<ProcessRunner, 'readers'>;
  readonly publication: Pick<Publication, 'readers'> | undefined;
  readonly delivery: Pick<WebhookDelivery, 'waiting' | 'deliveries'> | undefined;
  readonly clock: Clock;
  readonly surroundings?: () => Promise<Pick<Vitals, 'version' | 'disk' | 'lastBackupAt' | 'backsUp'>>;
}

type Reader = Health['readers'][number];

const STALLED_AFTER = 30_000;
const ANSWERS_WITHIN = 2_000;

/** What an operator watches. Its answers do not depend on how often it is asked. */
export class CheckUp {
  readonly #stopListening: () => void;

  private constructor(
    private readonly options: CheckUpOptions,
    private readonly arrivals: Arrivals,
    private lastHead: string,
  ) {
    this.#stopListening = options.log.onAppend((head) => arrivals.saw(head, Date.now()));
  }

  static async open(options: CheckUpOptions): Promise<CheckUp> {
    const { log } = options;
    const head = await log.head();
    return new CheckUp(options, new Arrivals(log.start, head, Date.now()), head);
  }

  stop(): void {
    this.#stopListening();
  }

  async health(): Promise<Health> {
    const { log } = this.options;
    let silent: LogUnavailable | undefined;
    const head = await log.head().catch((error: unknown) => {
      if (!(error instanceof LogUnavailable)) throw error;
      silent = error;
      return this.lastHead;
    });
    this.lastHead = head;
    this.arrivals.saw(head, Date.now());
    const lags = new Lags(log, head);
    const readers: Reader[] = [];
    for (const { position, movedAt, ...reader } of await this.#standings()) {
      const lagFacts = await lags.of(position ?? log.start);
      readers.push({ ...reader, position, lagFacts, ...this.#lateness(position ?? log.start, movedAt) });
    }
    readers.push(...(await this.#webhooks(lags)));
    // A full or read-only disk is read as before, and takes nothing more; a damaged page hurts who needs it.
    const failure = silent ?? refusalIn(this.options.refused);
    // Who stands still is shown, and takes nobody's commands away: see docs/adr/0075-readiness-of-the-api.md.
    const why = failure && { failure: failure.why ?? failure.message };
    const waiting = this.options.delivery?.waiting;
    return { ready: failure === undefined, head, ...why, readers, ...(waiting && { webhooks: waiting }) };
  }

  async vitals(): Promise<Vitals> {
    const { log, store, keys, clock, surroundings } = this.options;
    const around = await surroundings?.().catch(() => undefined);
    const engines = await Promise.all([
      reachable('log', () => log.head()),
      reachable('views', () => store.notes.read('vitals')),
      reachable('keys', () => keys.appliedTo()),
    ]);
    return {
      version: around?.version ?? 'unknown',
      disk: around?.disk,
      lastBackupAt: around?.lastBackupAt,
      backsUp: around?.backsUp ?? true,
      engines,
      clock: clock.now(),
    };
  }

  async #standings(): Promise<readonly (Standing & Pick<Reader, 'name' | 'kind' | 'parked' | 'failure'>)[]> {
    const { views, runner, publication } = this.options;
    const ofViews = (await views.progress()).map(({ view, position, movedAt, parked }) => ({
      name: view,
      kind: 'view' as const,
      position,
      movedAt,
      parked,
    }));
    const processes = runner.readers().map((reader) => ({ ...reader, kind: 'process' as const }));
    const relays = (publication?.readers() ?? []).map(({ failure, ...reader }) => {
      const said = ofAnEngine(failure);
      return { ...reader, kind: 'relay' as const, parked: 0, ...(said !== undefined && { failure: said }) };
    });
    return [...ofViews, ...processes, ...relays];
  }

  /** All of them as one reader: which receiver of which tenant is late, `webhooks` says to those who may see it. */
  async #webhooks(lags: Lags): Promise<readonly Reader[]> {
    const [first, ...others] = this.options.delivery?.deliveries ?? [];
    if (!first) return [];
    const position = others.reduce((least, one) => (one.position < least ? one.position : least), first.position);
    const late = [first, ...others].map((one) => this.#lateness(one.position, one.movedAt));
    return [
      {
        name: 'webhook-deliveries',
        kind: 'webhook',
        position,
        parked: 0,
        lagFacts: await lags.of(position),
        lagSeconds: Math.max(...late.map(({ lagSeconds }) => lagSeconds)),
        stalled: late.some(({ stalled }) => stalled),
      },
    ];
  }

  #lateness(position: string, movedAt: number): Pick<Reader, 'lagSeconds' | 'stalled'> {
    const behindSince = this.arrivals.behindSince(position);
    if (behindSince === undefined) return { lagSeconds: 0, stalled: false };
    const now = Date.now();
    return { lagSeconds: Math.max(0, now - behindSince) / 1_000, stalled: now - Math.max(behindSince, movedAt) > STALLED_AFTER };
  }
}

/** What an engine says of itself holds no data of facts; other errors may quote some. */
function ofAnEngine(failure: unknown): string | undefined {
  const kinds = [LogUnavailable, LogBehindTopics, StoreFault, TopicsDisagree, TopicsReset, TopicsUnavailable, WriterFenced];
  return kinds.some((kind) => failure instanceof kind) ? (failure as Error).message : undefined;
}

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
