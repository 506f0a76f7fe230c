import { randomInt } from 'node:crypto';
import { derivedId, type Moment } from '#kernel';
import type { FactProof, HistoryService, SignedHead } from '../annals.js';
import { holderName } from '../another-server.js';
import type { Clock } from '../clock.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import { tenantAsked } from '../facts/facts.js';
import { type KeyStore, type Lease, type Log, type Notes, StaleWriter, type StoredFact, type ViewStore } from '../ports.js';
import { Problem } from '../problem.js';
import { TenantOpened } from '../system/tenant/tenant.js';
import { HistoryChanged, HistoryTree } from './history-tree.js';
import { leafOfStored } from './leaf.js';
import type { Hash } from './merkle.js';
import { HeadSigner } from './signed-head.js';

export interface NotaryOptions {
  readonly log: Log;
  readonly keys: Pick<KeyStore, 'secret'>;
  readonly notes: Notes;
  readonly leases: Pick<ViewStore, 'lease' | 'release'>;
  readonly pipeline: Pick<CommandPipeline, 'perform'>;
  readonly clock: Clock;
  readonly onError: (name: string, error: unknown) => void;
}

const NAME = 'notary';
/** Milliseconds between two looks at what is due. */
const LOOK_EVERY = 60_000;
const LEASE = 2 * LOOK_EVERY;
const PAGE = 500;
/** Milliseconds for which whoever asks waits until the history is read. */
const PATIENCE = 15_000;

/** What was published last; of a tenant without any, when it was first looked at. */
interface Published {
  readonly size: number;
  readonly at: Moment;
}

/** Signs what the history is, proves what is in it, and publishes signed heads, which whoever keeps them can hold against it later. */
export class Notary implements HistoryService {
  readonly #trees = new Map<string, HistoryTree>();
  readonly #tenants = new Set(['main']);
  readonly #holder: string;
  #tenantsUpTo: string;
  #lease: Lease | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #hasChanged = false;
  readonly #ending = new AbortController();

  private constructor(
    private readonly options: NotaryOptions,
    private readonly signer: HeadSigner,
  ) {
    const { log } = options;
    this.#tenantsUpTo = log.start;
    // where nobody else can append, what a killed server left held is ours at once
    this.#holder = log.exclusive ? `the server of ${log.id}` : holderName();
  }

  static async open(options: NotaryOptions): Promise<Notary> {
    return new Notary(options, await HeadSigner.open(options.keys));
  }

  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  head(tenant: string): Promise<SignedHead> {
    return this.#ask(tenant, (tree) => this.#signed(tree, tree.size));
  }

  async prove(tenant: string, { stream, revision }: { stream: string; revision: number }, size?: number): Promise<FactProof> {
    const fact = await this.#factAt(tenant, stream, revision);
    return this.#ask(tenant, async (tree) => {
      const covered = within(size, 'size', tree.size);
      const index = fact && (await tree.indexOf(fact));
      if (fact === undefined || index === undefined || index >= covered)
        throw new Problem(
          404,
          'fact-unknown',
          `There is no such fact among the first ${covered} of this tenant; name one of them, or prove it by a later head.`,
        );
      const path = texts(await tree.inclusion(index, covered));
      return { ...(await this.#signed(tree, covered)), index, leaf: leafOfStored(fact), path };
    });
  }

  since(tenant: string, size: number): Promise<SignedHead & { readonly path: readonly string[] }> {
    return this.#ask(tenant, async (tree) => {
      const { size: now } = tree;
      const path = texts(await tree.consistency(within(size, 'since', now), now));
      return { ...(await this.#signed(tree, now)), path };
    });
  }

  async publish(tenant: string): Promise<SignedHead & { readonly isNew: boolean }> {
    const { notes, pipeline, clock } = this.options;
    const head = await this.head(tenant);
    const note = await this.#published(tenant);
    const { size, root } = head;
    const { size: last = 0 } = note?.value ?? {};
    // The one fact behind the last head is its publication.
    if (size === 0 || (last > 0 && size === last + 1)) return { ...head, isNew: false };
    const caller = { tenant, actor: { kind: 'process', id: NAME }, roles: new Set<never>() } as const;
    const payload = { headId: derivedId('head', tenant, String(size)), size, root, note: head.note };
    const { outcome } = await pipeline.perform({ caller, command: 'PublishHead', payload });
    const published: Published = { size, at: clock.now() };
    await notes.write(noteOf(tenant), JSON.stringify(published), note?.version ?? 0).catch((error: unknown) => {
      // Another server published at the same moment.
      if (!(error instanceof StaleWriter)) throw error;
    });
    return { ...head, isNew: outcome !== 'unchanged' };
  }

