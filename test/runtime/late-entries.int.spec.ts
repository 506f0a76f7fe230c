import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, derivedId } from '#kernel';
import { atRest, openHouse, SetClock, type TestHouse } from '../support/house.js';

const OPENED = '2026-01-05T09:00:00.000Z';
const day = (days: number) => addDays(OPENED, days);

/** Opportunities stall after 30 days in a phase. */
describe('what is told late, behind a stall that the clock has said', () => {
  const clock = new SetClock(OPENED);
  const opportunityId = derivedId('opportunity', 'told late');
  let house: TestHouse;
  beforeAll(async () => {
    house = await openHouse({ clock });
    await house.send('OpenOpportunity', { opportunityId, amount: 1, currency: 'EUR' });
    await passed(31);
  });
  afterAll(() => house.close());

  const passed = async (days: number) => {
    clock.set(day(days));
    await atRest(house);
    await house.fireDue();
  };
  const told = (at: string, to = 'PROPOSAL') =>
    house.send('AdvanceOpportunity', { opportunityId, to }, { occurredAt: at, caller: house.callerWith('sales', 'backdate') });
  const shown = (asOf?: string) => house.document('pipeline', opportunityId, asOf ? { asOf } : {});
  const facts = async () =>
    (await house.facts.page({ tenant: 'main', stream: `opportunity-main.${opportunityId}`, limit: 100 })).facts.map(
      ({ type, occurredAt }) => [type, occurredAt],
    );

  it('is taken, and the stall is over', async () => {
    expect(await shown()).toMatchObject({ phase: 'PROSPECTING', stalled: true, stalledSince: day(30) });
    await told(day(29));
    expect(await facts()).toEqual([
      ['OpportunityOpened', OPENED],
      ['OpportunityStalled', day(30)],
      ['OpportunityAdvanced', day(29)],
    ]);
    expect(await shown()).toMatchObject({ phase: 'PROPOSAL', phaseSince: day(29), stalled: false, daysIn: { PROSPECTING: 29 } });
  });

  it('is right on any day', async () => {
    expect(await shown(day(28))).toMatchObject({ phase: 'PROSPECTING', stalled: false });
    expect(await shown(day(29.5))).toMatchObject({ phase: 'PROPOSAL', stalled: false });
    expect(await shown(day(30.5))).toEqual(await shown());
  });

  it('is refused where it lies before something that somebody told', async () => {
    await expect(told(day(28), 'NEGOTIATION')).rejects.toMatchObject({ code: 'before-last-fact' });
  });

  it('lets the clock go on from it', async () => {
    await passed(60);
    expect((await facts()).slice(3)).toEqual([['OpportunityStalled', day(59)]]);
    expect(await shown()).toMatchObject({ phase: 'PROPOSAL', stalled: true, stalledSince: day(59) });
  });
});
