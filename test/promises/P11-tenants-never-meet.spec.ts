import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Recorded, rolesApart, type SealedValue } from '#kernel';
import type { Caller } from '#runtime';
import { eventually, everyRole, openHouse, type TestHouse } from '../support/house.js';

describe('P11: tenants never meet', () => {
  let house: TestHouse;
  let north: Caller;

  beforeAll(async () => {
    house = await openHouse();
    await house.send('OpenTenant', { name: 'north' });
    const { token } = await house.access.issueToken(house.admin, {
      label: 'north',
      roles: rolesApart(everyRole),
      tenant: 'north',
      holder: crypto.randomUUID(),
    });
    const issued = (await house.access.authenticate(token)) as Caller;
    // every role at once, which no token holds: no role may be the only thing that keeps tenants apart
    north = { ...issued, roles: new Set(everyRole) };
  });
  afterAll(() => house.close());

  it('gives a token its tenant; nothing else does', () => expect(north.tenant).toBe('north'));

  it('has the same id mean two things in two tenants', async () => {
    const { id } = await house.send('OpenOpportunity', { amount: 100, currency: 'EUR' });
    await expect(
      house.send('AdvanceOpportunity', { opportunityId: id, to: 'PROPOSAL' }, { caller: north }),
    ).rejects.toMatchObject({ status: 422 });
    const other = await house.send('OpenOpportunity', { opportunityId: id, amount: 777, currency: 'EUR' }, { caller: north });
    expect(other.stream).toBe(`opportunity-north.${id}`);
    expect(await house.document('pipeline', id)).toMatchObject({ amount: 100 });
    const minPosition = other.position;
    expect(await house.views.query({ caller: north, view: 'pipeline', key: id, parameters: { minPosition } })).toMatchObject({
      json: expect.stringContaining('"amount":777,'),
    });
  });

  it('shows no document, group, fact or process of another in any view', async () => {
    await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Only in main' });
    const minPosition = await house.facts.head();
    for (const view of house.registry.views.keys()) {
      const mine = await house.views.query({ caller: house.admin, view, parameters: { minPosition, limit: '500' } });
      const theirs = await house.views.query({ caller: north, view, parameters: { minPosition, limit: '500' } });
      if (mine.kind !== 'list' || theirs.kind !== 'list') throw new Error('Not a list.');
      const shared = mine.items.filter(({ json }) => theirs.items.some((item) => item.json === json));
      expect(shared).toEqual([]);
      for (const { key, json } of mine.items) {
        const answer = await house.views.query({ caller: north, view, key, parameters: { minPosition } });
        if (answer.kind === 'document' && answer.json !== undefined) expect(answer.json).not.toBe(json);
      }
    }
    const { facts } = await house.facts.page({ tenant: 'north', limit: 1_000 });
    expect(facts.length).toBeGreaterThan(0);
    for (const { tenant, stream } of facts) expect([tenant, stream.includes('-north.')]).toEqual(['north', true]);
    const mainStream = (await house.facts.page({ tenant: 'main', limit: 1 })).facts[0]?.stream as string;
    await expect(house.facts.page({ tenant: 'north', stream: mainStream, limit: 10 })).rejects.toMatchObject({ status: 404 });
  });

  it('opens no sealed value with a token of another', async () => {
    const { id } = await house.send('RegisterCustomer', { kind: 'PERSON', name: 'Ada of main' });
    const document = await house.document('customer360', id);
    expect(JSON.stringify(await house.access.present(north, document, 'test'))).not.toContain('Ada of main');
    const { facts } = await house.facts.page({ tenant: 'main', stream: `customer-main.${id}`, limit: 1 });
    const [registered] = facts as readonly Recorded<{ readonly name: SealedValue }>[];
    const sealed = [registered?.data.name as SealedValue];
    expect(await house.access.open(house.admin, sealed, 'test')).toEqual([{ value: 'Ada of main' }]);
    expect(await house.access.open(north, sealed, 'test')).toEqual([{ invalid: true }]);
  });

  it('knows no process, webhook or token of another, whatever id is named', async () => {
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Buyer of main' });
    const { id: opportunityId } = await house.send('OpenOpportunity', { customerId, amount: 100, currency: 'EUR' });
    await house.send('WinOpportunity', { opportunityId });
    const run = await eventually(async () =>
      (await house.facts.page({ tenant: 'main', types: ['ProcessStarted'], limit: 10 })).facts.at(-1),
    );
    const processId = run.stream.slice('process-main.'.length);
    expect(await house.processes.state('main', processId)).toBeDefined();
    expect(await house.processes.state('north', processId)).toBeUndefined();
    await expect(house.send('EndProcess', { processId, reason: 'not ours' }, { caller: north })).rejects.toMatchObject({
      status: 422,
    });

    const { id: webhookId } = await house.send('SubscribeWebhook', { address: 'https://crm.example/hook' });
    expect(await house.webhooks.secret('main', webhookId)).toBeDefined();
    expect(await house.webhooks.secret('north', webhookId)).toBeUndefined();
    expect(await house.webhooks.state('north', webhookId)).toBeUndefined();
    for (const command of ['UnsubscribeWebhook', 'RotateWebhookSecret', 'ResumeWebhook'])
      await expect(house.send(command, { webhookId }, { caller: north })).rejects.toMatchObject({ status: 422 });

    const { tokenId, token } = await house.access.issueToken(house.admin, { label: 'of main', roles: ['sales'] });
    await expect(house.send('RevokeToken', { tokenId }, { caller: north })).rejects.toMatchObject({ status: 422 });
    expect((await house.access.authenticate(token))?.tenant).toBe('main');
    expect(await house.access.authenticate(token.replace('annals_main_', 'annals_north_'))).toBeUndefined();
  });

  it('lets the clock of a sandbox run ahead for itself alone: no timer of another fires, no moment of another moves', async () => {
    await house.send('OpenTenant', { name: 'trial', sandbox: true });
    const issued = await house.access.issueToken(house.admin, {
      label: 'trial',
      roles: rolesApart(everyRole),
      tenant: 'trial',
      holder: crypto.randomUUID(),
    });
    const trial: Caller = { ...((await house.access.authenticate(issued.token)) as Caller), roles: new Set(everyRole) };
    const all = [house.admin, north, trial];
    for (const caller of all) await house.send('OpenOpportunity', { amount: 1, currency: 'EUR' }, { caller });
    const to = new Date(Date.now() + 400 * 86_400_000).toISOString();
    for (const caller of [house.admin, north])
      await expect(house.send('SetClock', { to }, { caller })).rejects.toMatchObject({ code: 'not-a-sandbox' });
    await house.send('SetClock', { to }, { caller: trial });
    await eventually(async () => (await house.clock.of('trial')).settled || undefined, 60_000);
    await house.fireDue();
    for (const caller of all) await house.send('OpenOpportunity', { amount: 2, currency: 'EUR' }, { caller });

    const stalledIn = async (tenant: string) =>
      (await house.facts.page({ tenant, types: ['OpportunityStalled'], limit: 100 })).facts.length;
    expect([await stalledIn('main'), await stalledIn('north'), await stalledIn('trial')]).toEqual([0, 0, 1]);
    const now = new Date().toISOString();
    for (const tenant of ['main', 'north']) {
      expect((await house.clock.of(tenant)).now <= new Date().toISOString()).toBe(true);
      for (const { occurredAt, recordedAt } of (await house.facts.page({ tenant, limit: 1_000 })).facts)
        expect([occurredAt <= now, recordedAt <= now]).toEqual([true, true]);
    }
    for (const { recordedAt } of (await house.facts.page({ tenant: 'trial', limit: 1_000 })).facts)
      expect(recordedAt <= now).toBe(true);
  }, 90_000);

  it('issues no token for a tenant that the caller does not govern', async () => {
    await expect(house.access.issueToken(north, { label: 'x', roles: ['sales'], tenant: 'main' })).rejects.toMatchObject({
      code: 'tenant-unknown',
    });
    await expect(house.access.issueToken(house.admin, { label: 'x', roles: ['sales'], tenant: 'nowhere' })).rejects.toMatchObject(
      { code: 'tenant-unknown' },
    );
    await expect(house.send('OpenTenant', { name: 'south' }, { caller: north })).rejects.toMatchObject({ code: 'not-from-here' });
  });
});
