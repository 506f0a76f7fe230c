import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openHouse, type TestHouse } from '../support/house.js';

describe('P5: read your writes', () => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());

  const at = (position: string, view: string, key: string, wait?: string) =>
    house.views.query({ caller: house.admin, view, key, parameters: { minPosition: position, ...(wait ? { wait } : {}) } });

  it('waits until the view has the position of the answer', async () => {
    for (let amount = 1; amount <= 50; amount++) {
      const { id, position } = await house.send('OpenOpportunity', { amount, currency: 'EUR' });
      expect(await at(position, 'pipeline', id)).toMatchObject({ json: expect.stringContaining(`"amount":${amount},`) });
    }
  });

  it('waits on no view for ever whose facts did not come: a quiet log is up to date', async () => {
    const { position } = await house.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
    const answer = await at(position, 'products', '018f3a5e-0000-7000-8000-000000000001');
    expect(answer).toMatchObject({ kind: 'document', json: undefined });
    expect(answer.meta.position >= position).toBe(true);
  });

  it('says how far it is when the position does not come in time', async () => {
    const head = await house.facts.head();
    const beyond = head.replace(/\d{16}$/, (digits) => String(Number(digits) + 1_000).padStart(16, '0'));
    await expect(at(beyond, 'pipeline', '018f3a5e-0000-7000-8000-000000000001', '50')).rejects.toMatchObject({
      status: 503,
      code: 'view-behind',
      options: { members: { position: expect.any(String) } },
    });
  });

  it('says how far it is where the past is asked, too', async () => {
    const head = await house.facts.head();
    const beyond = head.replace(/\d{16}$/, (digits) => String(Number(digits) + 7).padStart(16, '0'));
    const parameters = { minPosition: beyond, wait: '50', asOf: new Date().toISOString() };
    await expect(house.views.query({ caller: house.admin, view: 'pipeline', parameters })).rejects.toMatchObject({
      code: 'view-behind',
      options: { members: { position: head } },
    });
  });

  it('refuses a position of another log', async () => {
    await expect(at('zzzzzzzz.0000000000000001', 'pipeline', '018f3a5e-0000-7000-8000-000000000001')).rejects.toMatchObject({
      status: 410,
    });
  });
});
