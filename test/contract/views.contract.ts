import { describe, expect, it } from '@jest/globals';
import { type GenerationSpec, StaleWriter, type StoredDocument } from '#runtime/ports';
import { at, byCodeUnits, leased, nothing, parkedFact, SPEC, shown, type ViewEngine, viewFixture } from './views.fixture.js';
import { viewQueriesContract } from './views-queries.contract.js';

export type { ViewEngine };

export function viewStoreContract(name: string, start: () => Promise<ViewEngine>): void {
  describe(`${name} keeps the view store contract`, () => {
    const given = viewFixture(start);
    const { write, keysOf } = given;

    describe('commit', () => {
      it('writes documents, checkpoint and parked facts together', async () => {
        const parked = parkedFact('k1', at(1), 'It did not fold.');
        const to = await write({ a: { size: 1 }, b: { size: 2 } }, { park: [parked] });
        expect(await given.deals.checkpoint()).toBe(to);
        expect(await keysOf({})).toEqual(['a', 'b']);
        expect(await given.deals.parked()).toEqual([parked]);
        expect(await given.deals.get('acme', 'a')).toEqual(shown('a', { size: 1 }, to));
      });

      it('replaces, removes and keeps spaces and tenants apart', async () => {
        await write({ a: { size: 1 }, b: { size: 2 } });
        await write({ a: { size: 7 } }, {}, 'globex');
        const part: StoredDocument = { tenant: 'acme', space: 'part', key: 'a', json: '{"part":true}', position: at(3) };
        await write({}, { put: [part, shown('a', { size: 3 }, at(3))], remove: [{ tenant: 'acme', space: 'shown', key: 'b' }] });
        expect(await keysOf({})).toEqual(['a']);
        expect(await given.deals.get('acme', 'b')).toBeUndefined();
        expect((await given.deals.get('acme', 'a'))?.json).toBe('{"size":3}');
        expect((await given.deals.get('globex', 'a'))?.json).toBe('{"size":7}');
        expect(await given.deals.load([part, { tenant: 'acme', space: 'link', key: 'a' }])).toEqual([part]);
        await write({}, { remove: [{ tenant: 'acme', space: 'part', key: 'a' }] });
        expect((await given.deals.get('acme', 'a'))?.json).toBe('{"size":3}');
      });

      it('refuses a writer whose checkpoint was passed, and writes nothing of it', async () => {
        const first = await write({ a: { size: 1 } });
        const stale = {
          ...nothing,
          from: undefined,
          to: at(9),
          token: given.lease.token,
          put: [shown('a', { size: 9 }, at(9)), shown('z', { size: 9 }, at(9))],
          park: [parkedFact('k', at(9), 'x')],
        };
        await expect(given.deals.commit(stale)).rejects.toBeInstanceOf(StaleWriter);
        await expect(given.deals.commit({ ...stale, from: at(5) })).rejects.toBeInstanceOf(StaleWriter);
        expect(await given.deals.checkpoint()).toBe(first);
        expect(await keysOf({})).toEqual(['a']);
        expect((await given.deals.get('acme', 'a'))?.json).toBe('{"size":1}');
        expect(await given.deals.parked()).toEqual([]);
      });

      it('refuses a writer whose lease passed on', async () => {
        await write({ a: { size: 1 } });
        await given.store.release(given.lease);
        const next = await leased(given.store, 'views', 'another');
        expect(next.token).toBeGreaterThan(given.lease.token);
        await expect(write({ a: { size: 2 } })).rejects.toBeInstanceOf(StaleWriter);
        expect((await given.deals.get('acme', 'a'))?.json).toBe('{"size":1}');
        await write({ a: { size: 3 } }, { token: next.token });
        expect((await given.deals.get('acme', 'a'))?.json).toBe('{"size":3}');
      });

      it('lets one of two writers at the same checkpoint win', async () => {
        const from = await write({});
        const change = (size: number) =>
          given.deals.commit({ ...nothing, from, to: at(5), token: given.lease.token, put: [shown('a', { size }, at(5))] });
        const outcomes = await Promise.allSettled([1, 2, 3].map(change));
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });

      it('stores and finds documents with any key', async () => {
        const keys = ['', ' ', 'ü/ß', 'a\u0000b', 'a\u0001b', '\u{1f600}', '\uff41', "'; DROP", 'x'.repeat(2000)];
        await write(Object.fromEntries(keys.map((key, size) => [key, { size }])));
        const wanted = keys.map((key) => ({ tenant: 'acme', space: 'shown' as const, key }));
        expect((await given.deals.load(wanted)).map(({ key }) => key)).toEqual(keys);
        expect(await keysOf({})).toEqual([...keys].sort(byCodeUnits));
      });
    });

    describe('changedAt and count', () => {
      it('name the last change of a shown document of the tenant', async () => {
        expect(await given.deals.changedAt('acme')).toBeUndefined();
        const first = await write({ a: {}, b: {} });
        await write({ c: {} }, {}, 'globex');
        const hidden: StoredDocument = { tenant: 'acme', space: 'part', key: 'p', json: '{}', position: at(8) };
        await write({}, { put: [hidden] });
        expect(await given.deals.changedAt('acme')).toBe(first);
        expect([await given.deals.count(), await given.deals.count('acme'), await given.deals.count('nobody')]).toEqual([
          3, 2, 0,
        ]);
        const removed = await write({}, { remove: [{ tenant: 'acme', space: 'shown', key: 'a' }] });
        expect(await given.deals.changedAt('acme')).toBe(removed);
        expect(await given.deals.count('acme')).toBe(1);
      });
    });

    it('scans a space by tenant and key, in pages', async () => {
      await write({ b: {}, a: {}, '': {} });
      await write({ c: {} }, {}, 'aaa');
      const seen: string[] = [];
      for (let after: { tenant: string; key: string } | undefined; ; ) {
        const page = await given.deals.scan('shown', after, 2);
        if (page.length === 0) break;
        seen.push(...page.map(({ tenant, key }) => `${tenant}/${key}`));
        const last = page.at(-1);
        after = last && { tenant: last.tenant, key: last.key };
      }
      expect(seen).toEqual(['aaa/c', 'acme/', 'acme/a', 'acme/b']);
      expect(await given.deals.scan('part', undefined, 10)).toEqual([]);
    });

    it('parks facts in order and releases those of one key', async () => {
      const [first, second, other] = [parkedFact('k', at(1), 'broken'), parkedFact('k', at(2)), parkedFact('j', at(3), 'also')];
      await write({}, { park: [first] });
      await write({}, { park: [second, other] });
      expect((await given.deals.parked()).filter(({ key }) => key === 'k')).toEqual([first, second]);
      expect((await given.store.generations())[0]?.parked).toBe(3);
      await write({}, { release: [{ tenant: 'acme', key: 'k' }] });
      expect(await given.deals.parked()).toEqual([other]);
      const again = parkedFact('j', at(3), 'broken anew');
      await write({}, { release: [{ tenant: 'acme', key: 'j' }], park: [again] });
      expect(await given.deals.parked()).toEqual([again]);
    });

    describe('generations', () => {
      const next: GenerationSpec = { ...SPEC, version: 2, hash: 'hash-2' };

      it('keep a changed view beside the live one until it is promoted', async () => {
        await write({ a: { size: 1 } });
        const built = await given.store.generation(next);
        expect(await built.checkpoint()).toBeUndefined();
        expect(await built.count()).toBe(0);
        const state = async () => (await given.store.generations()).map(({ spec, state }) => `${spec.hash} ${state}`);
        expect(await state()).toEqual(['hash-1 live', 'hash-2 building']);
        await built.commit({
          ...nothing,
          from: undefined,
          to: at(1),
          token: given.lease.token,
          put: [shown('z', { size: 9 }, at(1))],
        });
        expect(await keysOf({})).toEqual(['a']);
        await given.store.promote('deals', 'hash-2');
        expect(await state()).toEqual(['hash-1 old', 'hash-2 live']);
        await given.store.drop('deals', 'hash-1');
        expect(await state()).toEqual(['hash-2 live']);
        expect((await built.list('acme', { where: [], limit: 10 })).map(({ key }) => key)).toEqual(['z']);
      });

      it('give back their spec and checkpoint', async () => {
        const to = await write({ a: {} });
        const other = await given.store.generation({ ...SPEC, view: 'orders' });
        expect(await other.count()).toBe(0);
        const infos = await given.store.generations();
        expect(infos.find(({ spec }) => spec.view === 'deals')).toEqual({ spec: SPEC, state: 'live', checkpoint: to, parked: 0 });
        expect(infos.find(({ spec }) => spec.view === 'orders')?.state).toBe('live');
      });

      it('refuse a writer after they were dropped, and start empty when made again', async () => {
        const built = await given.store.generation(next);
        await built.commit({ ...nothing, from: undefined, to: at(1), token: given.lease.token, put: [shown('z', {}, at(1))] });
        await given.store.drop('deals', 'hash-2');
        await expect(built.commit({ ...nothing, from: at(1), to: at(2), token: given.lease.token })).rejects.toBeInstanceOf(
          StaleWriter,
        );
        const again = await given.store.generation(next);
        expect([await again.checkpoint(), await again.count(), await again.changedAt('acme')]).toEqual([undefined, 0, undefined]);
      });

      it('refuse to promote one that does not exist', async () => {
        await expect(given.store.promote('deals', 'unknown')).rejects.toThrow();
        expect((await given.store.generations())[0]?.state).toBe('live');
      });
    });

    describe('leases', () => {
      it('have one holder, who can renew', async () => {
        const first = await leased(given.store, 'relay', 'one');
        expect(await given.store.lease('relay', 'two', 60_000)).toBeUndefined();
        expect(await given.store.lease('relay', 'one', 60_000)).toEqual(first);
        expect(await given.store.lease('notary', 'two', 60_000)).toBeDefined();
      });

      it('say who has them, while somebody does', async () => {
        expect(await given.store.holder('relay')).toBeUndefined();
        const first = await leased(given.store, 'relay', 'one');
        await given.store.lease('relay', 'two', 60_000);
        expect([await given.store.holder('relay'), await given.store.holder('notary')]).toEqual(['one', undefined]);
        await given.store.release(first);
        expect(await given.store.holder('relay')).toBeUndefined();
        await leased(given.store, 'relay', 'two', 0);
        expect(await given.store.holder('relay')).toBeUndefined();
      });

      it('pass on with a greater token when released or lapsed', async () => {
        const first = await leased(given.store, 'relay', 'one');
        await given.store.release(first);
        const second = await leased(given.store, 'relay', 'two', 0);
        const third = await leased(given.store, 'relay', 'three');
        expect(second.token).toBeGreaterThan(first.token);
        expect(third.token).toBeGreaterThan(second.token);
        await given.store.release(second);
        expect(await given.store.lease('relay', 'four', 60_000)).toBeUndefined();
      });
    });

    it('changes a note by compare-and-set', async () => {
      expect(await given.store.notes.read('reader')).toBeUndefined();
      await given.store.notes.write('reader', 'one', 0);
      const first = await given.store.notes.read('reader');
      expect(first?.value).toBe('one');
      await expect(given.store.notes.write('reader', 'lost', 0)).rejects.toBeInstanceOf(StaleWriter);
      await given.store.notes.write('reader', 'two', first?.version ?? -1);
      await expect(given.store.notes.write('reader', 'lost', first?.version ?? -1)).rejects.toBeInstanceOf(StaleWriter);
      expect((await given.store.notes.read('reader'))?.value).toBe('two');
      await expect(given.store.notes.write('unknown', 'lost', 3)).rejects.toBeInstanceOf(StaleWriter);
    });

    it('keeps timers until they are done, the earliest first', async () => {
      const timer = (id: string, due: string) => ({ id, due, json: `{"id":"${id}"}` });
      const [a, b, c] = [timer('a', '2026-03-01'), timer('b', '2026-01-01'), timer('c', '2026-02-01')];
      expect([await given.store.timers.next(), await given.store.timers.count()]).toEqual([undefined, 0]);
      await given.store.timers.change({ add: [a, b, c, { ...a, json: '{}' }], done: [] });
      expect(await given.store.timers.due('2026-02-01', 10)).toEqual([b, c]);
      expect(await given.store.timers.due('2026-12-01', 1)).toEqual([b]);
      expect([await given.store.timers.next(), await given.store.timers.count()]).toEqual(['2026-01-01', 3]);
      await given.store.timers.change({ add: [], done: [b] });
      expect(await given.store.timers.due('2026-12-01', 10)).toEqual([c, a]);
    });

    it('keeps timers of other clocks apart: neither due with others, nor before them', async () => {
      const timer = (id: string, due: string, clock?: string) => ({ id, due, json: `{"id":"${id}"}`, ...(clock && { clock }) });
      const servers = timer('a', '2026-03-01');
      const [b, c] = [timer('b', '2026-01-01', 'north'), timer('c', '2026-02-01', 'north')];
      const d = timer('d', '2025-01-01', 'south');
      expect(await given.store.timers.clocks()).toEqual([]);
      await given.store.timers.change({ add: [servers], done: [] });
      expect(await given.store.timers.clocks()).toEqual([]);
      await given.store.timers.change({ add: [c, b, d, { ...b, json: '{}' }], done: [] });
      expect([...(await given.store.timers.clocks())].sort()).toEqual(['north', 'south']);
      expect(await given.store.timers.next()).toBe('2026-03-01');
      expect(await given.store.timers.next('north')).toBe('2026-01-01');
      expect(await given.store.timers.next('west')).toBeUndefined();
      expect(await given.store.timers.due('2026-12-01', 10)).toEqual([servers]);
      expect(await given.store.timers.due('2026-12-01', 10, 'north')).toEqual([b, c]);
      expect(await given.store.timers.due('2026-12-01', 1, 'north')).toEqual([b]);
      expect(await given.store.timers.due('2026-01-31', 10, 'north')).toEqual([b]);
      expect(await given.store.timers.count()).toBe(4);
      await given.store.timers.change({ add: [], done: [d] });
      expect(await given.store.timers.clocks()).toEqual(['north']);
    });

    it('keeps the newest snapshot of a stream and state version', async () => {
      const snapshot = (stateVersion: number, revision: number) => ({
        stream: 's',
        stateVersion,
        revision,
        json: `"${revision}"`,
      });
      expect(await given.store.loadSnapshot('s', 1)).toBeUndefined();
      await given.store.saveSnapshot(snapshot(1, 10));
      await given.store.saveSnapshot(snapshot(1, 30));
      await given.store.saveSnapshot(snapshot(1, 20));
      await given.store.saveSnapshot(snapshot(2, 5));
      expect(await given.store.loadSnapshot('s', 1)).toEqual(snapshot(1, 30));
      expect(await given.store.loadSnapshot('s', 2)).toEqual(snapshot(2, 5));
      expect(await given.store.loadSnapshot('t', 1)).toBeUndefined();
    });

    it('is the same store after it was opened again', async () => {
      const to = await write({ a: { size: 1 } });
      await given.store.notes.write('reader', 'one', 0);
      if (!given.engine.durable) return;
      await given.reopen();
      expect([await given.deals.checkpoint(), await given.deals.changedAt('acme')]).toEqual([to, to]);
      expect(await keysOf({})).toEqual(['a']);
      expect((await given.store.notes.read('reader'))?.value).toBe('one');
      expect(await given.store.lease('views', 'another', 60_000)).toBeUndefined();
    });

    it('fences and shows writes between two connections', async () => {
      const beside = await given.engine.openBeside?.();
      if (!beside) return;
      const theirs = await beside.generation(SPEC);
      expect(await beside.lease('views', 'another', 60_000)).toBeUndefined();
      const to = await write({ a: { size: 1 } });
      expect(await theirs.checkpoint()).toBe(to);
      expect((await theirs.get('acme', 'a'))?.json).toBe('{"size":1}');
      await given.store.release(given.lease);
      const next = await leased(beside, 'views', 'another');
      await theirs.commit({ ...nothing, from: to, to: at(5), token: next.token, put: [] });
      await expect(write({ a: { size: 2 } }, { from: at(5) })).rejects.toBeInstanceOf(StaleWriter);
      await beside.close();
    });

    viewQueriesContract(given);
  });
}
