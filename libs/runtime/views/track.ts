import type { Generation, Log, ParkedFact, StoredFact } from '../ports.js';
import { type Changes, Folding, type ParkedKeys, Unwritable } from './fold.js';
import { Gate } from './gate.js';
import { loadTouched } from './load.js';
import { mergedRoot } from './merge-key.js';
import type { ViewPlan } from './plan.js';
import { TenantMap } from './tenant-map.js';
import { type Touch, touchesOf } from './touch.js';

/**
 * `outdated`: the definition that built it is gone. `unbuilt`: it lacks so much, or all, that another one is built as in a
 * rebuild. Both serve where they stand until something takes their place. `lost`: the log has no longer what it stands on, as after
 * a restore, so that it serves nobody.
 */
export type TrackState = 'following' | 'outdated' | 'unbuilt' | 'lost';

/** A generation of a view on its way along the log. One writer; anybody may read through the gate. */
export class Track {
  readonly gate = new Gate();
  readonly types: ReadonlySet<string>;
  /** Every fact up to here is in the documents. At or ahead of the stored checkpoint: a quiet stretch is not written at once. */
  position: string;
  /** When the position last changed, in milliseconds of the process clock. */
  movedAt = performance.now();
  /** Facts that wait, errors included. */
  parkedFacts = 0;
  #state: TrackState;
  /** Undefined: a commit may or may not have happened; look at the store before going on. */
  #known: { readonly checkpoint: string | undefined; readonly parked: ParkedKeys } | undefined;

  constructor(
    readonly plan: ViewPlan,
    readonly generation: Generation,
    private readonly log: Log,
    state: TrackState,
  ) {
    this.#state = state;
    this.types = new Set(plan.types);
    this.position = log.start;
  }

  /** Of what is stored; undefined while that is not known, or nothing was stored yet. */
  get checkpoint(): string | undefined {
    return this.#known?.checkpoint;
  }

  get state(): TrackState {
    return this.#state;
  }

  /** It serves where it stands. */
  get frozen(): boolean {
    return this.#state !== 'following';
  }

  /** It lacks so much that following on takes longer than building another one. */
  async giveUp(token: number): Promise<void> {
    await this.rest(token);
    this.#state = 'unbuilt';
  }

  /** The log knows no more where it stands. */
  lose(): void {
    this.#state = 'lost';
  }

  /** Reads from the store where it stands, unless that is known. */
  async settle(): Promise<void> {
    if (this.#known) return;
    const checkpoint = await this.generation.checkpoint();
    const facts = await this.generation.parked();
    const parked: ParkedKeys = new TenantMap();
    for (const { tenant, key } of facts) parked.set(tenant, key, true);
    this.parkedFacts = facts.length;
    this.position = checkpoint ?? this.log.start;
    this.#known = { checkpoint, parked };
  }

  doubt(): void {
    this.#known = undefined;
  }

  /** Takes in the facts between its position and `to`, of its types. Throws StaleWriter or what the store throws; then nothing moved. */
  async advance(facts: readonly StoredFact[], to: string, token: number): Promise<void> {
    if (facts.length > 0) {
      const changes = await this.#folded(touchesOf(this.plan, facts));
      if (changes.put.length + changes.remove.length + changes.park.length + changes.release.length > 0) {
        await this.#commit(changes, to, token);
        return;
      }
    }
    this.#moveTo(to);
  }

  /** Stores the position of a quiet stretch, so that a start need not read it again. */
  async rest(token: number): Promise<void> {
    const { checkpoint } = this.#standing();
    if (checkpoint !== this.position) await this.#commit(NOTHING, this.position, token);
  }

  /** Folds the parked facts of a key again, in order, up to the first that fails. A key `merge <id>` is a merged document that failed. */
  async release(tenant: string, key: string, token: number): Promise<{ readonly released: number; readonly error?: string }> {
    const { parked } = this.#standing();
    const waiting = (await this.generation.parked()).filter((fact) => fact.tenant === tenant && fact.key === key);
    if (waiting.length === 0) return { released: 0 };
    const folding = new Folding(this.plan, parked, { careful: true });
    try {
      const root = mergedRoot(key);
      if (root !== undefined) return await this.#remerge(folding, root, waiting, token);
      const touches = touchesOf(this.plan, await this.#factsOf(waiting));
      await loadTouched(
        this.generation,
        folding,
        touches.map((touch) => (touch.stored.stream === key ? touch : { ...touch, keys: [key] })),
      );
      const answer = folding.retry(touches, key);
      if (answer.error === undefined) parked.delete(tenant, key);
      const changes = folding.take();
      await this.#commit({ ...changes, release: [...changes.release, { tenant, key }] }, this.position, token);
      this.doubt();
      await this.settle();
      return answer;
    } catch (error) {
      this.doubt();
      throw error;
    }
  }

  async #remerge(
    folding: Folding,
    root: string,
    [fact]: readonly ParkedFact[],
    token: number,
  ): Promise<{ readonly released: number; readonly error?: string }> {
    if (!fact) return { released: 0 };
    const touch = { tenant: fact.tenant, keys: [root], recorded: undefined } as const;
    await loadTouched(this.generation, folding, [touch]);
    folding.showAgain(fact.tenant, root, fact.position);
    const changes = folding.take();
    if (changes.release.length === 0) return { released: 0, ...(fact.error === undefined ? {} : { error: fact.error }) };
    await this.#commit(changes, this.position, token);
    return { released: 1 };
  }

  async #factsOf(parked: readonly ParkedFact[]): Promise<readonly StoredFact[]> {
    const wanted = new Set(parked.map(({ position }) => position));
    const found: StoredFact[] = [];
    for (const stream of new Set(parked.map((fact) => fact.stream))) {
      for (let from = 0; ; ) {
        const page = await this.log.readStream(stream, from, 1_000);
        found.push(...page.filter(({ position }) => wanted.has(position)));
        if (page.length < 1_000) break;
        from += page.length;
      }
    }
    return found.sort((one, other) => (one.position < other.position ? -1 : 1));
  }

  async #folded(touches: readonly Touch[]): Promise<Changes> {
    try {
      return await this.#foldOnce(touches, false);
    } catch (error) {
      if (!(error instanceof Unwritable)) throw error;
      const { position } = this;
      this.doubt();
      await this.settle();
      this.position = position;
      return await this.#foldOnce(touches, true);
    }
  }

  async #foldOnce(touches: readonly Touch[], careful: boolean): Promise<Changes> {
    const folding = new Folding(this.plan, this.#standing().parked, { careful });
    await loadTouched(this.generation, folding, touches);
    folding.fold(touches);
    return folding.take();
  }

  async #commit(changes: Changes, to: string, token: number): Promise<void> {
    const { checkpoint, parked } = this.#standing();
    await this.gate.write(async () => {
      await this.generation.commit({ ...changes, from: checkpoint, to, token });
      this.#known = { checkpoint: to, parked };
      this.parkedFacts += changes.park.length - changes.release.length;
      this.#moveTo(to);
    });
  }

  #moveTo(position: string): void {
    if (position !== this.position) this.movedAt = performance.now();
    this.position = position;
  }

  #standing(): { readonly checkpoint: string | undefined; readonly parked: ParkedKeys } {
    if (!this.#known) throw new Error('The view was written before its checkpoint was read.');
    return this.#known;
  }
}

const NOTHING: Changes = { put: [], remove: [], park: [], release: [] };
