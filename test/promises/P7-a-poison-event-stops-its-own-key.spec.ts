import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { openLog } from '../../apps/server/engines.js';
import { testEngines } from '../support/engines.js';
import { openHouse, type TestHouse, temporaryFolder } from '../support/house.js';

/** Poison: a fact of a version that this server does not know, as a newer server would have written it. */
describe('P7: a poison event stops its own key only', () => {
  const folder = temporaryFolder();
  const poisoned = derivedId('poisoned');
  const healthy = derivedId('healthy');
  let house: TestHouse;

  beforeAll(async () => {
    house = await openHouse({ folder });
    for (const opportunityId of [poisoned, healthy])
      await house.send('OpenOpportunity', { opportunityId, amount: 100, currency: 'EUR' });
    await house.close();
    const log = await openLog(await testEngines(join(folder, 'data')));
    const moment = new Date().toISOString();
    const fact = (type: string, schemaVersion: number, data: object) => ({
      id: crypto.randomUUID(),
      type,
      schemaVersion,
      occurredAt: moment,
      recordedAt: moment,
      data: JSON.stringify(data),
      metadata: JSON.stringify({
        actor: { kind: 'user', id: 'newer server' },
        commandId: crypto.randomUUID(),
        refs: { opportunity: poisoned },
      }),
    });
    await log.append(`opportunity-main.${poisoned}`, 0, [
      fact('OpportunityAssigned', 99, { opportunityId: poisoned, unknownShape: true }),
    ]);
    await log.append(`opportunity-main.${poisoned}`, 1, [
      fact('OpportunityAssigned', 1, { opportunityId: poisoned, ownerId: derivedId('owner') }),
    ]);
    await log.close();
    house = await openHouse({ folder });
  });
  afterAll(() => house.close());

  it('parks the fact and its successors of that key, in order, and shows them', async () => {
    await house.document('pipeline', healthy);
    const parked = (await house.views.parked('pipeline')).map(({ type, error }) => [type, error !== undefined]);
    expect(parked).toEqual([
      ['OpportunityAssigned', true],
      ['OpportunityAssigned', false],
    ]);
    const { readers } = await house.health();
    expect(readers.find(({ name }) => name === 'pipeline')?.parked).toBe(2);
  });

  it('lets every other key go on', async () => {
    await house.send('AdvanceOpportunity', { opportunityId: healthy, to: 'PROPOSAL' });
    expect(await house.document('pipeline', healthy)).toMatchObject({ phase: 'PROPOSAL' });
    expect(await house.document('pipeline', poisoned)).toMatchObject({ phase: 'PROSPECTING' });
  });

  it('refuses commands on the stream that this server cannot read, and takes all others', async () => {
    await expect(house.send('AdvanceOpportunity', { opportunityId: poisoned, to: 'PROPOSAL' })).rejects.toMatchObject({
      status: 503,
      code: 'newer-log',
    });
    expect(await house.send('OpenOpportunity', { amount: 1, currency: 'EUR' })).toMatchObject({ outcome: 'created' });
  });

  it('says why a release cannot succeed yet, and loses nothing', async () => {
    const [first] = await house.views.parked('pipeline');
    expect(await house.views.release('pipeline', 'main', first?.key ?? '')).toMatchObject({
      released: 0,
      error: expect.any(String),
    });
    expect(await house.views.parked('pipeline')).toHaveLength(2);
  });

  it('parks in a rebuild too', async () => {
    const reports = [];
    for await (const report of house.views.rebuild('pipeline')) reports.push(report);
    expect(reports.at(-1)).toMatchObject({ parked: 2 });
  });
});
