import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { derivedId, type Recorded } from '#kernel';
import { type Core, caller, type Fault, openCore } from '../support/faulty-log.js';
import { SetClock, temporaryFolder } from '../support/house.js';

/** The faults of the next appends to the streams of one aggregate, in order; then all is well again. */
function next(core: Core, aggregate: string, ...faults: Fault[]): void {
  core.log.plan = (stream) => (stream.startsWith(`${aggregate}-`) ? faults.shift() : undefined);
}

describe('a log that fails', () => {
  let core: Core;
  beforeAll(async () => {
    core = await openCore(temporaryFolder());
  });
  afterAll(() => core.close());

  let keys = 0;
  const opening = () => {
    const idempotencyKey = `open ${++keys}`;
    return () => core.send('OpenOpportunity', { amount: 100, currency: 'EUR' }, { idempotencyKey });
  };
  const factsOf = async (stream: string) => (await core.facts.page({ tenant: 'main', stream, limit: 100 })).facts;

  it.each<{ told: string; faults: Fault[] }>([
    { told: 'written', faults: ['unheard'] },
    { told: 'not written', faults: ['lost'] },
    { told: 'written at the second try', faults: ['lost', 'unheard'] },
    { told: 'not written, then out of reach for a while', faults: ['lost', 'unavailable'] },
    { told: 'written, then out of reach for a while', faults: ['unheard', 'unavailable'] },
  ])('answers as if nothing had been, and has one effect, when the outcome is unknown: $told', async ({ faults }) => {
    const open = opening();
    next(core, 'opportunity', ...faults);
    const answer = await open();
    expect(answer).toMatchObject({ outcome: 'created', revision: 0, facts: ['OpportunityOpened'] });
    expect(await factsOf(answer.stream)).toHaveLength(1);
    expect(await open()).toEqual(answer);
    expect(await factsOf(answer.stream)).toHaveLength(1);
  });

  it('says that nothing was recorded only where that is sure', async () => {
    const open = opening();
    next(core, 'opportunity', 'unavailable');
    await expect(open()).rejects.toMatchObject({ status: 503, code: 'log-unavailable' });
    const { stream } = await open();
    expect(await factsOf(stream)).toHaveLength(1);
  });

  it('says why in words without a path, to who sends and in readiness, until it takes facts again', async () => {
    const open = opening();
    core.log.plan = () => 'full';
    const why = 'The disk that holds the log is full; nothing was recorded.';
    await expect(open()).rejects.toMatchObject({ status: 503, message: expect.stringContaining(why) });
    expect(await core.health()).toMatchObject({ ready: false, failure: 'the disk that holds the log is full' });
    core.log.plan = () => undefined;
    await open();
    expect((await core.health()).ready).toBe(true);
  });

  it('tells who reads what cannot be recorded first, and nothing of commands', async () => {
    const { id } = await core.send('RegisterCustomer', { kind: 'PERSON', name: 'Grace Example' });
    const [registered] = await factsOf(`customer-main.${id}`);
    core.log.plan = () => 'full';
    const refused: Error = await core.access.present(caller, registered, 'reading').then(
      () => new Error('It was not refused.'),
      (error: Error) => error,
    );
    core.log.plan = () => undefined;
    expect(refused).toMatchObject({ status: 503, code: 'log-unavailable' });
    expect(refused.message).toContain('the disk that holds the log is full');
    expect(refused.message).toContain('Send the same request again.');
    expect(refused.message).not.toMatch(/command|nothing was recorded/);
  });

  it('does not say that nothing was recorded when what follows from the facts fails, and sees to it all the same', async () => {
    const { id: customerId } = await core.send('RegisterCustomer', { kind: 'PERSON', name: 'Ada', email: 'ada@example.org' });
    const [, linked] = await factsOf(`customer-main.${customerId}`);
    const reservationId = (linked as Recorded<{ reservationId: string }>).data.reservationId;
    const unlink = () =>
      core.send('UnlinkIdentifier', { customerId, reservationId }, { idempotencyKey: `unlink ${reservationId}` });
    core.log.plan = (stream) => (stream.startsWith('reservation-') ? 'unavailable' : undefined);
    await expect(unlink()).rejects.toMatchObject({ status: 503, code: 'outcome-unknown' });
    core.log.plan = () => undefined;
    expect(await unlink()).toMatchObject({ outcome: 'done', facts: ['IdentifierUnlinked'] });
    expect((await factsOf(`reservation-main.${reservationId}`)).at(-1)?.type).toBe('ReservationReleased');
  });

  it('acknowledges what is recorded although its claim could not be confirmed, and nobody else gets what it claimed', async () => {
    const sku = 'UNCONFIRMED';
    const reservation = `reservation-main.${derivedId('reservation', 'main', 'product.sku', sku)}`;
    let appends = 0;
    core.log.plan = (stream) => (stream === reservation && ++appends === 2 ? 'unavailable' : undefined);
    expect(await core.send('DefineProduct', { sku, name: 'Thing' })).toMatchObject({ outcome: 'created' });
    expect((await factsOf(reservation)).map(({ type }) => type)).toEqual(['ReservationClaimed']);
    await expect(core.send('DefineProduct', { sku, name: 'Other' })).rejects.toMatchObject({ status: 409 });
  });

  it('answers a command named by If-Match as done when its own unheard append is what moved the revision', async () => {
    const { id: opportunityId, revision } = await opening()();
    next(core, 'opportunity', 'unheard');
    const correct = () =>
      core.send(
        'CorrectOpportunity',
        { opportunityId, amount: 7 },
        { ifRevision: revision, idempotencyKey: `at ${opportunityId}` },
      );
    const answer = await correct();
    expect(answer).toMatchObject({ outcome: 'done', revision: revision + 1 });
    expect(await correct()).toEqual(answer);
  });
});

