import type { RebuildProgress } from '../annals.js';
import type { Generation, GenerationSpec, Log, Space, StoredDocument, ViewStore } from '../ports.js';
import { Build } from './build.js';
import { Unwritable } from './fold.js';
import type { PartsOptions } from './parts.js';
import type { ViewPlan } from './plan.js';
import { distance } from './positions.js';
import { Track } from './track.js';
import type { ViewWorker } from './view-worker.js';

export interface RebuildOptions extends Pick<PartsOptions, 'startFellow'> {
  readonly plan: ViewPlan;
  readonly worker: ViewWorker;
  readonly log: Log;
  readonly store: ViewStore;
  /** False: only build and compare, then drop. */
  readonly switch?: boolean;
  readonly documentsInMemory?: number;
  /** Nothing is built if the view follows the log by the time that this process may write. */
  readonly onlyIfFrozen?: boolean;
}

const REPORT_EACH = 500;
/** A round that read no more facts than this has come so near to the head that the live reader takes the new generation along. */
const NEAR = 2_000;
const DOCUMENTS_A_LOOK = 500;
const SPACES: readonly Space[] = ['shown', 'part', 'link'];

/**
 * Builds the view's current definition beside the live generation, lets it catch up, compares every document byte for byte if
 * the definition is the same, and switches. An identical one is dropped: there is nothing to switch. Refuses to switch to one
 * that has more facts parked than what serves, unless that was never built. Whoever stops asking for progress stops the build.
 */
export async function* rebuild(options: RebuildOptions): AsyncIterable<RebuildProgress> {
  const { plan, worker, log, store } = options;
  const view = plan.view.name;
  const isNeeded = () => options.onlyIfFrozen !== true || worker.live(view).frozen;
  const spec = await worker.between(async () => (isNeeded() ? await makeRoom(options) : undefined));
  if (!spec) return;
  const report = reporter(view, log);
  let track: Track | undefined;
  let switched = false;
  try {
    const { generation, build } = yield* built(options, spec, report);
    const joined = new Track(plan, generation, log, 'following');
    track = joined;
    await worker.between(() => worker.join(joined));
    const live = worker.live(view);
    const here = () => ({ ...report(build.facts, joined.position), parked: joined.parkedFacts });

    let differing = 0;
    if (!live.frozen) {
      yield { ...here(), state: 'comparing' };
      differing = await compare(worker, live, joined);
    } else await worker.followed(joined, await log.head());
    const result = { ...here(), documents: await generation.count(), ...(live.frozen ? {} : { differing }) };

    if (!live.frozen && differing === 0) yield { ...result, state: 'identical' };
    else if (!live.frozen) yield { ...result, state: 'differs' };
    if (options.switch === false || (!live.frozen && differing === 0)) return;
    switched = await worker.between(async () => {
      await live.settle();
      if (joined.parkedFacts > live.parkedFacts && live.state !== 'unbuilt' && live.state !== 'lost') return false;
      await worker.replace(joined);
      return true;
    });
    yield { ...result, state: switched ? 'switched' : 'refused' };
  } finally {
    if (!switched) {
      if (track) worker.leave(track);
      await store.drop(view, spec.hash).catch(() => undefined);
    }
  }
}

/** Drops what broken-off builds and earlier switches left, and finds a free name. */
async function makeRoom({ plan, store }: RebuildOptions): Promise<GenerationSpec> {
  const taken = new Set<string>();
  for (const { spec, state } of await store.generations()) {
    if (spec.view !== plan.view.name) continue;
    if (state === 'live') taken.add(spec.hash);
    else await store.drop(spec.view, spec.hash);
  }
  let hash = plan.spec.hash;
  for (let number = 2; taken.has(hash); number++) hash = `${plan.spec.hash}.${number}`;
  return { ...plan.spec, hash };
}

async function* built(
  { plan, worker, log, store, documentsInMemory, startFellow }: RebuildOptions,
  spec: GenerationSpec,
  report: Report,
): AsyncGenerator<RebuildProgress, { readonly generation: Generation; readonly build: Build }> {
  const limits = documentsInMemory === undefined ? {} : { documentsInMemory };
  for (let careful = false; ; careful = true) {
    const generation = await store.generation(spec);
    const build = new Build({ plan, log, generation, token: () => worker.token, careful, startFellow, ...limits });
    try {
      let reported = performance.now();
      let before: number;
      do {
        before = build.facts;
        for await (const _ of build.pages()) {
          if (performance.now() - reported < REPORT_EACH) continue;
          reported = performance.now();
          yield report(build.facts, build.position, (read) => build.share(read));
        }
        await build.write();
      } while (build.facts - before > NEAR);
      yield report(build.facts, build.position);
      return { generation, build };
    } catch (error) {
      if (!(error instanceof Unwritable) || careful) throw error;
      await store.drop(spec.view, spec.hash);
    }
  }
}

/** `share`: how much of the work is done when so much of the log was read. */
type Report = (facts: number, position: string, share?: (read: number) => number) => RebuildProgress;

function reporter(view: string, log: Log): Report {
  const began = performance.now();
  let target = log.start;
  void log.head().then((head) => {
    target = head;
  });
  return (facts, position, share = (read) => read) => {
    const seconds = (performance.now() - began) / 1_000;
    const done = share(position >= target ? 1 : distance(log.start, position) / distance(log.start, target));
    return {
      view,
      facts,
      position,
      factsPerSecond: Math.round(facts / Math.max(seconds, 0.001)),
      secondsLeft: done === 0 ? undefined : Math.round(((1 - done) * seconds) / done),
      state: 'reading',
    };
  };
}

/** Counts the documents that differ. A few at a time, while both stand at the same position; the live view goes on between. */
async function compare(worker: ViewWorker, live: Track, built: Track): Promise<number> {
  let differing = 0;
  for (const space of SPACES) {
    for (let after: DocumentPlace | undefined | 'end'; after !== 'end'; ) {
      const from = after;
      const look = await worker.between(async () =>
        live.position === built.position ? await compareSome(live.generation, built.generation, space, from) : undefined,
      );
      if (look) {
        differing += look.differing;
        after = look.next ?? 'end';
      } else await worker.followed(built, live.position);
    }
  }
  return differing;
}

interface DocumentPlace {
  readonly tenant: string;
  readonly key: string;
}

async function compareSome(one: Generation, other: Generation, space: Space, after: DocumentPlace | undefined) {
  const left = await one.scan(space, after, DOCUMENTS_A_LOOK);
  const right = await other.scan(space, after, DOCUMENTS_A_LOOK);
  const ends = [left, right].filter((page) => page.length === DOCUMENTS_A_LOOK).flatMap((page) => page.at(-1) ?? []);
  const end = ends.reduce<DocumentPlace | undefined>(
    (first, place) => (first === undefined || isAfter(first, place) ? place : first),
    undefined,
  );
  const within = (documents: readonly StoredDocument[]) =>
    new Map(
      documents
        .filter((place) => end === undefined || !isAfter(place, end))
        .map(({ tenant, key, json }) => [`${tenant} ${key}`, json]),
    );
  const [mine, theirs] = [within(left), within(right)];
  let differing = 0;
  for (const [place, json] of mine) if (theirs.get(place) !== json) differing += 1;
  for (const place of theirs.keys()) if (!mine.has(place)) differing += 1;
  return { differing, next: end && { tenant: end.tenant, key: end.key } };
}

const isAfter = (one: DocumentPlace, other: DocumentPlace): boolean =>
  one.tenant === other.tenant ? one.key > other.key : one.tenant > other.tenant;
