import { Patience } from '../patience.js';
import { type GenerationInfo, isOf, type Log } from '../ports.js';
import { A_MOMENT, Freshness } from './freshness.js';
import { definitionNumber, type Standing, type Standings } from './standings.js';
import type { Track } from './track.js';

/** What is said of a view to whoever asks how far it is. */
type Found = Pick<Track, 'position' | 'movedAt' | 'parkedFacts'>;

/** Where views stand and since when they lack nothing: told to other threads by the one that writes them, found out by those that do not. */
export class Whereabouts {
  readonly #freshness = new Freshness();
  readonly #patience = new Patience();
  readonly #definitions = new Map<string, bigint>();
  /** Of views that are written elsewhere: up to where the log was seen to hold nothing that the stored documents lack. */
  readonly #seen = new WeakMap<Track, { readonly checkpoint: string; readonly position: string }>();
  readonly #found = new WeakMap<Track, Found>();

  constructor(
    private readonly log: Log,
    private readonly standings: Standings | undefined,
  ) {}

  /** The log was asked, and the view has all of it. */
  hasEverything(view: string): void {
    this.#freshness.hasEverything(view);
  }

  /** Seconds since the view was last seen to have everything; undefined while that is a moment ago. */
  age(view: string): number | undefined {
    return this.#freshness.age(view);
  }

  /** A frozen view moves with nobody, so that nothing is said of it. */
  publish(tracks: Iterable<Track>): void {
    if (!this.standings) return;
    for (const { frozen, generation, checkpoint, position } of tracks) {
      if (frozen || checkpoint === undefined || !isOf(this.log, checkpoint)) continue;
      const { view, hash } = generation.spec;
      const definition = this.#definitionOf(hash);
      this.standings.publish(view, { definition, checkpoint, position, age: this.#freshness.sinceCurrent(view) });
    }
  }

  /** Where a generation stands that this process does not write: facts of other views alone leave no trace in the store. */
  async stored(track: Track, checkpoint: string | undefined): Promise<string> {
    const { log } = this;
    const from = checkpoint ?? log.start;
    if (track.frozen) return from;
    const { name } = track.plan.view;
    const told = this.#told(track);
    if (told) this.#freshness.wasCurrent(name, told.age);
    if (told && told.checkpoint === checkpoint && told.age < A_MOMENT * 1_000) return told.position;
    let seen = from;
    for (const one of [told, this.#seen.get(track)])
      if (one && one.checkpoint === from && one.position > seen) seen = one.position;
    // A log that is away, too, leaves the documents at the position that is known.
    const ask = () => log.readAll(seen, { limit: 1, types: track.plan.types });
    const page = await this.#patience.ask(ask, { known: undefined }).catch((error: unknown) => {
      // A log that was restored under us may know less: the next look begins at the documents again.
      this.#seen.delete(track);
      throw error;
    });
    if (!page || page.facts.length > 0) return seen;
    if (page.atHead && !page.away) this.#freshness.hasEverything(name);
    this.#seen.set(track, { checkpoint: from, position: page.position });
    return page.position;
  }

  /** Looks where views stand that this process does not write. */
  async find(tracks: readonly Track[], generations: readonly GenerationInfo[]): Promise<void> {
    await Promise.all(
      tracks.map(async (track) => {
        const { view, hash } = track.generation.spec;
        const stored = generations.find(({ spec }) => spec.view === view && spec.hash === hash);
        const position = await this.stored(track, stored?.checkpoint);
        const before = this.found(track);
        const movedAt = position === before.position ? before.movedAt : performance.now();
        this.#found.set(track, { position, movedAt, parkedFacts: stored?.parked ?? 0 });
      }),
    );
  }

  /** As far as it was last looked for. */
  found(track: Track): Found {
    return this.#found.get(track) ?? track;
  }

  #told({ plan, generation }: Track): Standing | undefined {
    const told = this.standings?.read(plan.view.name);
    return told?.definition === this.#definitionOf(generation.spec.hash) ? told : undefined;
  }

  #definitionOf(hash: string): bigint {
    const number = this.#definitions.get(hash) ?? definitionNumber(hash);
    this.#definitions.set(hash, number);
    return number;
  }
}
