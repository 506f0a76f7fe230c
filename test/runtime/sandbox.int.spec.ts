import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, type Recorded, rolesApart } from '#kernel';
import type { Caller, CommandRequest } from '#runtime';
import { eventually, everyRole, openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';

const start = '2026-03-02T09:00:00.000Z';

/** A tenant of its own, with every role. */
async function tenantOf(house: TestHouse, name: string, sandbox: boolean): Promise<Caller> {
  await house.send('OpenTenant', { name, ...(sandbox && { sandbox }) });
  const { token } = await house.access.issueToken(house.admin, {
    label: name,
    roles: rolesApart(everyRole),
    tenant: name,
    holder: crypto.randomUUID(),
  });
  const issued = (await house.access.authenticate(token)) as Caller;
  return { ...issued, roles: new Set(everyRole) };
}

describe('PLT-03 a sandbox', () => {
  const folder = temporaryFolder();
  const servers = new SetClock(start);
  let house: TestHouse;
  let sandbox: Caller;
  let north: Caller;

  const send = (caller: Caller, command: string, payload: object, more: Partial<CommandRequest> = {}) =>
    house.send(command, payload, { caller, ...more });
  const setTo = (to: string, more: Partial<CommandRequest> = {}) => send(sandbox, 'SetClock', { to }, more);
  const settled = (to: string) =>
    eventually(async () => {
      const state = await house.clock.of('sandbox');
      return state.settled && state.now >= to ? state : undefined;
    }, 60_000);
  const factsOf = async (stream: string) =>
    (await house.facts.page({ tenant: stream.split(/[-.]/)[1] as string, stream, limit: 100 })).facts as readonly Recorded[];
  const document = async (caller: Caller, view: string, key: string, parameters: Record<string, string> = {}) => {
    const answer = await house.views.query({
      caller,
      view,
      key,
      parameters: { minPosition: await house.facts.head(), ...parameters },
    });
    return answer.kind === 'document' && answer.json !== undefined
      ? (JSON.parse(answer.json) as Record<string, unknown>)
      : undefined;
  };

  beforeAll(async () => {
    house = await openHouse({ folder, clock: servers });
    sandbox = await tenantOf(house, 'sandbox', true);
    north = await tenantOf(house, 'north', false);
  }, 180_000);
  afterAll(() => house?.close());

  it('says so of itself; a tenant that was opened without the mark is none and stays none', async () => {
    expect(await house.clock.of('sandbox')).toMatchObject({ sandbox: true, now: start });
    expect(await house.clock.of('north')).toEqual({ tenant: 'north', sandbox: false, now: start, imports: [] });
    for (const caller of [north, house.admin])
      await expect(send(caller, 'SetClock', { to: addDays(start, 1) })).rejects.toMatchObject({ code: 'not-a-sandbox' });
    const list = await house.list<{ name: string; sandbox: boolean }>('tenants');
    expect(list.map(({ document: { name, sandbox } }) => [name, sandbox])).toEqual([
      ['north', false],
      ['sandbox', true],
    ]);
  });

  it('has happen by its clock what is due, in the order of its moments, and in no other tenant', async () => {
    const opened = { amount: 100, currency: 'EUR' };
    const { id: opportunityId } = await send(sandbox, 'OpenOpportunity', opened);
    const { id: elsewhere } = await send(north, 'OpenOpportunity', opened);
    const { id: customerId } = await send(sandbox, 'RegisterCustomer', { kind: 'ORGANISATION', name: 'Acme' });
    const { id: ticketId } = await send(sandbox, 'OpenTicket', {
      customerId,
      channel: 'EMAIL',
      subject: 'Late',
      priority: 'URGENT',
    });
    const promises = ['URGENT', 'HIGH', 'MEDIUM', 'LOW'].map((priority) => ({
      priority,
      firstResponseMinutes: 60,
      resolutionMinutes: 180,
    }));
    const { id: policyId } = await send(sandbox, 'DefineSlaPolicy', { name: 'Closing', promises, closesAfterDays: 7 });
    const { id: solvedId } = await send(sandbox, 'OpenTicket', { customerId, channel: 'EMAIL', subject: 'Solved', policyId });
    await send(sandbox, 'ResolveTicket', { ticketId: solvedId, outcome: 'SOLVED' });
    expect(await document(sandbox, 'ticket-queue', solvedId)).toMatchObject({ status: 'RESOLVED', closesAt: addDays(start, 7) });
    await send(sandbox, 'DefineSilence', { days: 90 });
    await send(sandbox, 'RecordPurchase', { customerId, amount: 10_00, currency: 'EUR' });

    await setTo(addDays(start, 365));
    expect((await settled(addDays(start, 365))).now).toBe(addDays(start, 365));

    const stalled = (await factsOf(`opportunity-sandbox.${opportunityId}`)).find(({ type }) => type === 'OpportunityStalled');
    expect(stalled).toBeDefined();
    expect((stalled?.occurredAt as string) < addDays(start, 365)).toBe(true);
    expect(stalled?.recordedAt).toBe(start);
    expect((await factsOf(`ticket-sandbox.${ticketId}`)).map(({ type }) => type)).toContain('SlaBreached');
    const closed = (await factsOf(`ticket-sandbox.${solvedId}`)).find(({ type }) => type === 'TicketClosed');
    expect(closed).toMatchObject({ occurredAt: addDays(start, 7), data: { closedAt: addDays(start, 7) } });
    const queued = await document(sandbox, 'ticket-queue', solvedId);
    expect([queued?.status, queued?.closesAt]).toEqual(['CLOSED', undefined]);
    const churned = (await factsOf(`relationship-sandbox.${customerId}`)).find(({ type }) => type === 'CustomerChurned');
    expect(churned?.occurredAt).toBe(addDays(start, 90));

    const types = ['OpportunityStalled', 'SlaEscalated', 'SlaBreached', 'CustomerChurned'];
    const { facts: byTheClock } = await house.facts.page({ tenant: 'sandbox', types, limit: 100 });
    const moments = byTheClock.map(({ occurredAt }) => occurredAt);
    expect(new Set(moments).size).toBeGreaterThan(3);
    expect(moments).toEqual([...moments].sort());

    expect((await factsOf(`opportunity-north.${elsewhere}`)).map(({ type }) => type)).toEqual(['OpportunityOpened']);
    const { position } = await send(north, 'OpenOpportunity', opened);
    const { facts } = await house.facts.page({ tenant: 'north', limit: 100 });
    for (const { occurredAt, recordedAt } of facts) expect([occurredAt, recordedAt]).toEqual([start, start]);
    expect(position).toBe(facts.at(-1)?.position);
  }, 180_000);

  it('stamps business time by its clock, and recording by that of the servers', async () => {
    const now = addDays(start, 365);
    const { id } = await send(sandbox, 'OpenOpportunity', { amount: 1, currency: 'EUR' });
    const [opened] = await factsOf(`opportunity-sandbox.${id}`);
    expect([opened?.occurredAt, opened?.recordedAt]).toEqual([now, start]);
    await expect(
      send(sandbox, 'OpenOpportunity', { amount: 1, currency: 'EUR' }, { occurredAt: addDays(now, 1) }),
    ).rejects.toMatchObject({ code: 'in-the-future' });
    const dry = await house.commands.dryRun({ caller: sandbox, command: 'SetClock', payload: { to: addDays(now, 1) } });
    expect(dry.facts).toMatchObject([{ type: 'ClockSet', data: { from: now } }]);
    expect((await house.clock.of('sandbox')).now).toBe(now);
  });

  it('answers any day up to its now, and what was known by the time of the servers', async () => {
    const now = addDays(start, 365);
    const { id } = await send(sandbox, 'OpenOpportunity', { amount: 7, currency: 'EUR' });
    expect(await document(sandbox, 'pipeline', id, { asOf: now })).toMatchObject({ amount: 7 });
    expect(await document(sandbox, 'pipeline', id, { asOf: addDays(now, -1) })).toBeUndefined();
    expect(await document(sandbox, 'pipeline', id, { knownAt: start })).toMatchObject({ amount: 7 });
    await expect(document(sandbox, 'pipeline', id, { asOf: addDays(now, 2) })).rejects.toMatchObject({ status: 400 });
    const ahead = addDays(new Date().toISOString(), 1);
    await expect(document(sandbox, 'pipeline', id, { knownAt: ahead })).rejects.toMatchObject({ status: 400 });
  });

  it('has a clock that never goes back, is set once by a command however often it is sent, and runs on', async () => {
    const now = addDays(start, 365);
    await expect(setTo(addDays(now, -1))).rejects.toMatchObject({ code: 'clock-goes-back' });
    const to = addDays(now, 10);
    const first = await setTo(to, { idempotencyKey: 'ten days' });
    expect(first.facts).toEqual(['ClockSet']);
    servers.set(addDays(start, 1));
    expect(await setTo(to, { idempotencyKey: 'ten days' })).toEqual(first);
    expect((await house.clock.of('sandbox')).now).toBe(addDays(to, 1));
    expect((await house.clock.of('north')).now).toBe(addDays(start, 1));
  });

  it('keeps its clock and its timers over a restart', async () => {
    const before = (await house.clock.of('sandbox')).now;
    const { id } = await send(sandbox, 'OpenOpportunity', { amount: 5, currency: 'EUR' });
    await settled(before);
    await house.close();
    house = await openHouse({ folder, clock: servers });
    expect((await house.clock.of('sandbox')).now).toBe(before);
    await setTo(addDays(before, 365));
    await settled(addDays(before, 365));
    expect((await factsOf(`opportunity-sandbox.${id}`)).map(({ type }) => type)).toContain('OpportunityStalled');
    expect((await house.facts.page({ tenant: 'north', types: ['OpportunityStalled'], limit: 1 })).facts).toEqual([]);
  }, 180_000);
});
