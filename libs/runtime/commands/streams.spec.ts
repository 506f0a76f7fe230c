import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { derivedId, streamName } from '#kernel';
import type { Log, Snapshot, StoredFact } from '../ports.js';
import { registryOf } from '../registry.js';
import { company, DealOpened } from '../views/testing/deals.js';
import { Streams } from './streams.js';

const stream = streamName('deal', 'main', derivedId('deal'));
const moment = '2026-01-05T09:00:00.000Z';

const fact = (revision: number): StoredFact => ({
  stream,
  revision,
  position: `abcdefgh.${String(revision + 1).padStart(16, '0')}`,
  id: derivedId(stream, String(revision)),
  type: DealOpened.type,
  schemaVersion: 1,
  occurredAt: moment,
  recordedAt: moment,
  data: '{}',
  metadata: JSON.stringify({ actor: { kind: 'user', id: 'x' }, commandId: derivedId('command', String(revision)) }),
});

function streamsOver(facts: readonly StoredFact[], saveSnapshot: (snapshot: Snapshot) => Promise<void>): Streams {
  const log = {
    id: 'abcdefgh',
    exclusive: true,
    readStream: async (_: string, from: number, limit: number) => facts.slice(from, from + limit),
  } as unknown as Log;
  return new Streams(log, { loadSnapshot: async () => undefined, saveSnapshot }, registryOf([company()]));
}

describe('a stream', () => {
  it('knows each of its commands by the first fact of it', async () => {
    const streams = streamsOver([fact(0), fact(1), { ...fact(2), metadata: fact(1).metadata }], async () => {});
    expect(await streams.load(stream)).toMatchObject({
      revision: 2,
      commands: new Map([0, 1].map((revision) => [derivedId('command', String(revision)), revision])),
    });
  });

  it('is there before its snapshot is written', async () => {
    const saved: Snapshot[] = [];
    const streams = streamsOver(
      Array.from({ length: 40 }, (_, revision) => fact(revision)),
      async (snapshot) => {
        saved.push(snapshot);
      },
    );
    expect(await streams.load(stream)).toMatchObject({ revision: 39 });
    expect(saved).toEqual([]);
    await nextTurn();
    expect(saved).toMatchObject([{ stream, revision: 39 }]);
  });

  it('asks for no more snapshots while many wait for their store', async () => {
    let asked = 0;
    const streams = streamsOver(
      Array.from({ length: 40 }, (_, revision) => fact(revision)),
      async () => {
        asked++;
        await new Promise(() => {});
      },
    );
    for (let time = 0; time < 50; time++) {
      await streams.load(stream);
      streams.forget(stream);
    }
    await nextTurn();
    expect(asked).toBe(16);
  });
});
