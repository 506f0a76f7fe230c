import { hasPosition } from '../places.js';
import { type GenerationInfo, isOf, type Log, type ViewStore } from '../ports.js';
import { Problem } from '../problem.js';
import { definitionPart, type ViewPlan } from './plan.js';
import { lacksMost } from './positions.js';
import { Track } from './track.js';

export interface LineupOptions {
  readonly plans: readonly ViewPlan[];
  readonly log: Log;
  readonly store: ViewStore;
  /** False: only reads views that another worker writes. */
  readonly writes?: boolean;
  /** A view that lacks more facts than this, and most of the log, is built as in a rebuild. */
  readonly farBehind?: number;
  /** A view has fallen so far behind while it followed: it is among `unfollowing` now. */
  readonly fellBehind?: () => void;
}

/** The generation of each view that is served, and those that were built beside and are not switched to yet. */
export class Lineup {
  readonly building = new Set<Track>();
  readonly #live = new Map<string, Track>();
  /** By position, while views are looked at. */
  readonly #lacking = new Map<string, Promise<boolean>>();

  constructor(
    private readonly options: LineupOptions,
    /** Of the log, as far as it is known. */
    private readonly head: () => string,
  ) {}

  get live(): readonly Track[] {
    return [...this.#live.values()];
  }

  /** Those that take in what is appended. */
  get following(): readonly Track[] {
    return [...this.live.filter(({ frozen }) => !frozen), ...this.building];
  }

  /** The views whose served generation does not follow the log: another one is to be built. */
  get unfollowing(): readonly ViewPlan[] {
    return this.live.filter(({ frozen }) => frozen).map(({ plan }) => plan);
  }

  of(view: string): Track {
    const track = this.#live.get(view);
    if (!track) throw new Problem(404, 'view-unknown', `There is no view ${view}; /v1/views lists them.`);
    return track;
  }

  async open(): Promise<void> {
    const known = await this.generations();
    const specOf = ({ view, spec: own }: ViewPlan) =>
      known.find(({ spec, state }) => spec.view === view.name && state === 'live')?.spec ?? own;
    // At once: on a remote store each view takes several writes, and dozens of views one after another would take the start's time.
    const tracks = await Promise.all(this.options.plans.map((plan) => this.#track(plan, specOf(plan))));
    for (const track of tracks) this.#live.set(track.plan.view.name, track);
  }

  /** Serves a view from another generation than before, if this is another one. */
  async serve(spec: ViewPlan['spec']): Promise<void> {
    const served = this.#live.get(spec.view);
    if (!served || served.generation.spec.hash === spec.hash) return;
    this.#lacking.clear();
    const track = await this.#track(served.plan, spec);
    this.#live.set(spec.view, track);
    if (track.state === 'unbuilt') this.options.fellBehind?.();
  }

  generations(): Promise<readonly GenerationInfo[]> {
    return this.options.store.generations();
  }

  /** Whoever writes, or wrote before, may have switched to other generations. */
  async serveLive(): Promise<readonly GenerationInfo[]> {
    const known = await this.generations();
    for (const { spec, state } of known) if (state === 'live') await this.serve(spec);
    return known;
  }

  /** Makes a generation that was built beside the served one. */
  async replace(track: Track): Promise<void> {
    const { view, hash } = track.generation.spec;
    await this.options.store.promote(view, hash);
    this.building.delete(track);
    this.#live.set(view, track);
  }

  /** Leaves where they stand the views that lack so much that they are built anew. */
  async giveUp(token: number): Promise<void> {
    let some = false;
    this.#lacking.clear();
    const built = new Set([...this.building].map(({ plan }) => plan));
    for (const track of this.live) {
      if (track.frozen || built.has(track.plan) || !(await this.#isFarBehind(track.position))) continue;
      await track.giveUp(token);
      some = true;
    }
    if (some) this.options.fellBehind?.();
  }

  /** Of a log that was restored: what stands on facts that are gone is built anew. */
  async dropLost(): Promise<void> {
    const { log } = this.options;
    for (const track of this.following) {
      if (await hasPosition(log, track.position)) continue;
      track.lose();
      this.building.delete(track);
    }
    this.#lacking.clear();
    if (this.live.some(({ state }) => state === 'lost')) this.options.fellBehind?.();
  }

  async #track(plan: ViewPlan, spec: ViewPlan['spec']): Promise<Track> {
    const { log, store, writes } = this.options;
    const generation = await store.generation(spec);
    const checkpoint = await generation.checkpoint();
    // The log got a new id, as after a restore: what was built from the one before may hold facts that are no more.
    const foreign = checkpoint !== undefined && !isOf(log, checkpoint);
    const outdated = foreign || definitionPart(spec.hash) !== plan.spec.hash;
    const unbuilt = !outdated && writes !== false && (await this.#isFarBehind(checkpoint ?? log.start));
    const track = new Track(plan, generation, log, outdated ? 'outdated' : unbuilt ? 'unbuilt' : 'following');
    await track.settle();
    return track;
  }

  #isFarBehind(position: string): Promise<boolean> {
    const known = this.#lacking.get(position) ?? lacksMost(this.options, position, this.head());
    this.#lacking.set(position, known);
    return known;
  }
}
