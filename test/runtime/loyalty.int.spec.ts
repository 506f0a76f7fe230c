import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Moment, type Recorded } from '#kernel';
import { type Fault, openCore } from '../support/faulty-log.js';
import { atRest, eventually, openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';

const START = '2026-01-05T09:00:00.000Z';
const day = (days: number): Moment => addDays(START, days);
const programmeId = derivedId('loyalty', 'programme');
const tiers = [
  { name: 'Bronze', minSpent: 0, pointFor: 1_00 },
  { name: 'Gold', minSpent: 500_00, pointFor: 50 },
];
const lineId = derivedId('loyalty', 'line');
const lines = [{ lineId, description: 'Chair', quantity: 2, unitPrice: 100_00 }];
const oneChair = [{ lineId, quantity: 1 }];

interface Entry {
  readonly status: string;
  readonly tier: string;
  readonly balance: number;
  readonly owed: number;
  readonly spent: number;
  readonly earned: number;
  readonly takenBack: number;
  readonly expired: number;
}
type Sender = Pick<TestHouse, 'send' | 'facts'>;

const customerOf = async ({ send }: Sender, name: string) => {
  const customerId = derivedId('loyalty', 'customer', name);
  await send('RegisterCustomer', { customerId, kind: 'PERSON', name });
  return customerId;
};
const memberOf = async (house: Sender, name: string) => {
  const customerId = await customerOf(house, name);
  await house.send('EnrolMember', { customerId, programmeId });
  return customerId;
};
/** An order of two chairs for 200.00 that arrived and is invoiced. */
async function invoiced({ send, facts }: Sender, customerId: string) {
  const { id: orderId } = await send('PlaceOrder', { customerId, currency: 'EUR', lines });
  for (const command of ['ConfirmOrder', 'ShipOrder', 'DeliverOrder', 'InvoiceOrder']) await send(command, { orderId });
  const page = await facts.page({ tenant: 'main', stream: `order-main.${orderId}`, types: ['OrderInvoiced'], limit: 1 });
  const [invoice] = page.facts as Recorded<{ invoiceId: string }>[];
  return { orderId, invoiceId: invoice?.data.invoiceId ?? '' };
}
async function paid(house: Sender, customerId: string) {
  const order = await invoiced(house, customerId);
  await house.send('ReceivePayment', { ...order, amount: 200_00 });
  return order;
}
async function sentBack({ send }: Sender, orderId: string) {
  const { id: returnId } = await send('RequestReturn', { orderId, lines: oneChair, reason: 'damaged' });
  for (const command of ['ApproveReturn', 'ReceiveReturn', 'RefundReturn']) await send(command, { returnId });
}
const ledgerOf = async ({ facts }: Sender, customerId: string) => {
  const page = await facts.page({ tenant: 'main', stream: `loyaltyMember-main.${customerId}`, limit: 100 });
  return (page.facts as Recorded<{ points?: number }>[]).map(({ type, data: { points } }) => [type, points] as const);
};
const becomes = (house: TestHouse, customerId: string, is: (entry: Entry) => boolean) =>
  eventually(async () => {
    await house.fireDue();
    const entry = await house.document<Entry>('loyalty', customerId);
    return entry && is(entry) ? entry : undefined;
  });

describe('MKT-16, ORD-08 loyalty on the whole product', () => {
  const clock = new SetClock(START);
  const folder = temporaryFolder();
  let house: TestHouse;
  beforeAll(async () => {
    house = await openHouse({ folder, clock });
    const terms = { name: 'Friends', currency: 'EUR', tiers, expiresAfterDays: 365, pointWorth: 1 };
    await house.send('DefineLoyaltyProgramme', { programmeId, ...terms });
  });
  afterAll(() => house.close());

  it('earns with a paid order, and takes back once what was sent back, on any day that one asks for', async () => {
    clock.set(START);
    const customerId = await memberOf(house, 'Ada');
    clock.set(day(1));
    const { orderId } = await paid(house, customerId);
    await becomes(house, customerId, ({ balance }) => balance === 200);
    clock.set(day(2));
    await sentBack(house, orderId);
    const entry = await becomes(house, customerId, ({ takenBack }) => takenBack > 0);
    expect(entry).toMatchObject({ balance: 100, spent: 100_00, earned: 200, takenBack: 100 });

    await atRest(house);
    await house.close();
    house = await openHouse({ folder, clock });
    await atRest(house);
    const ledger = [
      ['MemberEnrolled', undefined],
      ['PointsEarned', 200],
      ['PointsTakenBack', 100],
    ];
    expect(await ledgerOf(house, customerId)).toEqual(ledger);
    const balanceAsOf = async (asOf: Moment) => (await house.document<Entry>('loyalty', customerId, { asOf }))?.balance;
    expect([await balanceAsOf(day(0.5)), await balanceAsOf(day(1.5)), await balanceAsOf(day(2.5))]).toEqual([0, 200, 100]);
  });

  it('takes back what a claim and a credit note credit, and what a bounced payment had earned', async () => {
    const customerId = await memberOf(house, 'Bo');
    const claimed = await paid(house, customerId);
    const { id: claimId } = await house.send('FileClaim', { orderId: claimed.orderId, kind: 'DAMAGED', lines: oneChair });
    await house.send('SettleClaim', { claimId, settlement: 'CREDIT', amount: 33_33, reason: 'scratched' });
    await becomes(house, customerId, ({ balance, takenBack }) => balance === 166 && takenBack === 34);
    await house.send('CreditOrder', { ...claimed, amount: 166_67, evenIfPaid: true, reason: 'goodwill' });
    await becomes(house, customerId, ({ balance, takenBack, spent }) => balance === 0 && takenBack === 200 && spent === 0);

    const bounced = await invoiced(house, customerId);
    const paymentId = derivedId('loyalty', 'bounces');
    await house.send('ReceivePayment', { ...bounced, paymentId, amount: 200_00 });
    await becomes(house, customerId, ({ balance }) => balance === 200);
    await house.send('ReversePayment', {
      orderId: bounced.orderId,
      paymentId,
      reason: 'no funds',
    });
    await becomes(house, customerId, ({ balance, takenBack }) => balance === 0 && takenBack === 400);
  });

  it('redeems at most what there is, also of two who redeem at once, and sets off what came back after that', async () => {
    const customerId = await memberOf(house, 'Cleo');
    const { orderId } = await paid(house, customerId);
    await becomes(house, customerId, ({ balance }) => balance === 200);
    const redeem = () => house.send('RedeemPoints', { customerId, points: 150, reward: 'Mug' });
    const outcomes = await Promise.allSettled([redeem(), redeem()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'points-above-balance' } });
    await sentBack(house, orderId);
    await becomes(house, customerId, ({ balance, owed }) => balance === 0 && owed === 50);
    await paid(house, customerId);
    await becomes(house, customerId, ({ balance, owed }) => balance === 150 && owed === 0);
  });

  it('reaches a tier, and lets points expire by the clock', async () => {
    clock.set(day(10));
    const customerId = await memberOf(house, 'Dan');
    for (const balance of [200, 400, 600]) {
      await paid(house, customerId);
      await becomes(house, customerId, (entry) => entry.balance === balance);
    }
    clock.set(day(20));
    await paid(house, customerId);
    await becomes(house, customerId, ({ balance, tier }) => balance === 1000 && tier === 'Gold');
    clock.set(day(376));
    await becomes(house, customerId, ({ balance, expired }) => balance === 400 && expired === 600);
    expect(await house.groups('loyalty', { group: 'tier', sum: 'balance,spent', customerId })).toMatchObject([
      { tier: 'Gold', balance: 400, spent: 800_00 },
    ]);
  });

  it('lets orders of a merged customer count for the survivor, and take back from it', async () => {
    const [survivorId, customerId] = [await memberOf(house, 'Eve'), await customerOf(house, 'Evelyn')];
    await house.send('MergeCustomers', { customerId, survivorId });
    const { orderId } = await paid(house, customerId);
    await becomes(house, survivorId, ({ balance }) => balance === 200);
    await house.send('UnmergeCustomers', { customerId });
    await house.send('EnrolMember', { customerId, programmeId });
    await sentBack(house, orderId);
    await becomes(house, survivorId, ({ balance, takenBack }) => balance === 100 && takenBack === 100);
    expect(await house.document('loyalty', customerId)).toMatchObject({ balance: 0, earned: 0, takenBack: 0 });
  });

  it('keeps the points of both who are merged, each to be used where it is, and shows both with either', async () => {
    const [survivorId, customerId] = [await memberOf(house, 'Fay'), await memberOf(house, 'Fayette')];
    await paid(house, customerId);
    await becomes(house, customerId, ({ balance }) => balance === 200);
    await house.send('MergeCustomers', { customerId, survivorId });
    await house.send('RedeemPoints', { customerId, points: 50 });
    const shown = await house.list<Entry>('loyalty', { customerId: survivorId });
    expect(shown.map(({ key, document: { balance } }) => [key, balance])).toEqual([
      [customerId, 150],
      [survivorId, 0],
    ]);
  });

  it('ends with the erasure of a customer: its sums stay, its points do not (CID-10)', async () => {
    const customerId = await memberOf(house, 'Gus');
    await paid(house, customerId);
    await becomes(house, customerId, ({ balance }) => balance === 200);
    await house.send('EraseCustomer', { customerId });
    const entry = await becomes(house, customerId, ({ status }) => status === 'ENDED');
    expect(entry).toMatchObject({ balance: 0, earned: 200, spent: 200_00 });
    await expect(house.send('EnrolMember', { customerId, programmeId })).rejects.toMatchObject({ code: 'customer-erased' });
  });
});

