import type { ViewReaders } from '../check-up.js';
import type { Registry } from '../registry.js';
import type { TracedAppend } from './traced-log.js';
import type { Tracing } from './tracing.js';

interface Waiting extends TracedAppend {
  readonly views: Set<string>;
}

const LOOK_EVERY = 50;
const GIVE_UP_AFTER = 60_000;
const MOST = 1_000;

/**
 * One span for each view and append of a recorded trace: from the append to the view having it, seen every 50 ms. Views fold in
 * another thread, whose loop stays as it is; while nothing is traced, nothing is looked at.
 */
export class ViewSpans {
  readonly #waiting = new Set<Waiting>();
  readonly #readers: ReadonlyMap<string, readonly string[]>;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    registry: Registry,
    private readonly views: ViewReaders,
    private readonly tracing: Tracing,
  ) {
    const readers = new Map<string, string[]>();
    for (const { name, facts } of registry.views.values())
      for (const type of Object.keys(facts)) readers.set(type, [...(readers.get(type) ?? []), name]);
    this.#readers = readers;
  }

  appended(traced: TracedAppend): void {
    const views = new Set(traced.types.flatMap((type) => this.#readers.get(type) ?? []));
    if (views.size === 0 || this.#stopped || this.#waiting.size >= MOST) return;
    this.#waiting.add({ ...traced, views });
    this.#timer ??= this.#lookLater();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #lookLater(): NodeJS.Timeout {
    return setTimeout(async () => {
      await this.#look().catch(() => {});
      this.#timer = this.#waiting.size > 0 && !this.#stopped ? this.#lookLater() : undefined;
    }, LOOK_EVERY);
  }

  async #look(): Promise<void> {
    const positions = new Map((await this.views.progress()).map(({ view, position }) => [view, position]));
    for (const waiting of this.#waiting) {
      for (const view of waiting.views) {
        if ((positions.get(view) ?? '') < waiting.position) continue;
        waiting.views.delete(view);
        const { traceparent: parent, at: startedAt } = waiting;
        this.tracing.begin(`view ${view}`, { kind: 'internal', parent, startedAt }).end();
      }
      if (waiting.views.size === 0 || Date.now() - waiting.at > GIVE_UP_AFTER) this.#waiting.delete(waiting);
    }
  }
}
