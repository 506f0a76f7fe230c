import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { derivedId, type Recorded } from '#kernel';
import { openCore } from '../support/faulty-log.js';
import { eventually, openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';

interface QueueEntry {
  readonly status: string;
  readonly agentId?: string;
  readonly rule?: string;
  readonly dueAt?: string;
  readonly sla?: string;
  readonly breached: boolean;
  readonly escalated: boolean;
  readonly absorbed: readonly string[];
}
interface Verdict {
  readonly verdict: string;
  readonly dueAt?: string;
  readonly marginSeconds?: number;
}

const [anna, bert] = [derivedId('service', 'anna'), derivedId('service', 'bert')].sort() as [string, string];

/** Monday, 09:00 UTC: the default calendar begins to work. */
const monday = (time: string) => `2026-03-02T${time}:00.000Z`;

describe('service, with its processes', () => {
  const clock = new SetClock(monday('09:00'));
  let house: TestHouse;
  let customerId: string;
  let opened = 0;

  const open = async (more: object = {}) => {
    const subject = `Matter ${++opened}`;
    return (await house.send('OpenTicket', { customerId, channel: 'EMAIL', subject, ...more })).id;
  };
  const entry = (ticketId: string, parameters: Record<string, string> = {}) =>
    house.document<QueueEntry>('ticket-queue', ticketId, parameters);
  const until = (ticketId: string, holds: (entry: QueueEntry) => boolean) =>
    eventually(async () => {
      const found = await entry(ticketId);
      return found && holds(found) ? found : undefined;
    });
  const factsOf = async (stream: string): Promise<readonly Recorded<Record<string, unknown>>[]> =>
    (await house.facts.page({ tenant: 'main', stream, limit: 100 })).facts as readonly Recorded<Record<string, unknown>>[];

  beforeAll(async () => {
    house = await openHouse({ clock });
    customerId = (await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Acme' })).id;
  });
  afterAll(() => house.close());

  it('SRV-02 finds an agent for each ticket, says why, and has the next one wait until there is room', async () => {
    const { id: teamId } = await house.send('FormTeam', { name: 'First line' });
    await house.send('ProfileAgent', { teamId, agentId: anna, skills: ['HARDWARE'], capacity: 1 });
    await house.send('ProfileAgent', { teamId, agentId: bert, languages: ['fr'], capacity: 1 });

    const first = await open({ teamId, skill: 'HARDWARE' });
    expect(await until(first, ({ agentId }) => agentId !== undefined)).toMatchObject({ agentId: anna, rule: 'ONLY_CANDIDATE' });
    const second = await open({ teamId, skill: 'HARDWARE' });
    const queued = await eventually(async () =>
      (await factsOf(`team-main.${teamId}`)).find(({ type }) => type === 'TicketQueued'),
    );
    expect(queued.data).toMatchObject({
      ticketId: second,
      candidates: [
        { agentId: anna, fitness: 'FULL', load: 1, capacity: 1 },
        { agentId: bert, fitness: 'SKILL_MISSING', load: 0 },
      ],
    });
    expect(await entry(second)).toMatchObject({ assigned: false });

    await house.send('ResolveTicket', { ticketId: first, outcome: 'SOLVED' });
    await until(second, ({ agentId }) => agentId === anna);
    const profile = await eventually(async () =>
      (await factsOf(`serviceProfile-main.${customerId}`)).find(({ type }) => type === 'CustomerServed'),
    );
    expect(profile.data).toMatchObject({ customerId, agentId: anna });
  }, 60_000);

  it('SRV-06 takes the calendar that the policy names, whatever is defined later', async () => {
    const { id: calendarId } = await house.send('DefineWorkingCalendar', {
      name: 'Vienna',
      timeZone: 'Europe/Vienna',
      hours: [{ day: 'MONDAY', from: '10:00', to: '12:00' }],
    });
    const promises = ['URGENT', 'HIGH', 'MEDIUM', 'LOW'].map((priority) => ({
      priority,
      firstResponseMinutes: 60,
      resolutionMinutes: 180,
    }));
    const { id: policyId } = await house.send('DefineSlaPolicy', { name: 'Mondays', calendarId, promises });
    const ticketId = await open({ policyId });
    const dues = async () => [
      (await house.document<Verdict>('sla', `${ticketId}.FIRST_RESPONSE`))?.dueAt,
      (await house.document<Verdict>('sla', `${ticketId}.RESOLUTION`))?.dueAt,
    ];
    // 10:00 in Vienna is 09:00 UTC; the third hour is that of the Monday after.
    expect(await dues()).toEqual([monday('10:00'), '2026-03-09T10:00:00.000Z']);
    const [fact] = await factsOf(`ticket-main.${ticketId}`);
    expect(fact?.inputs).toEqual(
      expect.arrayContaining([`slaPolicy-main.${policyId}@0`, `workingCalendar-main.${calendarId}@0`]),
    );

    await house.send('DefineSlaPolicy', { policyId, name: 'Mondays', promises });
    await house.send('DefineWorkingCalendar', {
      calendarId,
      name: 'Vienna',
      timeZone: 'Europe/Vienna',
      hours: [{ day: 'TUESDAY', from: '10:00', to: '12:00' }],
    });
    await house.send('HoldTicket', { ticketId, reason: 'SUPPLIER' });
    await house.send('ResumeTicket', { ticketId });
    expect(await dues()).toEqual([monday('10:00'), '2026-03-09T10:00:00.000Z']);
  }, 60_000);

  it('SRV-06 says by the clock what runs out and what is broken, as of any day', async () => {
    const late = await open({ priority: 'URGENT' });
    const answered = await open({ priority: 'URGENT' });
    await house.send('ReplyToTicket', { ticketId: answered, from: 'AGENT', text: 'At once.' });
    clock.set(monday('10:30'));
    await eventually(async () => {
      await house.fireDue();
      return (await entry(late))?.breached || undefined;
    });
    await until(late, ({ breached, escalated }) => breached && escalated);
    const facts = (await factsOf(`ticket-main.${late}`)).map(({ type, occurredAt }) => [type, occurredAt]);
    expect(facts).toEqual([
      ['TicketOpened', monday('09:00')],
      ['SlaAttached', monday('09:00')],
      ['SlaEscalated', monday('09:48')],
      ['SlaBreached', monday('10:00')],
    ]);
    expect(await entry(late)).toMatchObject({ sla: 'FAILED', dueAt: monday('10:00') });
    expect(await entry(late, { asOf: monday('09:30') })).toMatchObject({ sla: 'FIRST_RESPONSE_DUE', breached: false });
    expect(await entry(answered)).toMatchObject({ sla: 'PAUSED', breached: false });

    await house.send('ReplyToTicket', { ticketId: late, from: 'AGENT', text: 'Sorry.' });
    expect(await house.document<Verdict>('sla', `${late}.FIRST_RESPONSE`)).toMatchObject({
      verdict: 'FAILED',
      marginSeconds: -30 * 60,
    });
    expect(await house.groups('sla', { group: 'verdict', sum: 'fulfilled,failed', target: 'FIRST_RESPONSE' })).toEqual(
      expect.arrayContaining([expect.objectContaining({ verdict: 'FAILED', failed: 1, fulfilled: 0 })]),
    );
  }, 60_000);

  it('SRV-01 splits a ticket in two, and merges two into one', async () => {
    const ticketId = await open();
    await house.send('SplitTicket', { ticketId, subject: 'The invoice is wrong.' });
    const split = (await factsOf(`ticket-main.${ticketId}`)).find(({ type }) => type === 'TicketSplit');
    const newTicketId = split?.data.newTicketId as string;
    await until(newTicketId, ({ status }) => status === 'OPEN');
    expect((await factsOf(`ticket-main.${newTicketId}`))[0]?.data).toMatchObject({ splitFrom: ticketId, customerId });

    await house.send('MergeTicket', { ticketId: newTicketId, intoTicketId: ticketId });
    expect(await until(ticketId, ({ absorbed }) => absorbed.length > 0)).toMatchObject({ absorbed: [newTicketId] });
    await expect(house.send('ReplyToTicket', { ticketId: newTicketId, from: 'CUSTOMER', text: 'And?' })).rejects.toMatchObject({
      status: 422,
      code: 'ticket-merged',
    });
  }, 60_000);

  it('SRV-01 opens a ticket about what there is', async () => {
    const nothing = derivedId('service', 'nothing');
    await expect(open({ orderId: nothing })).rejects.toMatchObject({ status: 422, code: 'order-unknown' });
    await expect(open({ follows: nothing })).rejects.toMatchObject({ status: 422, code: 'other-ticket-unknown' });
    const lines = [{ description: 'GTX Pro', quantity: 1, unitPrice: 100_00 }];
    const { id: orderId } = await house.send('PlaceOrder', { customerId, currency: 'EUR', lines });
    await open({ orderId, follows: await open() });
  }, 60_000);

  it('SRV-01 opens a ticket with a contact and an order of its customer, or of one who was merged with it', async () => {
    const { id: same } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Acme Inc' });
    const contactId = derivedId('service', 'ada');
    await house.send('AddContact', { customerId: same, contactId, name: 'Ada Lovelace' });
    const lines = [{ description: 'GTX Pro', quantity: 1, unitPrice: 100_00 }];
    const { id: orderId } = await house.send('PlaceOrder', { customerId: same, currency: 'EUR', lines });
    await open({ customerId: same, contactId, orderId });
    const contact = { status: 422, code: 'contact-of-other-customer', message: expect.stringContaining('contactId') };
    await expect(open({ contactId: derivedId('service', 'nothing') })).rejects.toMatchObject(contact);
    await expect(open({ contactId })).rejects.toMatchObject(contact);
    const order = { status: 422, code: 'order-of-other-customer', message: expect.stringContaining('orderId') };
    await expect(open({ orderId })).rejects.toMatchObject(order);

    await house.send('MergeCustomers', { customerId: same, survivorId: customerId });
    await open({ orderId });
    await eventually(() => open({ contactId }).catch(() => undefined));
    await house.send('UnmergeCustomers', { customerId: same });
    const code = () => open({ orderId }).catch((refused) => refused.code);
    await eventually(async () => (await code()) === 'order-of-other-customer' || undefined);
  }, 60_000);

  it('SRV-01 merges tickets of customers who turned out to be one', async () => {
    const { id: same } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Acme Ltd' });
    const [ticketId, intoTicketId] = [await open({ customerId: same }), await open()];
    await expect(house.send('MergeTicket', { ticketId, intoTicketId })).rejects.toMatchObject({
      code: 'ticket-of-other-customer',
    });
    await house.send('MergeCustomers', { customerId: same, survivorId: customerId });
    await house.send('MergeTicket', { ticketId, intoTicketId });
    expect(await until(intoTicketId, ({ absorbed }) => absorbed.length > 0)).toMatchObject({ absorbed: [ticketId] });
    await house.send('UnmergeCustomers', { customerId: same });
  }, 60_000);

  it('SRV-03 has what comes in by phone, mail and chat in one queue, and counts it by channel', async () => {
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'PERSON', name: 'Grace' });
    const tickets = [];
    for (const channel of ['PHONE', 'EMAIL', 'EMAIL', 'CHAT']) tickets.push(await open({ customerId, channel }));
    const queue = await house.list<{ readonly channel: string }>('ticket-queue', { customerId });
    expect(queue.map(({ key }) => key).sort()).toEqual(tickets.sort());
    expect(await house.groups('ticket-queue', { customerId, group: 'channel' })).toMatchObject([
      { channel: 'CHAT', count: 1 },
      { channel: 'EMAIL', count: 2 },
      { channel: 'PHONE', count: 1 },
    ]);
  }, 60_000);

  it('CID-10 forgets what was said when the customer is erased, and keeps the counts', async () => {
    const { id } = await house.send('RegisterCustomer', { kind: 'PERSON', name: 'Ada' });
    const ticketId = await open({ customerId: id, text: 'I am ill.' });
    await house.send('EraseCustomer', { customerId: id });
    const found = await house.document<{ subject: unknown }>('ticket-queue', ticketId);
    expect(JSON.stringify(found)).not.toContain('Matter');
    expect(await house.document<{ ticketCount: number }>('customer360', id)).toMatchObject({ ticketCount: 1, openTickets: 1 });
    await expect(house.send('ReplyToTicket', { ticketId, from: 'AGENT', text: 'Get well soon.' })).rejects.toMatchObject({
      status: 422,
      code: 'customer-erased',
    });
    await house.send('ResolveTicket', { ticketId, outcome: 'OTHER' });
    expect(await entry(ticketId)).toMatchObject({ status: 'RESOLVED' });
  }, 60_000);
});

