import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openSqliteLog, openSqliteViews } from '#adapters/sqlite';
import { identity } from '#contexts';
import { OpportunityCorrected, OpportunityOpened } from '#contexts/sales/opportunity/events';
import { type Fact, streamName } from '#kernel';
import { type Log, registryOf } from '#runtime';
import type { StartFellow } from '#runtime/views/index';
import { Build } from '../../libs/runtime/views/build.js';
import { planOf, type ViewPlan } from '../../libs/runtime/views/plan.js';
import { fellows } from './fellows.js';
import { allContexts } from './layout.js';

const DEALS = 300;
const PAGE = 50;
const OPENED = {
  customerId: randomUUID() as string,
  ownerId: randomUUID() as string,
  productId: randomUUID() as string,
  amount: 1_000_00,
  currency: 'EUR',
  phase: 'PROSPECTING',
  probability: 10,
} as const;

let folder: string;
let log: Log;
let plan: ViewPlan;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'annals-fellows-'));
  log = await openSqliteLog({ folder });
  const registry = registryOf(allContexts);
  const view = registry.views.get('pipeline');
  if (!view) throw new Error('There is no view pipeline.');
  plan = planOf(view, registry, identity);
  const ids = Array.from({ length: DEALS }, () => randomUUID() as string);
  for (const opportunityId of ids) await record(opportunityId, -1, OpportunityOpened({ ...OPENED, opportunityId }));
  for (const opportunityId of ids) await record(opportunityId, 0, OpportunityCorrected({ opportunityId, amount: 2_000_00 }));
});
afterEach(async () => {
  await log.close();
  rmSync(folder, { recursive: true });
});

async function record(opportunityId: string, revision: number, { type, data }: Fact): Promise<void> {
  const at = '2026-01-05T09:00:00.000Z';
  const metadata = JSON.stringify({ actor: { kind: 'user', id: 'tester' }, commandId: randomUUID() });
  const fact = { id: randomUUID(), type, schemaVersion: 1, occurredAt: at, recordedAt: at, data: JSON.stringify(data), metadata };
  await log.append(streamName('opportunity', 'main', opportunityId), revision, [fact]);
}

async function built(startFellow?: StartFellow) {
  const store = await openSqliteViews({ memory: true });
  const token = (await store.lease('views', 'test', 60_000))?.token ?? 0;
  const generation = await store.generation(plan.spec);
  const build = new Build({ plan, log, generation, token: () => token, startFellow, alone: PAGE, pageSize: PAGE });
  for await (const _ of build.pages());
  await build.write();
  const documents = await generation.scan('shown', undefined, 2 * DEALS);
  await store.close();
  return documents;
}

it('a thread does a part of a build; one at a time, and another one for the next', async () => {
  const troubles: unknown[] = [];
  const start = fellows((error) => troubles.push(error));
  let elsewhere = 0;
  const startFellow: StartFellow = () => {
    const fellow = start();
    expect(start()).toBeUndefined();
    return (
      fellow && {
        ...fellow,
        setAside: async (stretch) => {
          const aside = await fellow.setAside(stretch);
          elsewhere += aside.read;
          return aside;
        },
      }
    );
  };
  const alone = await built();
  expect(alone).toHaveLength(DEALS);
  expect(alone.every(({ json }) => json.includes('"amount":200000'))).toBe(true);
  expect(await built(startFellow)).toEqual(alone);
  expect(elsewhere).toBeGreaterThan(0);

  let next = start();
  for (let looks = 0; next === undefined && looks < 200; looks++) {
    await new Promise((later) => setTimeout(later, 20));
    next = start();
  }
  expect(next).toBeDefined();
  await next?.close();
  expect(troubles).toEqual([]);
});
