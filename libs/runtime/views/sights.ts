import { bounded } from '../bounded.js';
import { ForeignPosition, isOf } from '../ports.js';
import { Problem } from '../problem.js';
import type { Lineup, LineupOptions } from './lineup.js';
import { definitionPart } from './plan.js';
import { distance } from './positions.js';
import type { Track } from './track.js';
import type { Whereabouts } from './whereabouts.js';

export interface ViewProgress {
  readonly view: string;
  /** Hash of the definition that built what is served. */
  readonly definition: string;
  readonly position: string;
  /** Distance to the head in units of positions: facts on the embedded log. */
  readonly lagFacts: number;
  /** Since when the position has been the same, in milliseconds since 1970. */
  readonly movedAt: number;
  readonly parked: number;
  /** It waits for its new definition to be built. */
  readonly frozen: boolean;
}

/** What a query sees: documents that do not change while it looks, and their position. */
export interface Sight {
  readonly track: Track;
  readonly position: string;
  /** Seconds since it was last known to have everything; undefined while that is a moment ago. */
  readonly age: number | undefined;
}

const ATTEMPTS_TO_READ = 25;
/** Milliseconds for which whoever asks where views stand waits for a look at them. */
const A_LOOK = 1_000;
const LOOK_EVERY = 1_000;

/** What queries see of the views, whether this process writes them or another one does. */
export class Sights {
  /** The look at the views of another process that is under way. */
  #looking: Promise<void> | undefined;
  #looksAgainAt = 0;
  #asksWhatIsLiveAt = 0;

  constructor(
    private readonly options: Pick<LineupOptions, 'log' | 'writes'>,
    private readonly lineup: Lineup,
    private readonly whereabouts: Whereabouts,
    /** Whether this process holds the lease of the writer now. */
    private readonly isWriter: () => boolean,
  ) {}

  /** Reads of one position: neither documents nor position change while `work` runs. */
  async read<T>(view: string, work: (sight: Sight) => Promise<T>): Promise<T> {
    const track = await this.#current(view);
    if (!this.#stands(track)) throw foreign(view);
    if (this.isWriter() && !track.frozen)
      return track.gate.read(() => work({ track, position: track.position, age: this.whereabouts.age(view) }));
    for (let attempt = 0; attempt < ATTEMPTS_TO_READ; attempt++) {
      const checkpoint = await track.generation.checkpoint();
      const position = await this.#stored(track, checkpoint);
      const answer = await work({ track, position, age: this.whereabouts.age(view) });
      if ((await track.generation.checkpoint()) === checkpoint) return answer;
    }
    throw new Problem(503, 'view-busy', `The view ${view} changes too fast to be read here; try again.`, { retryAfter: 1 });
  }

  /** How far a view is, whoever writes it; undefined while it is of another log. */
  async standsAt(view: string): Promise<(Pick<Sight, 'position' | 'age'> & { readonly isWritten: boolean }) | undefined> {
    const track = await this.#current(view);
    if (!this.#stands(track)) return undefined;
    const isWritten = this.isWriter() && !track.frozen;
    const position = isWritten ? track.position : await this.#stored(track, await track.generation.checkpoint());
    return { position, isWritten, age: this.whereabouts.age(view) };
  }

  /** Whether the log is still the one that a view was built from. */
  #stands(track: Track, position = track.position): boolean {
    return track.state !== 'lost' && isOf(this.options.log, position);
  }

  /** Throws Problem 503 where the log knows that position no more. */
  #stored(track: Track, checkpoint: string | undefined): Promise<string> {
    return this.whereabouts.stored(track, checkpoint).catch((error: unknown) => {
      throw error instanceof ForeignPosition ? foreign(track.plan.view.name) : error;
    });
  }

  /** Of views that another process writes: where they were last found; for a new look it waits a moment at most. `head` is that of the log. */
  async progress(head: string): Promise<readonly ViewProgress[]> {
    if (!this.isWriter()) await bounded(this.#look(), A_LOOK);
    return this.lineup.live.map((track) => {
      const { position: stood, movedAt, parkedFacts } = this.isWriter() ? track : this.whereabouts.found(track);
      const position = this.#stands(track, stood) ? stood : this.options.log.start;
      return {
        view: track.plan.view.name,
        definition: definitionPart(track.generation.spec.hash),
        position,
        lagFacts: distance(position, head),
        movedAt: Date.now() - (performance.now() - movedAt),
        parked: parkedFacts,
        frozen: track.state === 'outdated',
      };
    });
  }

  /** Looks where the views stand. Who may write serves what was switched to in its own loop, so that it only asks here. */
  #look(): Promise<void> {
    if (performance.now() < this.#looksAgainAt) return Promise.resolve();
    const look = async () => {
      const known = await (this.options.writes === false ? this.lineup.serveLive() : this.lineup.generations());
      await this.whereabouts.find(this.lineup.live, known);
    };
    this.#looking ??= look().finally(() => {
      this.#looking = undefined;
      this.#looksAgainAt = performance.now() + LOOK_EVERY;
    });
    return this.#looking;
  }

  /** The live generation; who only reads looks whether another one was switched to. */
  async #current(view: string): Promise<Track> {
    const track = this.lineup.of(view);
    if (this.options.writes !== false || performance.now() < this.#asksWhatIsLiveAt) return track;
    this.#asksWhatIsLiveAt = performance.now() + LOOK_EVERY;
    await this.lineup.serveLive();
    return this.lineup.of(view);
  }
}

const foreign = (view: string) =>
  new Problem(
    503,
    'view-rebuilding',
    `The view ${view} is being built anew: its log was replaced or restored. Ask again when that is done.`,
    {
      retryAfter: 10,
    },
  );
