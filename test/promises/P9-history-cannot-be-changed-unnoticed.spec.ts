import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson } from '#kernel';
import { includes, isContinued, leafHash } from '#runtime/notary/merkle';
import { genuineHead } from '#runtime/notary/signed-head';
import { stateFileIn } from '../../apps/server/layout.js';
import { Database } from '../../libs/adapters/sqlite/database.js';
import { onDistributedEngines } from '../support/engines.js';
import { eventually, openHouse, type TestHouse, temporaryFolder } from '../support/house.js';

const bytes = (text: string) => Buffer.from(text, 'base64');

/** The root over all facts of a replay, by the definition alone. */
function rootOfAll(leaves: readonly string[]): Buffer {
  const sha = (...parts: (string | Buffer)[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
  const root = (from: number, to: number): Buffer => {
    if (to - from === 1) return sha(Buffer.of(0), leaves[from] as string);
    let half = 1;
    while (half * 2 < to - from) half *= 2;
    return sha(Buffer.of(1), root(from, from + half), root(from + half, to));
  };
  return root(0, leaves.length);
}

describe('P9: history cannot be changed unnoticed', () => {
  const folder = temporaryFolder();
  let house: TestHouse;
  beforeAll(async () => {
    house = await openHouse({ folder });
    const rounds = Array.from({ length: 30 }, (_, round) => round);
    for (const round of rounds) {
      await house.send('RegisterCustomer', { kind: 'PERSON', name: `Person ${round}` });
      await Promise.all(
        rounds.slice(0, 9).map((more) => house.send('OpenOpportunity', { amount: 100 * round + more, currency: 'EUR' })),
      );
    }
  });
  afterAll(() => house.close());

  const replayed = async () => {
    const { facts } = await house.facts.page({ tenant: 'main', limit: 10_000 });
    return facts.map((fact) => JSON.parse(JSON.stringify(fact)) as Record<string, unknown>);
  };
  const leavesOf = (facts: readonly Record<string, unknown>[]) => facts.map(({ position: _, ...leaf }) => canonicalJson(leaf));

  it('signs a head over all facts, whose root whoever replays them can compute', async () => {
    const head = await house.history.head('main');
    const facts = await replayed();
    expect(genuineHead(head.note, head.publicKey)).toEqual({ tenant: 'main', size: facts.length, root: bytes(head.root) });
    expect(rootOfAll(leavesOf(facts))).toEqual(bytes(head.root));
  });

  it('proves each fact to whoever has the public key and a head, and no other fact', async () => {
    const facts = await replayed();
    for (const index of [0, 1, 255, 256, 300, facts.length - 1]) {
      const { stream, revision } = facts[index] as { stream: string; revision: number };
      const proof = await house.history.prove('main', { stream, revision });
      const { size, root } = genuineHead(proof.note, proof.publicKey);
      expect(proof.index).toBe(index);
      expect(proof.leaf).toBe(leavesOf(facts)[index]);
      expect(includes(root, size, index, leafHash(proof.leaf), proof.path.map(bytes))).toBe(true);
      expect(
        includes(root, size, index, leafHash(proof.leaf.replace('"revision":', '"revision":1')), proof.path.map(bytes)),
      ).toBe(false);
    }
  });

  it('shows that later heads go on from earlier ones, also over a restart, and an erasure changes nothing of it', async () => {
    const before = await house.history.head('main');
    const registered = (await replayed()).find(({ type }) => type === 'CustomerRegistered');
    await house.send('EraseCustomer', { customerId: (registered as { data: { customerId: string } }).data.customerId });
    const { root, size, path } = await house.history.since('main', before.size);
    expect(size).toBeGreaterThan(before.size);
    expect(isContinued({ size: before.size, root: bytes(before.root) }, { size, root: bytes(root) }, path.map(bytes))).toBe(true);
    await house.close();
    house = await openHouse({ folder });
    const after = await house.history.since('main', size);
    expect(isContinued({ size, root: bytes(root) }, { size: after.size, root: bytes(after.root) }, after.path.map(bytes))).toBe(
      true,
    );
    expect(rootOfAll(leavesOf(await replayed()).slice(0, before.size))).toEqual(bytes(before.root));
  });

  it('publishes heads as public facts, once for what is new, for each tenant its own', async () => {
    const { size, note, isNew } = await house.history.publish('main');
    expect(isNew).toBe(true);
    const [published] = await house.list<{ size: number; note: string }>('heads');
    expect(published?.document).toMatchObject({ size, note });
    // What follows from the erasure before may still come in between.
    await eventually(async () => ((await house.history.publish('main')).isNew ? undefined : true));
    await house.send('OpenTenant', { name: 'north' });
    expect(await house.history.publish('main')).toMatchObject({ isNew: true });
    expect(await house.history.publish('north')).toMatchObject({ size: 0, isNew: false });
    await house.send(
      'RegisterCustomer',
      { kind: 'ORGANISATION', name: 'North' },
      { caller: { ...house.admin, tenant: 'north' } },
    );
    const north = await house.history.publish('north');
    expect(genuineHead(north.note, north.publicKey)).toMatchObject({ tenant: 'north', size: north.size });
    const { facts } = await house.facts.page({ tenant: 'north', limit: 100, types: ['HeadPublished'] });
    expect(facts.map(({ visibility, data }) => [visibility, (data as { size: number }).size])).toEqual([['public', north.size]]);
  });

  it('refuses what is not there', async () => {
    const place = { stream: 'customer-main.00000000-0000-4000-8000-000000000000', revision: 0 };
    const [fact] = await replayed();
    const { stream, revision } = fact as { stream: string; revision: number };
    await expect(house.history.prove('main', place)).rejects.toMatchObject({ status: 404, code: 'fact-unknown' });
    await expect(house.history.prove('north', { stream, revision })).rejects.toMatchObject({ status: 404 });
    await expect(house.history.prove('main', { stream, revision }, 0)).rejects.toMatchObject({ status: 404 });
    await expect(house.history.prove('main', { ...place, stream: 'nonsense' })).rejects.toMatchObject({ status: 400 });
    await expect(house.history.since('main', 1_000_000)).rejects.toMatchObject({ status: 400, code: 'invalid-query' });
  });

  const onEmbedded = onDistributedEngines ? it.skip : it;
  onEmbedded('notices what somebody changed in the log: the server by its notes, anybody by a head', async () => {
    const held = await house.history.head('main');
    const facts = await replayed();
    const changed = facts.findIndex(({ type }) => type === 'OpportunityOpened');
    const { stream, revision, position } = facts[changed] as { stream: string; revision: number; position: string };
    await house.close();
    const file = join(folder, 'data', 'log.db');
    const database = new Database(file, { durability: 'full' });
    database.sql("UPDATE facts SET data = replace(data, 'EUR', 'USD') WHERE position = ?").run(Number(position.slice(-16)));
    database.close();
    house = await openHouse({ folder, onError: () => {} });
    const now = await replayed();
    expect(now[changed]).not.toEqual(facts[changed]);
    expect(rootOfAll(leavesOf(now).slice(0, held.size))).not.toEqual(bytes(held.root));
    await expect(house.history.prove('main', { stream, revision })).rejects.toMatchObject({
      status: 500,
      code: 'history-changed',
    });

    // Who makes the server forget what it noted has it sign the changed history, which does not go on from the one that is held.
    await house.close();
    const state = new Database(stateFileIn(join(folder, 'data')), { durability: 'full' });
    state.sql("DELETE FROM notes WHERE name LIKE 'history %'").run();
    state.close();
    house = await openHouse({ folder });
    const { root, size, path } = await house.history.since('main', held.size);
    const signed = { size, root: bytes(root) };
    expect(isContinued({ size: held.size, root: bytes(held.root) }, signed, path.map(bytes))).toBe(false);
  });
});
