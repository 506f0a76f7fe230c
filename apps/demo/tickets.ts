import type { SampleCustomer } from './customers.js';
import type { Ledger } from './ledger.js';
import { subjects } from './words.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const COUNT = 320;
const TODAY = 5;
const channels = ['EMAIL', 'PHONE', 'CHAT', 'WEB'] as const;
const categories = ['HARDWARE', 'BILLING', 'DELIVERY', 'QUESTION'] as const;
const priorities = ['URGENT', 'HIGH', 'MEDIUM', 'LOW'] as const;

export interface Tickets {
  /** Sent after the history: the team routes these while somebody looks on. */
  readonly today: readonly { readonly command: string; readonly payload: Readonly<Record<string, unknown>> }[];
}

/** Tickets under a policy of the company: answered soon or late, on hold, reopened by the customer, and some still open. */
export function ticketHistory(
  ledger: Ledger,
  agents: readonly string[],
  customers: readonly SampleCustomer[],
  size: number,
): Tickets {
  const { random, end } = ledger;
  const policyId = ledger.id('policy', 'standard');
  const teamId = ledger.id('team', 'first-line');
  const members = agents.slice(0, 4);
  desk(ledger, policyId, teamId, members);
  for (let index = 0; index < COUNT * size; index++) {
    const customer = random.pick(customers);
    const longest = Math.floor((Math.min(end, customer.until) - customer.since) / DAY) - 2;
    if (longest < 5) continue;
    const at = customer.since + random.whole(1, longest) * DAY + random.whole(0, 8) * HOUR + random.whole(0, 59) * MINUTE;
    life(ledger, { ticketId: ledger.id('ticket', index), policyId, agentId: random.pick(members) }, customer, at);
  }
  const open = customers.filter(({ until }) => until === end).slice(0, TODAY);
  return {
    today: open.map(({ customerId }, index) => ({
      command: 'OpenTicket',
      payload: {
        ticketId: ledger.id('ticket', `today-${index}`),
        customerId,
        teamId,
        policyId,
        channel: 'EMAIL',
        subject: subjects[index % subjects.length],
        skill: categories[index % 2],
      },
    })),
  };
}

function desk(ledger: Ledger, policyId: string, teamId: string, members: readonly string[]): void {
  const { start } = ledger;
  const calendarId = ledger.id('calendar', 'vienna');
  const days = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'];
  ledger.add('DefineWorkingCalendar', start, {
    calendarId,
    name: 'Support desk Vienna',
    timeZone: 'Europe/Vienna',
    hours: days.map((day) => ({ day, from: '08:00', to: '18:00' })),
  });
  ledger.add('DefineSlaPolicy', start, {
    policyId,
    name: 'Standard',
    calendarId,
    promises: priorities.map((priority, index) => ({
      priority,
      firstResponseMinutes: 60 * 2 ** index,
      resolutionMinutes: 600 * (index + 1),
    })),
  });
  ledger.add('FormTeam', start, { teamId, name: 'First line' });
  for (const [index, agentId] of members.entries())
    ledger.add('ProfileAgent', start, { teamId, agentId, skills: [categories[index % 2]], capacity: 20 });
}

interface Ticket {
  readonly ticketId: string;
  readonly policyId: string;
  readonly agentId: string;
}

function life(ledger: Ledger, { ticketId, policyId, agentId }: Ticket, customer: SampleCustomer, openedAt: number): void {
  const { random } = ledger;
  let at = openedAt;
  const add = (after: number, command: string, payload: Readonly<Record<string, unknown>> = {}): boolean => {
    at += after;
    return at < customer.until && ledger.add(command, at, { ticketId, ...payload });
  };
  const resolve = () => add(random.whole(1, 30) * HOUR, 'ResolveTicket', { outcome: random.pick(['SOLVED', 'WORKAROUND']) });
  const opening = {
    customerId: customer.customerId,
    policyId,
    channel: random.pick(channels),
    subject: random.pick(subjects),
    category: random.pick(categories),
    priority: random.pick(priorities),
  };
  if (!add(0, 'OpenTicket', opening) || !add(random.whole(5, 40) * MINUTE, 'AssignTicket', { agentId })) return;
  const answer = { from: 'AGENT', text: 'Please send us the number on the label.' };
  if (!add(random.whole(5, 400) * MINUTE, 'ReplyToTicket', answer)) return;
  if (random.chance(0.7) && !add(random.whole(1, 40) * HOUR, 'ReplyToTicket', { from: 'CUSTOMER', text: 'It is 4711.' })) return;
  if (random.chance(0.2)) {
    if (!add(HOUR, 'HoldTicket', { reason: 'PARTS' }) || !add(random.whole(1, 6) * DAY, 'ResumeTicket')) return;
  }
  if (!resolve()) return;
  if (random.chance(0.1)) {
    if (!add(random.whole(1, 4) * DAY, 'ReplyToTicket', { from: 'CUSTOMER', text: 'It happened again.' }) || !resolve()) return;
  }
  if (random.chance(0.9)) add(7 * DAY, 'CloseTicket');
}
