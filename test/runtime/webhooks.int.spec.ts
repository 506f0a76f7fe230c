import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, openHouse, type TestHouse, temporaryFolder } from '../support/house.js';
import { type Delivery, isSignedBy, Receiver } from '../support/receiver.js';
import { moveBehindTheLog, renewLog } from '../support/stores.js';

const fast = { toPrivate: true, attempts: 3, firstPause: 5 };
let house: TestHouse;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await Receiver.start();
  house = await openHouse({ webhooks: fast });
});
afterEach(async () => {
  await house.close();
  receiver.close();
});

const subscribe = async (more: object = {}) =>
  (await house.send('SubscribeWebhook', { address: `${receiver.url}/hook`, ...more })).id;
const open = async (amount: number) => house.send('OpenOpportunity', { amount, currency: 'EUR' });
const amounts = (deliveries: readonly Delivery[] = receiver.came) => deliveries.map(({ event }) => event.data.amount);
const came = (count: number) => eventually(async () => (receiver.came.length >= count ? receiver.came.slice() : undefined));
const state = (id: string) => house.webhooks.state('main', id);
const parked = (id: string) => eventually(async () => ((await state(id))?.status === 'PARKED' ? state(id) : undefined));

describe('PLT-09 a webhook', () => {
  it('gets public facts recorded since, in order, each a signed CloudEvent', async () => {
    await open(1);
    const id = await subscribe();
    for (const amount of [2, 3, 4]) await open(amount);
    const deliveries = await came(3);
    expect(amounts(deliveries)).toEqual([2, 3, 4]);
    const secret = (await house.webhooks.secret('main', id)) as string;
    for (const delivery of deliveries) {
      expect(isSignedBy(secret, delivery)).toBe(true);
      expect(delivery.headers['webhook-id']).toBe(delivery.event.id);
      expect(delivery.headers['content-type']).toContain('application/cloudevents+json');
      expect(Math.abs(Number(delivery.headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(60);
    }
    const { facts } = await house.facts.page({ tenant: 'main', types: ['OpportunityOpened'], limit: 10 });
    expect(deliveries.map(({ event }) => event.id)).toEqual(facts.slice(1).map((fact) => fact.id));
  });

  it('gets only what it asked for, nothing internal, and nothing of another tenant', async () => {
    await house.send('OpenTenant', { name: 'north' });
    const { token } = await house.access.issueToken(house.admin, { label: 'north', roles: ['sales'], tenant: 'north' });
    const north = await house.access.authenticate(token);
    await subscribe({ types: ['OpportunityAdvanced'], aggregates: ['opportunity'] });
    const { id } = await open(5);
    await house.send('OpenOpportunity', { amount: 6, currency: 'EUR' }, { caller: north });
    await house.access.issueToken(house.admin, { label: 'another', roles: ['sales'] });
    await house.send('AdvanceOpportunity', { opportunityId: id, to: 'PROPOSAL' });
    const [delivery] = await came(1);
    expect(delivery?.event).toMatchObject({ type: 'OpportunityAdvanced', subject: `opportunity-main.${id}` });
    expect(receiver.came).toHaveLength(1);
  });

  it('fails as long as its receiver does not take what is next, and no longer than that is to be delivered', async () => {
    await house.close();
    house = await openHouse({ webhooks: { ...fast, attempts: 1_000 } });
    const failing = (count: number) =>
      eventually(async () => ((await house.health()).webhooks?.failing === count ? true : undefined));
    receiver.answer = () => ({ status: 503 });
    const webhookId = await subscribe();
    await open(1);
    await failing(1);
    await house.send('ReplayWebhook', { webhookId, after: await house.facts.head() });
    await failing(0);
    const reader = async () => (await house.health()).readers.find(({ kind }) => kind === 'webhook');
    expect(await reader()).toMatchObject({ name: 'webhook-deliveries', stalled: false, parked: 0 });
    await eventually(async () => ((await reader())?.lagFacts === 0 ? true : undefined));
  });

  it('is refused where it asks for what no topic has, naming the field and what is allowed', async () => {
    for (const [field, asked] of [
      ['types[1]', { types: ['OpportunityAdvanced', 'OpportunityAdvancd'] }],
      ['types[0]', { types: ['TokenIssued'] }],
      ['aggregates[0]', { aggregates: ['token'] }],
    ] as const) {
      const error = await subscribe(asked).catch((refused: unknown) => refused);
      expect(error).toMatchObject({ status: 400, code: 'invalid-command', options: { errors: [{ field }] } });
      const { allowed } = (error as { options: { members: { allowed: string[] } } }).options.members;
      expect(allowed).toContain(field.startsWith('types') ? 'OpportunityAdvanced' : 'opportunity');
      expect(allowed).not.toContain('TokenIssued');
    }
  });

  it('is refused where it asks to begin at a position that the log does not have, as topics do, naming the field', async () => {
    const webhookId = await subscribe();
    const head = await house.facts.head();
    const [log, number] = head.split('.') as [string, string];
    for (const after of [`${log}.${'9'.repeat(number.length)}`, `${log === 'aaaaaaaa' ? 'bbbbbbbb' : 'aaaaaaaa'}.${number}`]) {
      const refused = { status: 410, code: 'foreign-position', options: { errors: [{ field: 'after' }] } };
      await expect(house.send('ReplayWebhook', { webhookId, after })).rejects.toMatchObject(refused);
      await expect(subscribe({ after })).rejects.toMatchObject(refused);
      const command = { caller: house.admin, command: 'ReplayWebhook', payload: { webhookId, after } };
      await expect(house.commands.dryRun(command)).rejects.toMatchObject(refused);
    }
    await house.send('ReplayWebhook', { webhookId, after: head });
    await open(1);
    expect(amounts(await came(1))).toEqual([1]);
  });

  it('gets imported history from before its cut-over only where it asks for it', async () => {
    await subscribe();
    await house.send('SubscribeWebhook', { address: `${receiver.url}/all`, imported: true });
    const imported = { cutOver: '2026-01-01T00:00:00.000Z', clock: false };
    await house.send('OpenOpportunity', { amount: 1, currency: 'EUR' }, { imported, occurredAt: '2020-01-05T09:00:00.000Z' });
    await open(2);
    await house.send('OpenOpportunity', { amount: 3, currency: 'EUR' }, { imported, occurredAt: imported.cutOver });
    const deliveries = await came(5);
    expect(amounts(deliveries.filter(({ path }) => path === '/hook'))).toEqual([2, 3]);
    expect(amounts(deliveries.filter(({ path }) => path === '/all'))).toEqual([1, 2, 3]);
  });

  it('gets personal fields sealed', async () => {
    await subscribe();
    await house.send('RegisterCustomer', { kind: 'PERSON', name: 'Ada Lovelace', email: 'ada@example.com' });
    const deliveries = await came(2);
    const text = deliveries.map(({ body }) => body).join();
    expect(text).toContain('$sealed');
    expect(text).not.toMatch(/Ada|ada@/);
  });

  it('is tried again with the same id until it takes a fact; what follows of its stream waits, other streams do not', async () => {
    let refusals = 2;
    receiver.answer = ({ event }) => ({ status: event.data.amount === 1 && refusals-- > 0 ? 500 : 200 });
    const after = await house.facts.head();
    const first = await open(1);
    await house.send('AdvanceOpportunity', { opportunityId: first.id, to: 'PROPOSAL' });
    await open(2);
    const id = await subscribe({ after });
    const deliveries = await came(5);
    const taken = deliveries.filter(({ event }) => event.subject === first.stream);
    expect(taken.map(({ event }) => event.type)).toEqual([...Array(3).fill('OpportunityOpened'), 'OpportunityAdvanced']);
    expect(new Set(taken.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    expect(amounts(deliveries.filter(({ event }) => event.subject !== first.stream))).toEqual([2]);
    expect(deliveries.findIndex(({ event }) => event.data.amount === 2)).toBe(2);
    await eventually(async () => ((await state(id))?.aside.length === 0 ? true : undefined));
  });

  it('parks the stream of a fact that it never takes, and only that; released, it gets the facts in their order', async () => {
    let mended = false;
    receiver.answer = ({ event }) => ({ status: event.data.amount === 1 && !mended ? 422 : 200 });
    const id = await subscribe();
    const poisoned = await open(1);
    await house.send('AdvanceOpportunity', { opportunityId: poisoned.id, to: 'PROPOSAL' });
    for (const amount of [2, 3]) await open(amount);
    const shown = await eventually(async () => {
      const document = await house.document<{ streamsParked: number; parkedStreams: unknown[] }>('webhooks', id);
      return document?.streamsParked === 1 ? document : undefined;
    });
    expect(shown).toMatchObject({ status: 'ACTIVE', parkedStreams: [{ stream: poisoned.stream, reason: 'status 422' }] });
    await eventually(async () => ((await state(id))?.aside[0]?.parked ? true : undefined));
    expect(await state(id)).toMatchObject({ status: 'ACTIVE', aside: [{ stream: poisoned.stream, failures: 3, parked: true }] });
    await open(4);
    await eventually(async () => (amounts().includes(4) ? true : undefined));
    expect(amounts(receiver.came.filter(({ event }) => event.subject !== poisoned.stream))).toEqual([2, 3, 4]);
    expect(receiver.came.filter(({ event }) => event.subject === poisoned.stream)).toHaveLength(3);

    await expect(house.send('ReleaseWebhookStream', { webhookId: id, stream: 'opportunity-main.other' })).rejects.toMatchObject({
      code: 'stream-not-parked',
    });
    mended = true;
    await house.send('ReleaseWebhookStream', { webhookId: id, stream: poisoned.stream });
    await eventually(async () => ((await state(id))?.aside.length === 0 ? true : undefined));
    const taken = receiver.came.filter(({ event }) => event.subject === poisoned.stream).map(({ event }) => event.type);
    expect(taken.slice(3)).toEqual(['OpportunityOpened', 'OpportunityAdvanced']);
    expect(await house.document('webhooks', id)).toMatchObject({ streamsParked: 0, parkedStreams: [] });
  });

  it('goes on behind a fact that somebody skips, of that stream only; who did it and why is on record', async () => {
    receiver.answer = ({ event }) => ({ status: [1, 2].includes(event.data.amount) ? 422 : 200 });
    const after = await house.facts.head();
    const poisoned = await open(1);
    await open(3);
    const other = await open(2);
    await house.send('AdvanceOpportunity', { opportunityId: poisoned.id, to: 'PROPOSAL' });
    // behind each that is refused is one that is taken: otherwise the receiver would be at fault
    await open(4);
    const id = await subscribe({ after });
    await eventually(async () => ((await state(id))?.aside.filter((one) => one.parked).length === 2 ? true : undefined));
    expect((await house.health()).webhooks).toEqual({ parked: 0, failing: 0, streamsAside: 0, streamsParked: 2 });
    const opened = (stream: string) =>
      receiver.came.find(({ event }) => event.subject === stream && event.type === 'OpportunityOpened')?.event.id as string;
    const skip = (factId: string, reason = 'Entered there by hand.') =>
      house.send('SkipWebhookFact', { webhookId: id, factId, reason });

    const { facts } = await house.facts.page({ tenant: 'main', types: ['OpportunityAdvanced'], limit: 1 });
    await expect(skip(facts[0]?.id as string)).rejects.toMatchObject({ code: 'fact-not-parked' });
    await expect(skip(opened(poisoned.stream), '')).rejects.toMatchObject({ status: 400 });
    await skip(opened(poisoned.stream));
    await eventually(async () => (receiver.came.at(-1)?.event.type === 'OpportunityAdvanced' ? true : undefined));
    await eventually(async () => ((await state(id))?.aside.length === 1 ? true : undefined));
    expect(receiver.came.filter(({ event }) => event.id === opened(poisoned.stream))).toHaveLength(3);
    expect(await house.document('webhooks', id)).toMatchObject({
      parkedStreams: [{ stream: other.stream }],
      factsSkipped: 1,
      lastSkipped: { factId: opened(poisoned.stream), skippedBy: house.admin.actor.id, reason: 'Entered there by hand.' },
    });
    const { facts: record } = await house.facts.page({ tenant: 'main', types: ['WebhookFactSkipped'], limit: 10 });
    expect(record).toMatchObject([
      { actor: house.admin.actor, data: { stream: poisoned.stream, reason: 'Entered there by hand.' } },
    ]);

    // a replay sends everything again, and what was skipped may be taken by then
    receiver.answer = () => ({ status: 200 });
    await house.send('ReplayWebhook', { webhookId: id });
    await eventually(async () => (amounts().slice(-5).join() === '1,3,2,,4' ? true : undefined));
  });

  it('parked as a whole, goes on behind the fact that it is parked for when somebody skips that', async () => {
    receiver.answer = ({ event }) => ({ status: event.data.amount < 3 ? 422 : 200 });
    const after = await house.facts.head();
    for (const amount of [1, 2, 3]) await open(amount);
    // the next one is poison too, so nothing tells the fact from the receiver
    const id = await subscribe({ after });
    await parked(id);
    const { parkedFact } = (await house.document<{ parkedFact: string }>('webhooks', id)) ?? {};
    await house.send('SkipWebhookFact', { webhookId: id, factId: parkedFact, reason: 'A test order.' });
    await eventually(async () => (amounts().includes(3) ? true : undefined));
    await eventually(async () => ((await state(id))?.aside[0]?.parked ? true : undefined));
    expect(await state(id)).toMatchObject({ status: 'ACTIVE', aside: [{ lastFailure: 'status 422' }] });
  });

  it('parks a lone stream too; when the next one is not taken either, the receiver is at fault and all of it is parked', async () => {
    receiver.answer = () => ({ status: 500 });
    const id = await subscribe();
    await open(1);
    await eventually(async () => ((await state(id))?.aside[0]?.parked ? true : undefined));
    expect(await state(id)).toMatchObject({ status: 'ACTIVE' });
    await open(2);
    await parked(id);
    receiver.answer = () => ({ status: 200 });
    await open(3);
    await house.send('ResumeWebhook', { webhookId: id });
    const done = await eventually(async () => {
      const taken = amounts().slice(-3);
      return new Set(taken).size === 3 && (await state(id))?.aside.length === 0 ? taken : undefined;
    });
    expect(done.sort()).toEqual([1, 2, 3]);
  });

  it('is parked as a whole where the receiver takes nothing of any stream', async () => {
    receiver.answer = () => ({ status: 500 });
    const id = await subscribe();
    for (const amount of [1, 2, 3]) await open(amount);
    await parked(id);
    expect((await state(id))?.aside).toEqual([]);
  });

  it('waits for as long as the receiver asks', async () => {
    const at: number[] = [];
    receiver.answer = () => {
      at.push(performance.now());
      return at.length === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200 };
    };
    await subscribe();
    await open(1);
    await came(2);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(995);
  });

  it('is parked after too many attempts, says why, and goes on where it stopped', async () => {
    receiver.answer = () => ({ status: 503 });
    const id = await subscribe();
    for (const amount of [1, 2]) await open(amount);
    expect(await parked(id)).toMatchObject({ lastFailure: 'status 503' });
    expect(amounts()).toEqual([1, 1, 1]);
    expect(await house.document('webhooks', id)).toMatchObject({ status: 'PARKED', parkedReason: 'status 503' });
    receiver.answer = () => ({ status: 200 });
    await house.send('ResumeWebhook', { webhookId: id });
    expect(amounts(await came(5))).toEqual([1, 1, 1, 1, 2]);
    expect(await house.document('webhooks', id)).toMatchObject({ status: 'ACTIVE' });
  });

  it('that is gone (410) is parked at once', async () => {
    receiver.answer = () => ({ status: 410 });
    const id = await subscribe();
    await open(1);
    await parked(id);
    expect(receiver.came).toHaveLength(1);
  });

  it('is replayed from any position, and from the beginning', async () => {
    await open(1);
    const { position } = await open(2);
    const id = await subscribe();
    await open(3);
    await came(1);
    await house.send('ReplayWebhook', { webhookId: id, after: position });
    expect(amounts(await came(2))).toEqual([3, 3]);
    await house.send('ReplayWebhook', { webhookId: id });
    expect(amounts(await came(5))).toEqual([3, 3, 1, 2, 3]);
  });

  it('gets nothing any more once it is unsubscribed, not even a fact that is being tried', async () => {
    receiver.answer = () => ({ status: 500, headers: { 'retry-after': '600' } });
    const id = await subscribe();
    await open(1);
    await came(1);
    await house.send('UnsubscribeWebhook', { webhookId: id });
    receiver.answer = () => ({ status: 200 });
    const other = await house.send('SubscribeWebhook', { address: `${receiver.url}/other` });
    await open(2);
    expect((await came(2)).map(({ path }) => path)).toEqual(['/hook', '/other']);
    expect(await state(other.id)).toMatchObject({ status: 'ACTIVE' });
    expect(await state(id)).toMatchObject({ status: 'ENDED' });
  });

  it('is signed with both secrets after a rotation', async () => {
    const id = await subscribe();
    const before = (await house.webhooks.secret('main', id)) as string;
    await house.send('RotateWebhookSecret', { webhookId: id });
    const after = (await house.webhooks.secret('main', id)) as string;
    await open(1);
    const [delivery] = await came(1);
    expect(after).not.toBe(before);
    expect([before, after].map((secret) => isSignedBy(secret, delivery as Delivery))).toEqual([true, true]);
  });
});

describe('a restart', () => {
  it('goes on where deliveries were, with the same secret', async () => {
    const folder = temporaryFolder();
    const first = await openHouse({ folder, webhooks: fast });
    const { id } = await first.send('SubscribeWebhook', { address: `${receiver.url}/hook` });
    const secret = await first.webhooks.secret('main', id);
    await first.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
    await came(1);
    receiver.answer = () => ({ status: 503, headers: { 'retry-after': '600' } });
    await first.send('OpenOpportunity', { amount: 2, currency: 'EUR' });
    await came(2);
    await first.close();

    receiver.answer = () => ({ status: 200 });
    const second = await openHouse({ folder, webhooks: fast });
    try {
      await second.send('OpenOpportunity', { amount: 3, currency: 'EUR' });
      expect(amounts(await came(4))).toEqual([1, 2, 2, 3]);
      expect(await second.webhooks.secret('main', id)).toBe(secret);
    } finally {
      await second.close();
    }
  });
});

describe('after a restore, which gives the log a new id', () => {
  it('deliveries go on where they were', async () => {
    const folder = temporaryFolder();
    const first = await openHouse({ folder, webhooks: fast });
    const { id } = await first.send('SubscribeWebhook', { address: `${receiver.url}/hook` });
    await first.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
    // not only received: a stop breaks an answer off that is on its way
    await eventually(async () => (await first.webhooks.state('main', id))?.deliveredAt);
    await first.close();
    await renewLog(join(folder, 'data'));

    const second = await openHouse({ folder, webhooks: fast });
    try {
      await second.send('OpenOpportunity', { amount: 2, currency: 'EUR' });
      expect(amounts(await came(2))).toEqual([1, 2]);
    } finally {
      await second.close();
    }
  });

  it('that does not have its position gives it what comes next, says so, and holds up no other', async () => {
    const folder = temporaryFolder();
    const first = await openHouse({ folder, webhooks: fast });
    const [ahead, other] = [
      await first.send('SubscribeWebhook', { address: `${receiver.url}/ahead` }),
      await first.send('SubscribeWebhook', { address: `${receiver.url}/other` }),
    ];
    await first.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
    for (const { id } of [ahead, other]) await eventually(async () => (await first.webhooks.state('main', id))?.deliveredAt);
    await first.close();
    const lost = await moveBehindTheLog(join(folder, 'data'), ahead.stream);

    const errors: unknown[] = [];
    const second = await openHouse({ folder, webhooks: fast, onError: (_, error) => errors.push(error) });
    try {
      const state = (id: string) => second.webhooks.state('main', id);
      const displaced = await eventually(async () => (await state(ahead.id))?.displaced);
      expect(displaced).toMatchObject({ from: lost });
      await second.send('OpenOpportunity', { amount: 2, currency: 'EUR' });
      const deliveries = await came(4);
      for (const path of ['/ahead', '/other']) expect(amounts(deliveries.filter((one) => one.path === path))).toEqual([1, 2]);
      expect(await state(other.id)).not.toHaveProperty('displaced');
      expect((await second.health()).readers.find(({ kind }) => kind === 'webhook')).toMatchObject({ stalled: false });
      expect(errors).toEqual([]);

      await second.send('ReplayWebhook', { webhookId: ahead.id });
      await eventually(async () => ((await state(ahead.id))?.displaced === undefined ? true : undefined));
    } finally {
      await second.close();
    }
  });
});

describe('a stop', () => {
  it('does not wait for a receiver that does not answer', async () => {
    const hanging = await openHouse({ webhooks: fast });
    receiver.answer = () => ({ status: 0 });
    await hanging.send('SubscribeWebhook', { address: `${receiver.url}/hook` });
    await hanging.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
    await came(1);
    const began = performance.now();
    await hanging.close();
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('an address inside', () => {
  it('gets nothing unless the installation allows it', async () => {
    const folder = temporaryFolder();
    const allowing = await openHouse({ folder, webhooks: fast });
    const ids: string[] = [];
    for (const url of [receiver.url, receiver.url.replace('http:', 'https:'), 'https://localhost:1'])
      ids.push((await allowing.send('SubscribeWebhook', { address: url })).id);
    await allowing.close();
    const guarded = await openHouse({ folder, webhooks: { attempts: 2, firstPause: 5 } });
    try {
      await guarded.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
      const reasons = await eventually(async () => {
        const documents = await Promise.all(ids.map((id) => guarded.document<{ parkedReason?: string }>('webhooks', id)));
        const found = documents.map((document) => document?.parkedReason);
        return found.every((reason) => reason !== undefined) ? found : undefined;
      });
      expect(reasons).toEqual(['https-needed', 'private-address', 'private-address']);
      expect(receiver.came).toEqual([]);
    } finally {
      await guarded.close();
    }
  });

  it('is refused at once where it needs no look-up, naming field and setting; what was subscribed before is answered as before', async () => {
    const folder = temporaryFolder();
    const subscription = { address: receiver.url, webhookId: crypto.randomUUID() };
    const allowing = await openHouse({ folder, webhooks: fast });
    const before = await allowing.send('SubscribeWebhook', subscription, { idempotencyKey: 'hook' });
    await allowing.close();
    const guarded = await openHouse({ folder, webhooks: {} });
    try {
      for (const [address, code] of [
        ['http://shop.example/hook', 'https-needed'],
        ['https://127.0.0.1/hook', 'private-address'],
        ['https://0x7f.1/hook', 'private-address'],
        ['https://[::ffff:10.0.0.1]/hook', 'private-address'],
      ]) {
        const message = expect.stringContaining('ANNALS_WEBHOOKS_TO_PRIVATE=true');
        const refused = { status: 422, code, options: { errors: [{ field: 'address', message }] } };
        await expect(guarded.send('SubscribeWebhook', { address })).rejects.toMatchObject(refused);
      }
      await guarded.send('SubscribeWebhook', { address: 'https://93.184.215.14/hook' });
      await guarded.send('SubscribeWebhook', { address: 'https://shop.example/hook' });
      const again = await guarded.send('SubscribeWebhook', subscription, { idempotencyKey: 'hook' });
      expect(again).toMatchObject({ outcome: 'created', position: before.position });
    } finally {
      await guarded.close();
    }
  });
});
