import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Recorded } from '#kernel';
import type { Caller } from '#runtime';
import { eventually, openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';

const NOW = '2026-01-05T09:00:00.000Z';
const ago = (days: number) => addDays(NOW, -days);
const imported = { cutOver: ago(100), clock: false };

/** Opportunities stall after 30 days in a phase. All of this lies between the cut-over and now. */
describe('CID-12 while an import is under way', () => {
  const folder = temporaryFolder();
  const clock = new SetClock(NOW);
  let house: TestHouse;
  let sandbox: Caller;
  beforeAll(async () => {
    house = await openHouse({ folder, clock });
    await house.send('OpenTenant', { name: 'sandbox', sandbox: true });
    const { token } = await house.access.issueToken(house.admin, {
      label: 'sandbox',
      roles: ['admin', 'sales', 'importer'],
      tenant: 'sandbox',
    });
    sandbox = (await house.access.authenticate(token)) as Caller;
  });
  afterAll(() => house.close());

  const say = (command: 'BeginImport' | 'EndImport', name: string, caller = house.admin) =>
    house.send(command, { name }, { caller });
  const opened = async (name: string, days: number, more: object = { imported }) => {
    const opportunityId = derivedId('opportunity', name);
    await house.send('OpenOpportunity', { opportunityId, amount: 1, currency: 'EUR' }, { occurredAt: ago(days), ...more });
    return opportunityId;
  };
  const advanced = (opportunityId: string, days: number, caller = house.admin) =>
    house.send('AdvanceOpportunity', { opportunityId, to: 'PROPOSAL' }, { occurredAt: ago(days), imported, caller });
  const factsOf = async (opportunityId: string, tenant = 'main'): Promise<readonly Recorded[]> =>
    (await house.facts.page({ tenant, stream: `opportunity-${tenant}.${opportunityId}`, limit: 100 })).facts;
  const stalls = async (opportunityId: string, tenant = 'main') =>
    (await factsOf(opportunityId, tenant)).filter(({ type }) => type === 'OpportunityStalled');
  const stalled = (opportunityId: string, tenant = 'main') =>
    eventually(async () => {
      const found = await stalls(opportunityId, tenant);
      return found.length > 0 ? found : undefined;
    });
  /** Every process has taken what there is, and every timer that is due has fired. */
  const clockDone = async () => {
    await eventually(async () => {
      const { readers } = await house.health();
      return readers.every(({ kind, lagFacts }) => kind !== 'process' || lagFacts === 0) ? true : undefined;
    });
    await house.fireDue();
  };

  it('no clock comes between its rows, however late they are; at its end what is still due is said', async () => {
    await say('BeginImport', 'crm');
    const [moved, still] = [await opened('moved', 90), await opened('still', 90)];
    await clockDone();
    expect([...(await stalls(moved)), ...(await stalls(still))]).toEqual([]);
    // before the day on which it would have stalled
    await advanced(moved, 70);
    await say('EndImport', 'crm');
    expect(await stalled(moved)).toMatchObject([{ occurredAt: ago(40), data: { stalledAt: ago(40), phase: 'PROPOSAL' } }]);
    expect(await stalled(still)).toMatchObject([{ occurredAt: ago(60), data: { stalledAt: ago(60) } }]);
  });

  it('the clock of what is not imported goes on', async () => {
    await say('BeginImport', 'crm');
    const [live, past] = [await opened('live', 29, {}), await opened('past', 90)];
    clock.set(addDays(NOW, 2));
    await clockDone();
    await stalled(live);
    expect(await stalls(past)).toEqual([]);
    await say('EndImport', 'crm');
    await stalled(past);
    clock.set(NOW);
  });

  it('another import, and a restart, keep the clock waiting; beginning or ending it twice changes nothing', async () => {
    await say('BeginImport', 'crm');
    await say('BeginImport', 'tickets');
    expect((await say('BeginImport', 'crm')).outcome).toBe('unchanged');
    const late = await opened('late', 90);
    await say('EndImport', 'crm');
    expect((await say('EndImport', 'crm')).outcome).toBe('unchanged');
    await clockDone();
    expect((await house.clock.of('main')).imports).toMatchObject([{ name: 'tickets' }]);
    await house.close();
    house = await openHouse({ folder, clock });
    await clockDone();
    await advanced(late, 70);
    await say('EndImport', 'tickets');
    expect(await stalled(late)).toMatchObject([{ occurredAt: ago(40) }]);
    expect((await house.clock.of('main')).imports).toEqual([]);
  });

  it('the same holds in a sandbox, whose own clock may be ahead; other tenants do not notice', async () => {
    await say('BeginImport', 'crm', sandbox);
    const there = await opened('there', 90, { imported, caller: sandbox });
    const here = await opened('here', 90);
    await house.send('SetClock', { to: addDays(NOW, 10) }, { caller: sandbox });
    await clockDone();
    expect(await stalls(there, 'sandbox')).toEqual([]);
    await stalled(here);
    await advanced(there, 70, sandbox);
    await say('EndImport', 'crm', sandbox);
    expect(await stalled(there, 'sandbox')).toMatchObject([{ occurredAt: ago(40) }]);
    await eventually(async () => ((await house.clock.of('sandbox')).settled ? true : undefined));
  });
});