/** A customer, and a team of these agents. */
async function teamOf(core: Awaited<ReturnType<typeof openCore>>, ...agents: readonly string[]) {
  const factsOf = async (stream: string) =>
    (await core.facts.page({ tenant: 'main', stream, limit: 100 })).facts as readonly Recorded<Record<string, unknown>>[];
  const { id: customerId } = await core.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Acme' });
  const { id: teamId } = await core.send('FormTeam', { name: 'First line' });
  for (const agentId of agents) await core.send('ProfileAgent', { teamId, agentId });
  return { factsOf, customerId, teamId };
}

describe('a ticket that is given to somebody while its team routes it', () => {
  it('SRV-02 stays with that one, and the team counts it there', async () => {
    const core = await openCore(temporaryFolder(), { runsProcesses: true });
    try {
      const { factsOf, customerId, teamId } = await teamOf(core, anna, bert);
      const inner = core.log.append.bind(core.log);
      let given: string | undefined;
      core.log.append = async (stream, expected, facts) => {
        const appended = await inner(stream, expected, facts);
        const routed = facts.find(({ type }) => type === 'TicketRouted');
        if (routed && given === undefined) {
          given = (JSON.parse(routed.data) as { ticketId: string }).ticketId;
          await core.send('AssignTicket', { ticketId: given, agentId: bert });
        }
        return appended;
      };
      const opening = { customerId, channel: 'EMAIL', subject: 'It stays dark.', teamId };
      const { id: first } = await core.send('OpenTicket', opening);
      await eventually(async () =>
        (await factsOf(`team-main.${teamId}`)).find(({ type, data }) => type === 'TicketTaken' && data.agentId === bert),
      );
      const { id: second } = await core.send('OpenTicket', opening);
      const routed = await eventually(async () =>
        (await factsOf(`team-main.${teamId}`)).find(({ type, data }) => type === 'TicketRouted' && data.ticketId === second),
      );
      const loads = (routed.data.candidates as { agentId: string; load: number }[]).map(({ agentId, load }) => [agentId, load]);
      expect(Object.fromEntries(loads)).toEqual({ [anna]: 0, [bert]: 1 });
      const assigned = (await factsOf(`ticket-main.${first}`)).filter(({ type }) => type === 'TicketAssigned');
      expect([given, assigned.map(({ data }) => data.agentId)]).toEqual([first, [bert]]);
    } finally {
      await core.close(1_000);
    }
  }, 60_000);
});