  /** Publishes a head of each tenant that has new facts, so many milliseconds after the one before. */
  start(every: number): void {
    this.#timer = setInterval(
      () => {
        this.#looking ??= this.#look(every)
          .catch((error: unknown) => {
            if (!this.#ending.signal.aborted) this.options.onError(NAME, error);
          })
          .finally(() => {
            this.#looking = undefined;
          });
      },
      Math.min(every, LOOK_EVERY),
    );
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    clearInterval(this.#timer);
    await this.#looking;
    if (this.#lease) await this.options.leases.release(this.#lease).catch(() => undefined);
  }

  async #look(every: number): Promise<void> {
    const { leases, onError } = this.options;
    this.#lease = await leases.lease(NAME, this.#holder, LEASE);
    if (!this.#lease) return;
    await this.#learnTenants();
    await this.#spotCheck();
    for (const tenant of this.#tenants) {
      if (this.#ending.signal.aborted) return;
      // One tenant holds up no other.
      await this.#publishWhenDue(tenant, every).catch((error: unknown) => {
        if (!this.#ending.signal.aborted) onError(NAME, error);
      });
    }
  }

  async #publishWhenDue(tenant: string, every: number): Promise<void> {
    const { notes, clock } = this.options;
    const note = await this.#published(tenant);
    if (note === undefined) {
      const first: Published = { size: 0, at: clock.now() };
      await notes.write(noteOf(tenant), JSON.stringify(first), 0);
    } else if (Date.parse(clock.now()) - Date.parse(note.value.at) < every) return;
    await this.#treeOf(tenant).readOn({ gently: true });
    if (note !== undefined) await this.publish(tenant);
  }

  /** Reads some facts of some tenant again: what nobody asks about would be noticed by nobody. */
  async #spotCheck(): Promise<void> {
    const tenant = [...this.#tenants][randomInt(this.#tenants.size)] as string;
    try {
      await this.#treeOf(tenant).checkOne();
    } catch (error) {
      if (!(error instanceof HistoryChanged)) throw error;
      this.#noteChanged(error);
    }
  }

  async #learnTenants(): Promise<void> {
    const { log } = this.options;
    for (let atHead = false; !atHead; ) {
      const page = await log.readAll(this.#tenantsUpTo, { limit: PAGE, types: [TenantOpened.type], tenant: 'main' });
      for (const { data } of page.facts) this.#tenants.add((JSON.parse(data) as { readonly name: string }).name);
      [this.#tenantsUpTo, atHead] = [page.position, page.atHead];
    }
  }

  async #published(tenant: string) {
    const note = await this.options.notes.read(noteOf(tenant));
    return note && { value: JSON.parse(note.value) as Published, version: note.version };
  }

  async #signed(tree: HistoryTree, size: number): Promise<SignedHead> {
    const { tenant } = tree;
    const root = await tree.root(size);
    const note = this.signer.signed({ tenant, size, root });
    return { tenant, size, root: root.toString('base64'), note, publicKey: this.signer.publicKey(tenant) };
  }

  async #ask<T>(tenant: string, answer: (tree: HistoryTree) => Promise<T>): Promise<T> {
    const tree = this.#treeOf(tenant);
    try {
      if (await isDoneWithin(tree.readOn(), PATIENCE)) return await answer(tree);
    } catch (error) {
      if (!(error instanceof HistoryChanged)) throw error;
      this.#noteChanged(error);
      throw new Problem(500, 'history-changed', error.message);
    }
    throw new Problem(503, 'history-unread', `Of the history ${tree.size} facts are read so far; ask again.`, { retryAfter: 10 });
  }

  #noteChanged(error: HistoryChanged): void {
    this.#hasChanged = true;
    this.options.onError(NAME, error);
  }

  #treeOf(tenant: string): HistoryTree {
    const known = this.#trees.get(tenant);
    if (known) return known;
    const tree = new HistoryTree({ ...this.options, ending: this.#ending.signal }, tenant);
    this.#trees.set(tenant, tree);
    return tree;
  }

  async #factAt(tenant: string, stream: string, revision: number): Promise<StoredFact | undefined> {
    return tenantAsked(stream) === tenant ? (await this.options.log.readStream(stream, revision, 1))[0] : undefined;
  }
}

async function isDoneWithin(work: Promise<void>, milliseconds: number): Promise<boolean> {
  let late: NodeJS.Timeout | undefined;
  const isLate = new Promise<false>((resolve) => {
    late = setTimeout(resolve, milliseconds, false);
  });
  const isDone = work.then(() => true as const);
  isDone.catch(() => undefined);
  return Promise.race([isDone, isLate]).finally(() => clearTimeout(late));
}

const noteOf = (tenant: string): string => `${NAME} ${tenant}`;
const texts = (hashes: readonly Hash[]): readonly string[] => hashes.map((hash) => hash.toString('base64'));

function within(size: number | undefined, field: string, most: number): number {
  if (size === undefined || size <= most) return size ?? most;
  const message = `The tenant has ${most} facts.`;
  throw new Problem(400, 'invalid-query', `${field}: ${message}`, { errors: [{ field, message }] });
}
