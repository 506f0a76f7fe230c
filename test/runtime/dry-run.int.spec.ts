import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Problem } from '#runtime';
import type { CommandRequest } from '#runtime/requests';
import { openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';
import { storedKeys } from '../support/stores.js';

let house: TestHouse;
const folder = temporaryFolder();
beforeAll(async () => {
  house = await openHouse({ folder, clock: new SetClock('2026-01-05T09:00:00.000Z') });
});
afterAll(() => house.close());

const outcomeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => {
    if (error instanceof Problem) return { status: error.status, code: error.code, message: error.message };
    throw error;
  });
const request = (command: string, payload: object, more: Partial<CommandRequest> = {}): CommandRequest => ({
  caller: house.admin,
  command,
  payload: payload as CommandRequest['payload'],
  ...more,
});
const dryRun = (...given: Parameters<typeof request>) => house.commands.dryRun(request(...given));
/** What every store holds: nothing of it may change by a dry run. */
const stored = async () => ({
  head: await house.facts.head(),
  keys: await storedKeys(join(folder, 'data')),
});

describe('a dry run', () => {
  it('answers the facts that the command then records, and records nothing itself', async () => {
    const before = await house.facts.head();
    const would = await dryRun('OpenOpportunity', { amount: 5_00, currency: 'EUR' }, { idempotencyKey: 'first' });
    expect(would).toMatchObject({ dryRun: true, outcome: 'created', revision: -1 });
    expect(await house.facts.head()).toBe(before);

    const did = await house.send('OpenOpportunity', { amount: 5_00, currency: 'EUR' }, { idempotencyKey: 'first' });
    expect(did).toMatchObject({ outcome: 'created', id: would.id, commandId: would.commandId, stream: would.stream });
    const { facts } = await house.facts.page({ tenant: 'main', stream: did.stream, limit: 10 });
    expect(facts.map(({ type, data }) => ({ type, data }))).toEqual(would.facts);
  });

  it('says that a key was used', async () => {
    expect(await dryRun('OpenOpportunity', { amount: 5_00, currency: 'EUR' }, { idempotencyKey: 'first' })).toMatchObject({
      outcome: 'repeated',
      facts: [],
    });
  });

  it('makes no key, claims nothing and writes nothing for a person with an e-mail address', async () => {
    const ada = { kind: 'PERSON', name: 'Ada Lovelace', email: 'ada@example.com' };
    const before = await stored();
    for (let times = 0; times < 2; times++) {
      const { facts } = await dryRun('RegisterCustomer', ada);
      expect(facts[0]).toMatchObject({ type: 'CustomerRegistered', data: { name: { sealed: true } } });
      expect(JSON.stringify(facts)).not.toContain('Ada');
    }
    expect(await stored()).toEqual(before);
    await house.send('RegisterCustomer', ada);
  });

  it('opens no sealed value for its caller', async () => {
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'PERSON', name: 'Grace Hopper' });
    const { facts } = await house.facts.page({ tenant: 'main', types: ['CustomerRegistered'], limit: 100 });
    const registered = facts.find(({ data }) => (data as { customerId: string }).customerId === customerId);
    const name = (registered?.data as { name: object } | undefined)?.name;
    expect(name).toHaveProperty('$sealed');
    const caller = house.callerWith('sales');
    const given = ['DefineProduct', { sku: 'ANY', name, price: 1, currency: 'EUR' }, { caller }] as const;
    expect(await outcomeOf(dryRun(...given))).toMatchObject({ status: 400, code: 'invalid-command' });
    expect(await outcomeOf(house.commands.execute(request(...given)))).toMatchObject({ status: 400, code: 'invalid-command' });
  });

  it('is refused as the command is: by shape, role, rule, revision, time and reservation', async () => {
    const { id } = await house.send('OpenOpportunity', { amount: 1_00, currency: 'EUR' });
    const cases: Parameters<typeof request>[] = [
      ['OpenOpportunity', { amount: -1, currency: 'eur' }],
      ['OpenOpportunity', { amount: 1, currency: 'EUR' }, { caller: house.callerWith('analyst') }],
      ['NoSuchCommand', {}],
      ['AdvanceOpportunity', { opportunityId: id, to: 'NOWHERE' }],
      ['AdvanceOpportunity', { opportunityId: crypto.randomUUID(), to: 'PROPOSAL' }],
      ['CorrectOpportunity', { opportunityId: id, amount: 2 }, { ifRevision: 9 }],
      ['CorrectOpportunity', { opportunityId: id, amount: 2 }, { occurredAt: '2999-01-01T00:00:00.000Z' }],
      ['RegisterCustomer', { kind: 'PERSON', name: 'Somebody Else', email: 'ADA@example.com' }],
    ];
    for (const given of cases) {
      const [command] = given;
      const tried = (await outcomeOf(dryRun(...given))) as { status: number };
      expect({ command, ...tried }).toEqual({
        command,
        ...((await outcomeOf(house.commands.execute(request(...given)))) as object),
      });
      expect(tried.status).toBeGreaterThanOrEqual(400);
    }
  });

  it('is refused for a person that was erased', async () => {
    const { id } = await house.send('RegisterCustomer', { kind: 'PERSON', name: 'Grace Hopper' });
    await house.send('EraseCustomer', { customerId: id });
    const contact = ['AddContact', { customerId: id, name: 'Grace' }] as const;
    const tried = await outcomeOf(dryRun(...contact));
    expect(tried).toEqual(await outcomeOf(house.commands.execute(request(...contact))));
    expect(tried).toMatchObject({ status: expect.any(Number), code: expect.any(String) });
  });
});
