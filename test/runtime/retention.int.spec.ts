import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Moment } from '#kernel';
import { eventually, openHouse, SetClock, type TestHouse } from '../support/house.js';

const START = '2026-01-05T09:00:00.000Z';
const day = (days: number) => addDays(START, days);

interface Relationship {
  readonly status: string;
  readonly purchases: number;
  readonly churnedAt?: Moment;
  readonly churnedBy?: string;
  readonly silentAt?: Moment;
  readonly wonBack: number;
}

/** The clock of retention on the whole product: processes, timers and views. */
describe('ANA-02, MKT-20 customers by the clock', () => {
  const clock = new SetClock(START);
  let house: TestHouse;

  beforeAll(async () => {
    house = await openHouse({ clock });
    await house.send('DefineSilence', { days: 90, interactions: true });
  });
  afterAll(() => house.close());

  const registered = async (name: string) => {
    const customerId = derivedId('customer', name);
    await house.send('RegisterCustomer', { customerId, kind: 'PERSON', name, segment: 'retail' });
    return customerId;
  };
  /** The relationship once it is as expected; due timers fire meanwhile. */
  const becomes = (customerId: string, is: (relationship: Relationship) => boolean) =>
    eventually(async () => {
      await house.fireDue();
      const relationship = await house.document<Relationship>('relationships', customerId);
      return relationship && is(relationship) ? relationship : undefined;
    });

  it('are lost by silence after an order and an interaction, when that was due, and won back by an order', async () => {
    clock.set(START);
    const customerId = await registered('Anna');
    const order = async (name: string) => {
      const orderId = derivedId('order', name);
      await house.send('PlaceOrder', {
        orderId,
        customerId,
        currency: 'EUR',
        lines: [{ description: 'Thing', quantity: 1, unitPrice: 1 }],
      });
      await house.send('ConfirmOrder', { orderId });
    };
    await order('first');
    await becomes(customerId, ({ silentAt }) => silentAt === day(90));
    clock.set(day(10));
    await house.send('LogInteraction', { customerId, channel: 'PHONE', direction: 'INBOUND', subject: 'Asked' });
    await becomes(customerId, ({ silentAt }) => silentAt === day(100));

    clock.set(day(105));
    expect(await becomes(customerId, ({ status }) => status === 'CHURNED')).toMatchObject({
      churnedAt: day(100),
      churnedBy: 'PURCHASES',
      purchases: 1,
    });
    const asOf = async (moment: Moment) =>
      (await house.document<Relationship>('relationships', customerId, { asOf: moment }))?.status;
    expect([await asOf(day(99)), await asOf(day(101))]).toEqual(['ACTIVE', 'CHURNED']);

    await order('second');
    await becomes(customerId, ({ status, wonBack, purchases }) => status === 'ACTIVE' && wonBack === 1 && purchases === 2);
  });

  it('are lost at the end of a term, and the action to keep them is judged', async () => {
    clock.set(day(200));
    const customerId = await registered('Bo');
    const contractId = derivedId('contract');
    const terms = { kind: 'Trial', price: 10_00, currency: 'EUR', endsAt: day(230) };
    await house.send('StartContract', { customerId, contractId, ...terms });
    const actionId = derivedId('action');
    await house.send('TakeRetentionAction', { customerId, actionId, kind: 'CALL', days: 40 });
    clock.set(day(240));
    expect(await becomes(customerId, ({ status }) => status === 'CHURNED')).toMatchObject({
      churnedAt: day(230),
      churnedBy: 'CONTRACT',
    });
    const action = await eventually(async () => {
      await house.fireDue();
      const action = await house.document<{ outcome: string }>('retention-actions', actionId);
      return action?.outcome === 'OPEN' ? undefined : action;
    });
    expect(action).toMatchObject({ outcome: 'CHURNED', kind: 'CALL', segment: 'retail' });
    const month = { month: '2026-08', churned: 1, atRisk: 1, rate: 100 };
    const churn = await house.document<{ months: readonly object[] }>('churn', 'CONTRACT:retail');
    expect(churn?.months.at(-1)).toMatchObject(month);
  });

  it('are kept by signs of life of those who are merged into them, and watched by their own again after the unmerge (CID-04)', async () => {
    clock.set(day(300));
    const [survivorId, memberId] = [await registered('Cleo'), await registered('Cleopatra')];
    const buy = (customerId: string) => house.send('RecordPurchase', { customerId, amount: 10_00, currency: 'EUR' });
    await buy(survivorId);
    await buy(memberId);
    await house.send('MergeCustomers', { customerId: memberId, survivorId });
    clock.set(day(360));
    await buy(memberId);
    await becomes(survivorId, ({ silentAt }) => silentAt === day(450));

    clock.set(day(400));
    await house.fireDue();
    await house.send('LogInteraction', { customerId: memberId, channel: 'PHONE', direction: 'INBOUND', subject: 'Asked' });
    await becomes(survivorId, ({ silentAt, status }) => silentAt === day(490) && status === 'ACTIVE');
    expect(await house.document('relationships', memberId)).toMatchObject({ status: 'ACTIVE', purchases: 2 });

    await house.send('UnmergeCustomers', { customerId: memberId });
    await becomes(survivorId, ({ status, churnedAt }) => status === 'CHURNED' && churnedAt === day(390));
    await becomes(memberId, ({ status, silentAt }) => status === 'ACTIVE' && silentAt === day(490));
    clock.set(day(500));
    await becomes(memberId, ({ status, churnedAt }) => status === 'CHURNED' && churnedAt === day(490));
  });

  it('have one definition of silence, whoever sends it', async () => {
    const { stream } = await house.send('DefineSilence', { days: 60 });
    expect((await house.send('DefineSilence', { days: 90 })).stream).toBe(stream);
    await expect(house.send('DefineSilence', { silenceId: derivedId('another'), days: 60 })).rejects.toMatchObject({
      status: 400,
    });
  });
});
