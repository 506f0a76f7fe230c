import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { liveThrough, START } from '../support/history.js';
import { openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';

describe('P4: views are a function of the log', () => {
  const folder = temporaryFolder();
  const clock = new SetClock(START);
  let house: TestHouse;

  beforeAll(async () => {
    house = await openHouse({ folder, clock });
    await liveThrough(house, clock, { seed: 4, commands: 150 });
    // Folding goes on where it stood: what a restart does twice or not at all would show.
    await house.close();
    house = await openHouse({ folder, clock });
    await liveThrough(house, clock, { seed: 5, commands: 150 });
    await house.document('pipeline', 'nothing');
  }, 240_000);
  afterAll(() => house.close());

  it('gives the same bytes for every document of every view when it is built again from nothing', async () => {
    for (const view of house.registry.views.keys()) {
      const states: string[] = [];
      let documents = 0;
      for await (const progress of house.views.rebuild(view)) {
        states.push(progress.state);
        documents = progress.documents ?? documents;
      }
      expect([view, states.at(-1)]).toEqual([view, 'identical']);
      if (['pipeline', 'customer360', 'timeline', 'order-to-cash', 'invoices', 'receivables'].includes(view))
        expect(documents).toBeGreaterThan(0);
    }
  });
});