describe('MKT-16, ORD-08 a server that is killed', () => {
  it.each<{ when: string; fault: Fault }>([
    { when: 'as points are booked', fault: 'dead' },
    { when: 'never, but the answer to the booking is lost', fault: 'unheard' },
    { when: 'never, but the log refuses the booking once', fault: 'unavailable' },
  ])('$when books each order once, and takes back once', async ({ fault }) => {
    const folder = temporaryFolder();
    let core = await openCore(folder, { runsProcesses: true });
    await core.send('DefineLoyaltyProgramme', { programmeId, name: 'Friends', currency: 'EUR', tiers });
    const customerId = await memberOf(core, 'Hal');
    let appends = 0;
    core.log.plan = (stream) => (stream.startsWith('loyaltyMember-') && ++appends === 2 ? fault : undefined);
    const orders = [];
    for (let count = 0; count < 3; count++) {
      const order = await invoiced(core, customerId).catch(() => undefined);
      if (order) orders.push(order);
    }
    const pay = ({ orderId, invoiceId }: { orderId: string; invoiceId: string }) =>
      core.send('ReceivePayment', { orderId, invoiceId, amount: 200_00 }, { idempotencyKey: `pay ${orderId}` });
    await Promise.allSettled(orders.map(pay));
    await eventually(async () => (appends >= 2 ? true : undefined));
    await core.close();

    core = await openCore(folder, { runsProcesses: true });
    for (const order of orders) await pay(order);
    const booked = async (type: string) => (await ledgerOf(core, customerId)).filter(([one]) => one === type);
    await eventually(async () => ((await booked('PointsEarned')).length >= 3 ? true : undefined));
    for (const { orderId, invoiceId } of orders)
      await core.send('CreditOrder', { orderId, invoiceId, amount: 200_00, evenIfPaid: true, forGood: true, reason: 'recall' });
    await eventually(async () => ((await booked('PointsTakenBack')).length >= 3 ? true : undefined));
    await core.close();

    core = await openCore(folder, { runsProcesses: true });
    const sum = (entries: readonly (readonly [string, number | undefined])[]) =>
      entries.reduce((total, [, points = 0]) => total + points, 0);
    expect([await booked('PointsEarned'), await booked('PointsTakenBack')].map((entries) => entries.length)).toEqual([3, 3]);
    expect(sum(await booked('PointsTakenBack'))).toBe(sum(await booked('PointsEarned')));
    await core.close();
  });
});
