import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AnyView, addDays } from '#kernel';
import type { StoredFact } from '#runtime';
import { openLogReader } from '../../apps/server/engines.js';
import { Naive } from '../../libs/runtime/views/testing/naive.js';
import { testEngines } from '../support/engines.js';
import { liveThrough, START } from '../support/history.js';
import { atRest, openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';
import { seeded } from '../support/random.js';

/** The judge folds the whole log for every question, in the plainest way; see libs/runtime/views/testing/naive.ts. */
describe('P8: any view, any day', () => {
  const folder = temporaryFolder();
  const clock = new SetClock(START);
  let house: TestHouse;
  let log: readonly StoredFact[];

  beforeAll(async () => {
    house = await openHouse({ folder, clock });
    await liveThrough(house, clock, { seed: 10, commands: 440 });
    await atRest(house);
    const reader = await openLogReader(await testEngines(join(folder, 'data')));
    ({ facts: log } = await reader.readAll(reader.start, { limit: 10_000 }));
    await reader.close();
  }, 240_000);
  afterAll(() => house.close());

  const days: readonly Record<string, string>[] = (() => {
    const random = seeded(88);
    const any = () => addDays(START, random() * 420);
    return Array.from({ length: 8 }, (_, index) => ({
      ...(index % 4 !== 1 ? { asOf: any() } : {}),
      ...(index % 4 !== 0 ? { knownAt: any() } : {}),
    }));
  })();
  const expected = (view: AnyView, day: object) => new Naive(view, house.registry, log, { tenant: 'main', ...day });
  const pages = async (view: string, day: Record<string, string>, limit: string) => {
    const all = new Map<string, string>();
    for (let cursor: string | undefined; ; ) {
      const answer = await house.views.query({
        caller: house.admin,
        view,
        parameters: { ...day, limit, ...(cursor ? { cursor } : {}) },
      });
      if (answer.kind !== 'list') throw new Error('Not a list.');
      for (const { key, json } of answer.items) all.set(key, json);
      if (answer.next === undefined) return all;
      cursor = answer.next;
    }
  };

  it('has late facts, corrections and merges to answer about', () => {
    const types = new Set(log.map(({ type }) => type));
    expect([...types]).toEqual(
      expect.arrayContaining([
        'CustomersMerged',
        'CustomersUnmerged',
        'MemberHeardOf',
        'OpportunityCorrected',
        'OrderInvoiced',
        'OrderAmended',
        'OrderHeld',
        'OrderCredited',
        'PaymentReceived',
        'PaymentReversed',
        'PaymentRefunded',
        'PackageDelivered',
        'ReturnReceived',
        'ClaimSettled',
        'CartAbandoned',
        'CartOrdered',
        'InvoiceBecameOverdue',
        'PointsEarned',
        'PointsExpired',
        'PointsRedeemed',
        'PointsTakenBack',
        'ProductPriced',
        'SlaFailed',
        'TicketMerged',
      ]),
    );
    expect(log.some(({ occurredAt, recordedAt }) => occurredAt < recordedAt)).toBe(true);
  });

  it('answers every document and page of every view as of any day, known at any day, as the whole log says', async () => {
    for (const view of house.registry.views.values()) {
      for (const day of days) {
        const wanted = expected(view, day).json();
        for (const limit of ['3', '500']) {
          const shown = await pages(view.name, day, limit);
          expect([view.name, day, new Map([...shown].sort())]).toEqual([view.name, day, new Map([...wanted].sort())]);
        }
        for (const [key, json] of [...wanted].slice(0, 5)) {
          const answer = await house.views.query({ caller: house.admin, view: view.name, key, parameters: day });
          expect(answer.kind === 'document' && answer.json).toBe(json);
        }
      }
    }
  }, 180_000);

  it('adds up groups of the pipeline for any day as the whole log says', async () => {
    const view = house.registry.views.get('pipeline') as AnyView;
    for (const day of days) {
      const groups = await house.groups('pipeline', { group: 'phase', sum: 'amount', ...day });
      const totals = new Map<string, { count: number; amount: number }>();
      for (const document of expected(view, day).shown.values()) {
        const name = `${document.phase} ${document.currency}`;
        const { count, amount } = totals.get(name) ?? { count: 0, amount: 0 };
        totals.set(name, { count: count + 1, amount: amount + document.amount });
      }
      expect(new Map(groups.map(({ phase, currency, count, amount }) => [`${phase} ${currency}`, { count, amount }]))).toEqual(
        totals,
      );
    }
  });

  it('says what customers owed on any day as a count of what had happened says, late payments and reversals in it', async () => {
    const movements = log.filter(({ type }) => type === 'PaymentReceived' || type === 'PaymentReversed');
    const days = movements.map(({ occurredAt }) => ({ asOf: occurredAt }));
    /** Where the fact that was entered last says another amount: without any, this would say nothing. */
    let saidOtherwise = 0;
    for (const day of days) {
      const owed = owedOn(log.filter(({ occurredAt }) => occurredAt <= day.asOf));
      const shown = await house.list<{ open: number }>('receivables', { ...day, limit: '500' });
      expect([day, new Map(shown.map(({ key, document: { open } }) => [key, open]))]).toEqual([day, owed.open]);
      const [group] = await house.groups('receivables', { group: 'currency', sum: 'open', ...day });
      expect(group?.open ?? 0).toBe([...owed.open.values()].reduce((sum, open) => sum + open, 0));
      for (const { key, document } of await house.list<{ open: number }>('invoices', { ...day, limit: '500' }))
        expect([day, key, document.open]).toEqual([day, key, owed.open.get(key) ?? 0]);
      saidOtherwise += [...owed.said].filter(([invoiceId, open]) => (owed.open.get(invoiceId) ?? 0) !== open).length;
    }
    expect(saidOtherwise).toBeGreaterThan(0);
  });

  it('answers as of now what the live view answers', async () => {
    for (const view of house.registry.views.keys()) {
      const live = await pages(view, { minPosition: await house.facts.head() }, '500');
      expect([view, await pages(view, { asOf: new Date().toISOString() }, '500')]).toEqual([view, live]);
    }
  });
});

interface AboutInvoice {
  readonly invoiceId: string;
  readonly amount: number;
  readonly open?: number;
}

/** What is open of each invoice, left out where nothing is; `said`: what the fact said that was entered last. */
function owedOn(facts: readonly StoredFact[]): { open: Map<string, number>; said: Map<string, number> } {
  const signs: Record<string, 1 | -1> = {
    OrderInvoiced: 1,
    PaymentReceived: -1,
    PaymentReversed: 1,
    OrderCredited: -1,
    PaymentRefunded: 1,
  };
  const [balances, said] = [new Map<string, number>(), new Map<string, number>()];
  for (const { type, data } of facts) {
    const sign = signs[type];
    if (sign === undefined) continue;
    const { invoiceId, amount, open } = JSON.parse(data) as AboutInvoice;
    balances.set(invoiceId, (balances.get(invoiceId) ?? 0) + sign * amount);
    if (open !== undefined) said.set(invoiceId, open);
  }
  return { open: new Map([...balances].filter(([, balance]) => balance > 0)), said };
}
