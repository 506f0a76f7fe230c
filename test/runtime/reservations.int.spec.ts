import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqliteKeys } from '#adapters/sqlite';
import { addDays, derivedId, type Recorded } from '#kernel';
import type { CommandPipeline } from '#runtime/commands/pipeline';
import { Database } from '../../libs/adapters/sqlite/database.js';
import { MASTER_KEY, openCore } from '../support/faulty-log.js';
import { openHouse, type TestHouse, temporaryFolder } from '../support/house.js';

describe('a reservation (CID-06)', () => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());

  const perform = (command: string, payload: Record<string, unknown>) =>
    (house.commands as CommandPipeline).perform({ caller: house.admin, command, payload });
  const define = (sku: string, productId: string, key: string) =>
    house.send('DefineProduct', { productId, sku, name: sku }, { idempotencyKey: key });
  const commandIdOf = (key: string) => derivedId('command', 'main', house.admin.actor.kind, house.admin.actor.id, key);
  const reservationOf = (sku: string) => derivedId('reservation', 'main', 'product.sku', sku);
  const typesOf = async (stream: string) =>
    (await house.facts.page({ tenant: 'main', stream, limit: 100 })).facts.map(({ type }) => type);

  it('gives an e-mail address to one customer; the second is told who has it', async () => {
    const register = () => house.send('RegisterCustomer', { kind: 'PERSON', name: 'Ada', email: 'Ada@Example.org' });
    const { id } = await register();
    await expect(register()).rejects.toMatchObject({
      status: 409,
      code: 'identifier-taken',
      options: { errors: [{ field: 'email' }], members: { existing: id } },
    });
  });

  it('lets exactly one of many win at once', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => house.send('RegisterCustomer', { kind: 'PERSON', name: 'Bob', email: 'bob@example.org' })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tries) if (one.status === 'rejected') expect(one.reason).toMatchObject({ status: 409 });
  });

  it('is free again once the identifier was unlinked', async () => {
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'PERSON', name: 'Cid' });
    await house.send('LinkIdentifier', { customerId, kind: 'PHONE', value: '+49 30 7654321' });
    const document = await house.document<{ identifiers: { reservationId: string }[] }>('customer360', customerId);
    const { id: other } = await house.send('RegisterCustomer', { kind: 'PERSON', name: 'Dan' });
    const link = () => house.send('LinkIdentifier', { customerId: other, kind: 'PHONE', value: '+49307654321' });
    await expect(link()).rejects.toMatchObject({ status: 409 });
    await house.send('UnlinkIdentifier', { customerId, reservationId: document?.identifiers[0]?.reservationId });
    const { facts } = await link();
    expect(facts).toEqual(['IdentifierLinked']);
  });

  it('stays with who linked the identifier again, although the fact that unlinked it is read once more', async () => {
    const folder = temporaryFolder();
    let core = await openCore(folder);
    const { id: customerId } = await core.send('RegisterCustomer', { kind: 'PERSON', name: 'Eva' });
    const { id: other } = await core.send('RegisterCustomer', { kind: 'PERSON', name: 'Fay' });
    const link = (customerId: string) => core.send('LinkIdentifier', { customerId, kind: 'EMAIL', value: 'eva@example.org' });
    const { stream } = await link(customerId);
    const [, linked] = (await core.facts.page({ tenant: 'main', stream, limit: 10 })).facts;
    const { reservationId } = (linked as Recorded<{ reservationId: string }>).data;
    await core.send('UnlinkIdentifier', { customerId, reservationId });
    await link(customerId);
    await core.close();

    // As a key store from a backup does: what facts say about reservations is read from the beginning.
    const keys = await openSqliteKeys({ file: join(folder, 'keys.db'), masterKey: MASTER_KEY });
    await keys.setAppliedTo(core.log.start);
    await keys.close();
    core = await openCore(folder);
    await expect(link(other)).rejects.toMatchObject({ status: 409, code: 'identifier-taken' });
    await core.close();
  });

  it('stays with who holds it now, when a person that gave it up is erased, and goes with that one (CID-10)', async () => {
    const folder = temporaryFolder();
    const core = await openCore(folder);
    const register = async (name: string) => (await core.send('RegisterCustomer', { kind: 'PERSON', name })).id;
    const link = (customerId: string) => core.send('LinkIdentifier', { customerId, kind: 'EMAIL', value: 'gil@example.org' });
    const [first, second, third] = [await register('Gil'), await register('Hal'), await register('Ida')];
    const { stream } = await link(first);
    const [, linked] = (await core.facts.page({ tenant: 'main', stream, limit: 10 })).facts;
    const { reservationId } = (linked as Recorded<{ reservationId: string }>).data;
    await core.send('UnlinkIdentifier', { customerId: first, reservationId });
    await link(second);
    await core.send('EraseCustomer', { customerId: first });
    await expect(link(third)).rejects.toMatchObject({ code: 'identifier-taken', options: { members: { existing: second } } });
    await core.send('EraseCustomer', { customerId: second });
    await core.close();
    expect(lookUpsIn(folder)).toEqual([]);
  });

  it('is kept for nobody whose command was refused', async () => {
    const folder = temporaryFolder();
    const core = await openCore(folder);
    const nobody = derivedId('never registered');
    await expect(
      core.send('LinkIdentifier', { customerId: nobody, kind: 'EMAIL', value: 'jon@example.org' }),
    ).rejects.toMatchObject({ code: 'customer-unknown' });
    await core.close();
    expect(lookUpsIn(folder)).toEqual([]);
  });

  it('goes to another once a claim lapsed, and the late claimant is refused: its append conflicts', async () => {
    const [dead, next] = [derivedId('dead'), derivedId('next')];
    const target = `product-main.${dead}`;
    await perform('ClaimReservation', {
      reservationId: reservationOf('LAPSED'),
      scope: 'product.sku',
      target,
      forCommand: commandIdOf('late'),
      lapsesAt: addDays(new Date().toISOString(), -1),
    });
    await define('LAPSED', next, 'next');
    expect(await typesOf(target)).toEqual(['ClaimLapsed']);
    await expect(define('LAPSED', dead, 'late')).rejects.toMatchObject({ status: 409, options: { members: { existing: next } } });
    expect(await typesOf(target)).toEqual(['ClaimLapsed']);
  });

  it('waits for a claim that has not lapsed', async () => {
    const target = `product-main.${derivedId('busy')}`;
    await perform('ClaimReservation', {
      reservationId: reservationOf('BUSY'),
      scope: 'product.sku',
      target,
      forCommand: commandIdOf('busy'),
      lapsesAt: addDays(new Date().toISOString(), 1),
    });
    await expect(define('BUSY', derivedId('eager'), 'eager')).rejects.toMatchObject({
      status: 409,
      code: 'identifier-in-flight',
      options: { retryAfter: 1 },
    });
  });

  it('is completed by a retry of the command that claimed it', async () => {
    const productId = derivedId('own');
    await perform('ClaimReservation', {
      reservationId: reservationOf('OWN'),
      scope: 'product.sku',
      target: `product-main.${productId}`,
      forCommand: commandIdOf('own'),
      lapsesAt: addDays(new Date().toISOString(), 1),
    });
    expect(await define('OWN', productId, 'own')).toMatchObject({ outcome: 'created' });
  });

  it('stays with a claimant whose command was recorded but never confirmed', async () => {
    const productId = derivedId('recorded');
    const target = `product-main.${productId}`;
    await define('RECORDED', productId, 'recorded');
    await perform('ReleaseReservation', { reservationId: reservationOf('RECORDED'), target });
    await perform('ClaimReservation', {
      reservationId: reservationOf('RECORDED'),
      scope: 'product.sku',
      target,
      forCommand: commandIdOf('recorded'),
      lapsesAt: addDays(new Date().toISOString(), -1),
    });
    await expect(define('RECORDED', derivedId('other'), 'other')).rejects.toMatchObject({
      status: 409,
      options: { members: { existing: productId } },
    });
    expect((await typesOf(`reservation-main.${reservationOf('RECORDED')}`)).at(-1)).toBe('ReservationConfirmed');
    expect(await typesOf(target)).toEqual(['ProductDefined']);
  });
});

/** Persons whose identifiers the key store of a closed server still knows the way from. */
function lookUpsIn(folder: string): readonly string[] {
  const database = new Database(join(folder, 'keys.db'), { durability: 'full' });
  const rows = database.sql<[string, string]>('SELECT person, digest FROM reservations').all();
  database.close();
  return rows.flatMap(([person, digest]) => (/[^0]/.test(digest) ? [person] : []));
}
