import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, derivedId } from '#kernel';
import type { CommandPipeline } from '#runtime/commands/pipeline';
import { eventually, openHouse, SetClock, type TestHouse } from '../support/house.js';

const now = '2026-03-01T12:00:00.000Z';

describe('the command pipeline', () => {
  const clock = new SetClock(now);
  let house: TestHouse;
  beforeAll(async () => {
    house = await openHouse({ clock });
  });
  afterAll(() => house.close());

  const open = (more = {}) => house.send('OpenOpportunity', { amount: 100, currency: 'EUR' }, more);
  const factsOf = async (stream: string) => (await house.facts.page({ tenant: 'main', stream, limit: 100 })).facts;

  it('refuses unknown commands and those that only processes send', async () => {
    await expect(house.send('Nonsense', {})).rejects.toMatchObject({ status: 404 });
    await expect(house.send('RecordToken', {})).rejects.toMatchObject({ status: 404 });
  });

  it('refuses a caller without the role, naming the roles', async () => {
    await expect(open({ caller: house.callerWith('analyst') })).rejects.toMatchObject({
      status: 403,
      options: { members: { roles: ['sales'] } },
    });
  });

  it('answers a retry as before, however many facts the command recorded', async () => {
    const own = new SetClock(now);
    const idle = await openHouse({ clock: own, runsProcesses: false });
    try {
      const customerId = derivedId('customer', 'of many contracts');
      await idle.send('RegisterCustomer', { customerId, kind: 'ORGANISATION', name: 'Acme' });
      const contract = (number: number, endsAt?: string) => ({
        ...{ customerId, contractId: derivedId('contract', String(number)), kind: 'BASIC', price: 1, currency: 'EUR' },
        ...(endsAt !== undefined && { endsAt }),
      });
      for (let number = 0; number < 120; number++) await idle.send('StartContract', contract(number, addDays(now, 1)));
      own.set(addDays(now, 2));
      const more = { idempotencyKey: 'the next contract' };
      const first = await idle.send('StartContract', contract(120), more);
      expect(first.facts.length).toBeGreaterThan(120);
      await idle.send('StartContract', contract(121));
      expect(await idle.send('StartContract', contract(120), more)).toEqual(first);
    } finally {
      await idle.close();
    }
  });

  it('stamps who, when and what it was decided on', async () => {
    const pipelineId = derivedId('pipeline', 'main');
    const phases = [
      { name: 'FIRST', kind: 'OPEN', probability: 10 },
      { name: 'WON', kind: 'WON', probability: 100 },
      { name: 'LOST', kind: 'LOST', probability: 0 },
    ];
    await house.send('DefinePipeline', { pipelineId, name: 'Short', phases });
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Somebody' });
    const { stream } = await house.send('OpenOpportunity', { customerId, amount: 100, currency: 'EUR' });
    const [fact] = await factsOf(stream);
    expect(fact).toMatchObject({
      type: 'OpportunityOpened',
      actor: house.admin.actor,
      occurredAt: now,
      recordedAt: now,
      refs: { customer: customerId },
      inputs: [`pipelineDefinition-main.${pipelineId}@0`, `customer-main.${customerId}@0`],
      data: { phase: 'FIRST' },
    });
  });

  it.each(['4B1F64F6-5D0C-4E59-9D0E-6C1B7F0A2C31', '00000000-0000-0000-0000-000000000000', 'x', '', 'main.4b1f64f6', 7])(
    'never lets %p name a stream',
    async (id) => {
      const before = await house.facts.head();
      const invalid = { status: 400, options: { errors: [{ field: 'opportunityId' }] } };
      await expect(open({ payload: { opportunityId: id, amount: 1, currency: 'EUR' } })).rejects.toMatchObject(invalid);
      await expect(house.send('WinOpportunity', { opportunityId: id })).rejects.toMatchObject(invalid);
      // Commands without a route are not validated by their class: they are held back here.
      const { perform } = house.commands as CommandPipeline;
      const internal = { caller: house.admin, command: 'CompleteLeadConversion', payload: { leadId: id } };
      await expect(perform.call(house.commands, internal)).rejects.toMatchObject({ status: 400, code: 'invalid-command' });
      expect(await house.processes.state('main', String(id))).toBeUndefined();
      expect(await house.facts.head()).toBe(before);
    },
  );

  it('takes a moment with any zone for what it is in UTC, a retry that spells it in another way too', async () => {
    const closing = (expectedClose: string) =>
      open({ payload: { amount: 1, currency: 'EUR', expectedClose }, idempotencyKey: 'zones' });
    const first = await closing('2026-06-01T00:00:00+02:00');
    expect((await factsOf(first.stream))[0]?.data).toMatchObject({ expectedClose: '2026-05-31T22:00:00.000Z' });
    expect(await closing('2026-05-31T22:00:00Z')).toEqual(first);
    await expect(closing('2026-06-01T00:00:00Z')).rejects.toMatchObject({ code: 'key-reused' });
  });

  it('refuses a day that no calendar has as business time', async () => {
    await expect(open({ occurredAt: '2026-02-30T09:00:00.000Z' })).rejects.toMatchObject({ status: 400, code: 'invalid-time' });
  });

  it('refuses to read a stream from a position of another log', async () => {
    const { stream } = await open();
    const after = 'another0.0000000000000001';
    await expect(house.facts.page({ tenant: 'main', stream, after, limit: 1 })).rejects.toMatchObject({ status: 410 });
  });

  it('records only what changes something', async () => {
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'X' });
    const order = await house.send('PlaceOrder', {
      customerId,
      currency: 'EUR',
      lines: [{ description: 'Thing', quantity: 1, unitPrice: 1 }],
    });
    await house.send('ConfirmOrder', { orderId: order.id });
    expect(await house.send('ConfirmOrder', { orderId: order.id })).toMatchObject({
      outcome: 'unchanged',
      facts: [],
      revision: 1,
    });
  });

  describe('with a business time', () => {
    it('refuses the future', () =>
      expect(open({ occurredAt: addDays(now, 1) })).rejects.toMatchObject({ code: 'in-the-future' }));
    it('refuses what is no moment', () => expect(open({ occurredAt: '2026-02-30' })).rejects.toMatchObject({ status: 400 }));
    it('asks for the role', () =>
      expect(open({ occurredAt: addDays(now, -1), caller: house.callerWith('sales') })).rejects.toMatchObject({
        status: 403,
        code: 'backdate-role-needed',
      }));
    it('holds the role backdate to its bound, but not an importer', async () => {
      await expect(open({ occurredAt: addDays(now, -31), caller: house.callerWith('sales', 'backdate') })).rejects.toMatchObject({
        code: 'too-long-ago',
      });
      expect(await open({ occurredAt: addDays(now, -3_000), caller: house.callerWith('sales', 'importer') })).toMatchObject({
        outcome: 'created',
      });
    });

    it('never goes back within a stream, but for corrections', async () => {
      const { id: opportunityId, stream } = await open();
      await expect(house.send('WinOpportunity', { opportunityId }, { occurredAt: addDays(now, -1) })).rejects.toMatchObject({
        code: 'before-last-fact',
      });
      await house.send('AssignOpportunity', { opportunityId, ownerId: derivedId('owner') });
      expect((await factsOf(stream)).map(({ type }) => type)).toEqual(['OpportunityOpened', 'OpportunityAssigned']);
    });
  });

  it('keeps stream order when the clock is set back', async () => {
    const { id: opportunityId, stream } = await open();
    clock.set(addDays(now, -2));
    await house.send('AdvanceOpportunity', { opportunityId, to: 'LOST' }).catch(() => {});
    await house.send('CorrectOpportunity', { opportunityId, amount: 5 });
    clock.set(now);
    const facts = await factsOf(stream);
    expect(facts.map(({ occurredAt }) => occurredAt)).toEqual([now, now]);
    expect(facts[1]?.recordedAt).toBe(addDays(now, -2));
  });

  it('runs a lead through its conversion: all three things exist, and LeadConverted comes last (SAL-04)', async () => {
    const { id: leadId } = await house.send('CreateLead', { name: 'Grace', email: 'grace@example.org', source: 'WEB_SITE' });
    await house.send('AssignLead', { leadId, ownerId: derivedId('owner') });
    await house.send('QualifyLead', { leadId });
    const converted = await house.send('ConvertLead', { leadId, amount: 100_00, currency: 'EUR' }, { idempotencyKey: 'convert' });
    expect(converted.outcome).toBe('accepted');
    const state = await house.processes.settled('main', converted.process ?? '', 10_000);
    expect(state).toMatchObject({ process: 'lead-conversion', status: 'DONE' });
    const [started] = (await factsOf(`lead-main.${leadId}`)).filter(({ type }) => type === 'LeadConversionStarted');
    if (!started) throw new Error('The conversion did not start.');
    const { customerId, opportunityId } = started.data as { customerId: string; opportunityId: string };
    const customer = await house.document<{ name: unknown; opportunities: unknown[] }>('customer360', customerId);
    expect(JSON.stringify(await house.access.present(house.admin, customer, 'test'))).toContain('Grace');
    expect(await house.document('pipeline', opportunityId)).toMatchObject({ leadId, customerId, amount: 100_00 });
    expect((await factsOf(`lead-main.${leadId}`)).at(-1)?.type).toBe('LeadConverted');
    expect(await house.send('ConvertLead', { leadId, amount: 100_00, currency: 'EUR' }, { idempotencyKey: 'convert' })).toEqual(
      converted,
    );
  });

  it('drafts an order for a won opportunity of a customer (ORD-06)', async () => {
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Buyer' });
    const { id: opportunityId } = await house.send('OpenOpportunity', { customerId, amount: 700_00, currency: 'EUR' });
    await house.send('WinOpportunity', { opportunityId });
    const [order] = await eventually(async () => {
      const found = await house.list<{ status: string; orderedAmount: number }>('order-to-cash', { opportunityId });
      return found.length > 0 ? found : undefined;
    });
    expect(order?.document).toMatchObject({ status: 'DRAFT', orderedAmount: 700_00 });
  });

  it('reminds of an unpaid invoice when the time has come, and never of a paid one', async () => {
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Debtor' });
    const invoiced = async () => {
      const { id: orderId } = await house.send('PlaceOrder', {
        customerId,
        currency: 'EUR',
        paymentTermDays: 10,
        lines: [{ description: 'Thing', quantity: 1, unitPrice: 100 }],
      });
      await house.send('ConfirmOrder', { orderId });
      await house.send('InvoiceOrder', { orderId });
      return orderId;
    };
    const [unpaid, paid] = [await invoiced(), await invoiced()];
    const { invoices } = (await house.document<{ invoices: { invoiceId: string }[] }>('order-to-cash', paid)) ?? { invoices: [] };
    await house.send('ReceivePayment', { orderId: paid, invoiceId: invoices[0]?.invoiceId, amount: 100 });
    const reminders = async (orderId: string) =>
      (await factsOf(`order-main.${orderId}`)).filter(({ type }) => type === 'PaymentReminded');
    clock.set(addDays(now, 10 + 21));
    const sent = await eventually(async () => {
      await house.fireDue();
      const found = await reminders(unpaid);
      return found.length === 2 ? found : undefined;
    });
    expect(sent.map(({ occurredAt }) => occurredAt)).toEqual([addDays(now, 17), addDays(now, 31)]);
    expect(await reminders(paid)).toEqual([]);
    clock.set(now);
  });
});
