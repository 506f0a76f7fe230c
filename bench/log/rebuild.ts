import { openMongoViews } from '#adapters/mongodb';
import { logFileIn, openSqliteLogReader, openSqliteViews } from '#adapters/sqlite';
import { contexts, identity } from '#contexts';
import { type RebuildProgress, registryOf, systemContext } from '#runtime';
import { Views } from '#runtime/views/index';
import { collectAloneOnFewCores } from '../../apps/server/collector.js';
import { fellows } from '../../apps/server/fellows.js';
import { answerParent, peakMegabytes } from '../support/child.js';

export interface RebuildOrder {
  readonly data: string;
  readonly view: string;
  /** `first`: fills an empty view. `again`: builds beside it and compares. */
  readonly build: 'first' | 'again';
  /** Where the documents lie; in a file beside the log if left out. */
  readonly mongodb?: { readonly uri: string; readonly database: string };
}
export interface RebuildReport {
  /** Until all facts were folded and the documents written. */
  readonly builtIn: number;
  /** With the comparison, document by document. */
  readonly comparedIn: number;
  readonly state: RebuildProgress['state'];
  readonly documents: number;
  readonly peakMegabytes: number;
}

collectAloneOnFewCores();

/** What the thread of the views does, for one view, in a process of its own so that its memory can be measured. */
await answerParent(async ({ data, view, build, mongodb }: RebuildOrder): Promise<RebuildReport> => {
  const only = [systemContext, ...contexts].map((context) => ({
    ...context,
    views: (context.views ?? []).filter(({ name }) => name === view),
  }));
  const log = await openSqliteLogReader(logFileIn(data));
  const store = mongodb ? await openMongoViews(mongodb) : await openSqliteViews({ file: `${data}/bench-${view}.db` });
  const scratch = () => openSqliteViews({ memory: true });
  const views = new Views({
    registry: registryOf(only),
    identity,
    log,
    store,
    scratch,
    holder: 'bench',
    startFellow: fellows(console.error),
  });
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1_000;
  await views.start();
  try {
    await untilAtHead(views);
    if (build === 'first') {
      const builtIn = seconds();
      return { builtIn, comparedIn: builtIn, state: 'identical', documents: 0, peakMegabytes: peakMegabytes() };
    }
    const ready = seconds();
    let builtIn = 0;
    let last: RebuildProgress | undefined;
    for await (const progress of views.rebuild(view)) {
      last = progress;
      if (progress.state === 'comparing') builtIn = seconds() - ready;
    }
    const { state = 'refused', documents = 0 } = last ?? {};
    return { builtIn, comparedIn: seconds() - ready, state, documents, peakMegabytes: peakMegabytes() };
  } finally {
    await views.stop();
    await store.close();
    await log.close();
  }
});

async function untilAtHead(views: Views): Promise<void> {
  while ((await views.progress()).some(({ lagFacts }) => lagFacts > 0)) await new Promise((next) => setTimeout(next, 5));
}