describe('a ticket whose agent leaves the team while it is routed', () => {
  it('SRV-02 is never given to who is not in the team, and at last to who came back', async () => {
    const core = await openCore(temporaryFolder(), { runsProcesses: true });
    try {
      const { factsOf, customerId, teamId } = await teamOf(core, anna);
      const inner = core.log.append.bind(core.log);
      let routed = false;
      let removed = false;
      core.log.append = async (stream, expected, facts) => {
        // The process has begun to hand the ticket over, and has not sent it yet.
        if (routed && !removed && stream.startsWith('process-')) {
          removed = true;
          await core.send('RemoveAgent', { teamId, agentId: anna });
        }
        const appended = await inner(stream, expected, facts);
        routed ||= facts.some(({ type }) => type === 'TicketRouted');
        return appended;
      };
      const opening = { customerId, channel: 'EMAIL', subject: 'It stays dark.', teamId };
      const { id: ticketId } = await core.send('OpenTicket', opening);
      const assignments = async () =>
        (await factsOf(`ticket-main.${ticketId}`))
          .filter(({ type }) => type === 'TicketAssigned')
          .map(({ data }) => data.agentId);
      await eventually(async () => (await factsOf(`team-main.${teamId}`)).find(({ type }) => type === 'TicketQueued'));
      // Another ticket comes behind: once it waits, what was said of the first has been heard.
      const { id: next } = await core.send('OpenTicket', opening);
      await eventually(async () =>
        (await factsOf(`team-main.${teamId}`)).find(({ type, data }) => type === 'TicketQueued' && data.ticketId === next),
      );
      expect(await assignments()).toEqual([]);

      await core.send('ProfileAgent', { teamId, agentId: anna });
      await eventually(async () => ((await assignments()).length > 0 ? true : undefined));
      expect(await assignments()).toEqual([anna]);
      await core.send('ResolveTicket', { ticketId, outcome: 'SOLVED' });
      await eventually(async () => (await factsOf(`team-main.${teamId}`)).find(({ type }) => type === 'TicketReleased'));
      await core.send('RemoveAgent', { teamId, agentId: anna });
      await core.send('ReopenTicket', { ticketId });
      await eventually(async () => ((await assignments()).length > 1 ? true : undefined));
      expect(await assignments()).toEqual([anna, undefined]);
    } finally {
      await core.close(1_000);
    }
  }, 60_000);
});
