import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { derivedId } from '#kernel';
import { onDistributedEngines } from '../support/engines.js';
import { openHouse, type TestHouse, temporaryFolder } from '../support/house.js';

describe('P2: once', () => {
  const folder = temporaryFolder();
  let house: TestHouse;
  beforeAll(async () => {
    house = await openHouse({ folder });
  });
  afterAll(() => house.close());

  const open = (key: string, amount = 550_00) =>
    house.send('OpenOpportunity', { amount, currency: 'EUR' }, { idempotencyKey: key });
  const factsOf = async (stream: string) => (await house.facts.page({ tenant: 'main', stream, limit: 1_000 })).facts;

  it('gives a retried create the same stream and the same answer', async () => {
    const first = await open('create-1');
    expect(await open('create-1')).toEqual(first);
    expect(first.outcome).toBe('created');
    expect(await factsOf(first.stream)).toHaveLength(1);
  });

  it('gives the same answer to retries that come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => open('create-2')));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await factsOf(answers[0]?.stream ?? '')).toHaveLength(1);
  });

  it('remembers a command after later ones, and after a restart', async () => {
    const { id, stream } = await open('create-3');
    const advance = () =>
      house.send('AdvanceOpportunity', { opportunityId: id, to: 'PROPOSAL' }, { idempotencyKey: 'advance-3' });
    const first = await advance();
    await house.send('WinOpportunity', { opportunityId: id });
    expect(await advance()).toEqual(first);
    await house.close();
    house = await openHouse({ folder });
    expect(await advance()).toEqual(first);
    expect(await factsOf(stream)).toHaveLength(3);
  });

  it('refuses the same key with another body, personal fields included', async () => {
    await open('create-4');
    await expect(open('create-4', 1)).rejects.toMatchObject({ status: 422, code: 'key-reused' });
    const register = (name: string) => house.send('RegisterCustomer', { kind: 'PERSON', name }, { idempotencyKey: 'register-4' });
    const first = await register('Ada');
    await expect(register('Eve')).rejects.toMatchObject({ status: 422, code: 'key-reused' });
    expect(await register('Ada')).toEqual(first);
  });

  it('compares the body of a creation after a restart too, and goes on from what is recorded', async () => {
    const first = await open('create-9', 100);
    await house.close();
    house = await openHouse({ folder });
    await expect(open('create-9', 1)).rejects.toMatchObject({ status: 422, code: 'key-reused' });
    expect(await open('create-9', 100)).toEqual(first);
    const correct = await house.send('CorrectOpportunity', { opportunityId: first.id, amount: 1 });
    expect(correct).toMatchObject({ outcome: 'done', revision: 1 });
    expect(await house.document('pipeline', first.id)).toMatchObject({ amount: 1 });
  });

  it('refuses the same key with another command, though their bodies are alike', async () => {
    const { id: leadId } = await house.send('CreateLead', { name: 'Ada', source: 'OTHER' });
    await house.send('AssignLead', { leadId, ownerId: derivedId('agent') });
    await house.send('QualifyLead', { leadId }, { idempotencyKey: 'lead-1' });
    await expect(house.send('RecycleLead', { leadId }, { idempotencyKey: 'lead-1' })).rejects.toMatchObject({
      status: 422,
      code: 'key-reused',
    });
  });

  it('takes a body for the same whatever the order of its fields, and a field that is undefined for one that is left out', async () => {
    const send = (payload: object) => house.send('OpenOpportunity', payload, { idempotencyKey: 'spelling' });
    const first = await send({ amount: 1, currency: 'EUR' });
    expect(await send({ currency: 'EUR', amount: 1 })).toEqual(first);
    expect(await send({ currency: 'EUR', customerId: undefined, amount: 1 })).toEqual(first);
    await expect(send({ amount: 1, currency: 'EUR', customerId: null })).rejects.toMatchObject({ status: 400 });
    await expect(send({ amount: 1, currency: 'EUR', customerId: derivedId('x') })).rejects.toMatchObject({ code: 'key-reused' });
  });

  it('decides a refused command anew', async () => {
    const { id } = await open('create-5');
    const regress = () =>
      house.send('RegressOpportunity', { opportunityId: id, to: 'QUALIFICATION' }, { idempotencyKey: 'regress-5' });
    await expect(regress()).rejects.toMatchObject({ status: 422, code: 'phase-not-behind' });
    await house.send('AdvanceOpportunity', { opportunityId: id, to: 'PROPOSAL' });
    expect(await regress()).toMatchObject({ outcome: 'done', facts: ['OpportunityRegressed'] });
  });

  it('answers as before what changed nothing, though it would change something by now, also after a restart', async () => {
    const { id: opportunityId, stream } = await open('create-7', 100);
    const correct = (amount: number, more?: object) => house.send('CorrectOpportunity', { opportunityId, amount }, more);
    const again = (amount = 100) => correct(amount, { idempotencyKey: 'correct-7' });
    const first = await again();
    expect(first).toMatchObject({ outcome: 'unchanged', facts: [] });
    await correct(200);
    expect(await again()).toEqual(first);
    await expect(again(300)).rejects.toMatchObject({ status: 422, code: 'key-reused' });
    await house.close();
    house = await openHouse({ folder });
    expect(await again()).toEqual(first);
    await expect(again(300)).rejects.toMatchObject({ status: 422, code: 'key-reused' });
    expect(await house.document('pipeline', opportunityId)).toMatchObject({ amount: 200 });
    expect((await factsOf(stream)).map(({ type }) => type)).toEqual([
      'OpportunityOpened',
      'NothingChanged',
      'OpportunityCorrected',
    ]);
  });

  it('writes nothing down where a command without a key changed nothing', async () => {
    const { id: opportunityId, stream } = await open('create-8', 100);
    expect(await house.send('CorrectOpportunity', { opportunityId, amount: 100 })).toMatchObject({ outcome: 'unchanged' });
    expect(await factsOf(stream)).toHaveLength(1);
  });

  it('takes one key about two things for two commands, and one creation without an id for one thing', async () => {
    const [one, other] = [derivedId('scope', 'one'), derivedId('scope', 'other')];
    const create = (opportunityId?: string) =>
      house.send(
        'OpenOpportunity',
        { amount: 1_00, currency: 'EUR', ...(opportunityId && { opportunityId }) },
        { idempotencyKey: 'scope' },
      );
    const correct = (opportunityId: string) =>
      house.send('CorrectOpportunity', { opportunityId, amount: 2_00 }, { idempotencyKey: 'scope 2' });
    const made = [await create(one), await create(other), await create()];
    expect(made.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created']);
    expect(await Promise.all([create(one), create(other), create()])).toEqual(made);
    expect([await correct(one), await correct(other)].map(({ id, outcome }) => [id, outcome])).toEqual([
      [one, 'done'],
      [other, 'done'],
    ]);
  });

  it('looks at neither the business time nor the revision of a repetition', async () => {
    const first = await open('create-6');
    const again = (more: { occurredAt?: string; ifRevision?: number }) =>
      house.send('OpenOpportunity', { amount: 550_00, currency: 'EUR' }, { idempotencyKey: 'create-6', ...more });
    expect(await again({ occurredAt: '2999-01-01T00:00:00.000Z' })).toEqual(first);
    expect(await again({ ifRevision: 7 })).toEqual(first);
  });

  it('takes the keys of two callers for two commands', async () => {
    const other = house.callerWith('sales');
    const one = await open('shared key');
    const another = await house.send(
      'OpenOpportunity',
      { amount: 550_00, currency: 'EUR' },
      { idempotencyKey: 'shared key', caller: other },
    );
    expect(another.stream).not.toBe(one.stream);
  });

  it('holds for any retries at any point, also with a snapshot and restarts between', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ command: fc.nat(9), restart: fc.boolean() }), { minLength: 5, maxLength: 40 }),
        async (attempts) => {
          const opportunityId = derivedId('once', String(++run));
          const answers = new Map<number, unknown>();
          await house.send('OpenOpportunity', { opportunityId, amount: 100, currency: 'EUR' });
          for (const { command, restart } of attempts) {
            // Some leave the amount as it is at that moment.
            const payload = { opportunityId, amount: 1_000 + (command % 3) };
            const answer = await house.send('CorrectOpportunity', payload, { idempotencyKey: `${opportunityId} ${command}` });
            expect(answers.get(command) ?? answer).toEqual(answer);
            answers.set(command, answer);
            if (restart && attempts.length % 13 === 0) {
              await house.close();
              house = await openHouse({ folder });
            }
          }
          expect((await factsOf(`opportunity-main.${opportunityId}`)).length).toBeLessThanOrEqual(1 + answers.size);
        },
      ),
      { numRuns: onDistributedEngines ? 3 : 20 },
    );
  });
});
