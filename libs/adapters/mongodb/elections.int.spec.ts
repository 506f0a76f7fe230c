import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { StaleWriter } from '#runtime/ports';
import { MongoFault, openMongoKeys, openMongoViews } from './index.js';
import { HOW_TO_RUN_NODES, mongodProgram, Nodes, until } from './testing/nodes.js';
import { STEPS_VIEW, saidAt, stepsIn, takeStep } from './testing/steps.js';

const program = mongodProgram();
const describeWithNodes = program ? describe : describe.skip;
const hint = program ? '' : ` (to run it, ${HOW_TO_RUN_NODES})`;

describeWithNodes(`MongoDB whose primary is killed under load${hint}`, () => {
  let nodes: Nodes | undefined;
  afterAll(() => nodes?.stop());

  it('loses and doubles no acknowledged commit, key or note', async () => {
    nodes = await Nodes.startReplicaSet(program ?? '', 3);
    const store = await openMongoViews({ uri: nodes.uri, database: 'annals_views' });
    const keys = await openMongoKeys({ uri: nodes.uri, database: 'annals_keys', masterKey: randomBytes(32) });
    const lease = await store.lease('views', 'the only one', 600_000);
    const views = await Promise.all(['a', 'b', 'c'].map((view) => store.generation({ ...STEPS_VIEW, view })));
    const acknowledged = views.map(() => 0);
    const made = new Map<string, string>();
    let [noted, faults, ended] = [0, 0, false];
    const load = [
      ...views.map((view, index) => async () => {
        const step = await takeStep(view, lease?.token ?? 0);
        expect(step).toBeGreaterThan(acknowledged[index] ?? 0);
        acknowledged[index] = step;
      }),
      async () => {
        const subject = `person-${randomBytes(4).toString('hex')}.contact`;
        const key = await keys.create('acme', subject);
        made.set(subject, Buffer.from(key as Uint8Array).toString('hex'));
      },
      async () => {
        // Who was just elected may not know yet how much of what it has a majority has, and reads what was a moment ago. Nothing is lost, and
        // a write on top of that is refused.
        const note = await store.notes.read('reader');
        await store.notes.write('reader', String((note?.version ?? 0) + 1), note?.version ?? 0);
        noted = (note?.version ?? 0) + 1;
      },
    ].map(async (once) => {
      while (!ended) {
        await once().catch((error: unknown) => {
          if (!(error instanceof StaleWriter || error instanceof MongoFault)) throw error;
          faults += 1;
        });
      }
    });

    const progress = async () => {
      const before = [...acknowledged];
      await until(60_000, async () => acknowledged.every((step, index) => step > (before[index] ?? 0) + 3));
    };
    await progress();
    for (let kill = 0; kill < 2; kill++) {
      const startAgain = await nodes.killPrimary();
      await progress();
      await startAgain();
      await progress();
    }
    ended = true;
    await Promise.all(load);

    for (const [index, view] of views.entries()) {
      const { said, at } = await stepsIn(view);
      expect(at).toBeGreaterThanOrEqual(acknowledged[index] ?? 0);
      expect(said).toEqual([saidAt(at)]);
    }
    const loaded = await keys.load('acme', [...made.keys()]);
    expect([...made].filter(([subject, key]) => Buffer.from(loaded.get(subject) as Uint8Array).toString('hex') !== key)).toEqual(
      [],
    );
    expect(made.size).toBeGreaterThan(10);
    const note = await store.notes.read('reader');
    expect(note?.version).toBeGreaterThanOrEqual(noted);
    expect(note?.value).toBe(String(note?.version));
    process.stderr.write(`${acknowledged.join('+')} commits, ${made.size} keys, ${noted} notes; ${faults} to be asked again.\n`);
    await keys.close();
    await store.close();
  }, 420_000);
});

describeWithNodes(`MongoDB that is no replica set${hint}`, () => {
  it.each([
    ['stands alone', false, /stands alone.*--replSet.*rs\.initiate/],
    ['was never initiated', true, /never initiated.*rs\.initiate/],
  ])('is refused with the remedy when it %s', async (_, replicaSet, words) => {
    const node = await Nodes.startOne(program ?? '', { replicaSet });
    try {
      for (const option of ['directConnection=true', 'replicaSet=annals']) {
        const place = { uri: `${node.uri}?${option}`, database: 'annals', timeoutMilliseconds: 2_000 };
        await expect(openMongoViews(place)).rejects.toThrow(words);
        await expect(openMongoKeys({ ...place, masterKey: randomBytes(32) })).rejects.toBeInstanceOf(MongoFault);
      }
    } finally {
      await node.stop();
    }
  });

  it('is refused with both names when its set has another one than the address says', async () => {
    const node = await Nodes.startReplicaSet(program ?? '', 1);
    try {
      const uri = `${node.uri}?retryWrites=true&replicaSet=anals&w=majority`;
      await expect(openMongoViews({ uri, database: 'annals', timeoutMilliseconds: 2_000 })).rejects.toThrow(
        /named annals, and its address says replicaSet=anals/,
      );
    } finally {
      await node.stop();
    }
  });
});