describe('a stream that is read while it is written', () => {
  it('is never remembered as it was before: a token that was revoked meanwhile is refused', async () => {
    const folder = temporaryFolder();
    let core = await openCore(folder);
    const { tokenId, token } = await core.access.issueToken(caller, { label: 'one', roles: ['sales'] });
    await core.close();
    core = await openCore(folder);

    let read = () => {};
    const isRead = new Promise<void>((resolve) => {
      read = resolve;
    });
    let answer = () => {};
    const mayAnswer = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const inner = core.log.readStream.bind(core.log);
    core.log.readStream = async (...given) => {
      core.log.readStream = inner;
      const facts = await inner(...given);
      read();
      await mayAnswer;
      return facts;
    };
    const before = core.access.authenticate(token);
    await isRead;
    await core.send('RevokeToken', { tokenId });
    answer();
    await before;
    expect(await core.access.authenticate(token)).toBeUndefined();
    await core.close();
  });
});

describe('the first token', () => {
  it('is not valid before it is kept: a start that fails there makes another the next time', async () => {
    const core = await openCore(temporaryFolder());
    const noPlace = () => {
      throw new Error('There is no place for it.');
    };
    await expect(core.firstToken(noPlace)).rejects.toThrow('no place');
    const kept: string[] = [];
    await core.firstToken((token) => kept.push(token));
    await core.firstToken((token) => kept.push(token));
    expect(kept).toHaveLength(1);
    expect(await core.access.authenticate(kept[0] ?? '')).toMatchObject({ tenant: 'main' });
    await core.close();
  });
});

describe('a duty whose token was never made, as the log failed between the two', () => {
  it('keeps its person from another one for five minutes, not for good', async () => {
    const clock = new SetClock('2026-03-02T09:00:00.000Z');
    const core = await openCore(temporaryFolder(), { clock });
    try {
      const holder = derivedId('somebody');
      const issue = (role: 'operator' | 'auditor') => core.access.issueToken(caller, { label: role, roles: [role], holder });
      next(core, 'token', 'unavailable');
      await expect(issue('operator')).rejects.toMatchObject({ code: 'log-unavailable' });
      await expect(issue('auditor')).rejects.toMatchObject({ code: 'duties-apart' });
      clock.set('2026-03-02T09:06:00.000Z');
      expect((await issue('auditor')).token).toMatch(/^annals_main_/);
      await expect(issue('operator')).rejects.toMatchObject({ code: 'duties-apart' });
    } finally {
      await core.close();
    }
  });
});
