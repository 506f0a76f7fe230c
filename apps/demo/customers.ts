import type { Ledger } from './ledger.js';
import { branches, firstNames, lastNames, placeEnds, placeNames, segments, subjects } from './words.js';

export interface SampleCustomer {
  readonly customerId: string;
  readonly since: number;
  /** Nothing new happens to it from then on. */
  readonly until: number;
}

const DAY = 86_400_000;
const COUNT = 420;
/** The customer that is erased, and how long before the end. */
const LEAVING = 7;
const LEFT_BEFORE_END = 40 * DAY;
const channels = ['PHONE', 'EMAIL', 'CHAT', 'MEETING', 'IN_PERSON'] as const;

/** Customers with contacts, identifiers, owners and interactions; some registered twice and merged, one merged by mistake, one erased. */
export function customerHistory(ledger: Ledger, agents: readonly string[], size: number): readonly SampleCustomer[] {
  const { random, start, end } = ledger;
  const count = Math.ceil(COUNT * size);
  const customers: SampleCustomer[] = [];
  for (let index = 0; index < count; index++) {
    // A third is there from the first month; the others come over time.
    const since =
      start + (index < count / 3 ? random.whole(0, 30) : random.whole(20, 1060)) * DAY + random.whole(8, 17) * 3_600_000;
    if (since >= end) continue;
    const customerId = ledger.id('customer', index);
    register(ledger, customerId, index, since, index === LEAVING ? end - LEFT_BEFORE_END : end, agents);
    customers.push({ customerId, since, until: end });
  }
  duplicates(ledger, customers, agents);
  const leaving = customers[LEAVING];
  if (leaving) {
    const until = end - LEFT_BEFORE_END;
    ledger.add('EraseCustomer', until, { customerId: leaving.customerId });
    customers[LEAVING] = { ...leaving, until: until - 30 * DAY };
  }
  for (const customer of customers) interactions(ledger, customer);
  return customers;
}

function register(
  ledger: Ledger,
  customerId: string,
  index: number | string,
  since: number,
  until: number,
  agents: readonly string[],
): void {
  const { random } = ledger;
  const add = (command: string, at: number, payload: Readonly<Record<string, unknown>>) => {
    if (at < until) ledger.add(command, at, payload);
  };
  const place = `${random.pick(placeNames)}${random.pick(placeEnds)}`;
  const domain = `${ascii(place)}-${index}.example`;
  const isPerson = random.chance(0.15);
  const name = isPerson ? `${random.pick(firstNames)} ${random.pick(lastNames)}` : `${place} ${random.pick(branches)}`;
  add('RegisterCustomer', since, {
    customerId,
    kind: isPerson ? 'PERSON' : 'ORGANISATION',
    name,
    language: random.pick(['de', 'en', 'fr']),
    segment: random.pick(segments),
  });
  add('LinkIdentifier', since, { customerId, kind: 'EMAIL', value: `office@${domain}` });
  add('AssignOwner', since + DAY, { customerId, ownerId: random.pick(agents) });
  for (let contact = random.whole(1, 3); contact > 0; contact--) {
    const first = random.pick(firstNames);
    const last = random.pick(lastNames);
    const email = `${first}.${last}@${domain}`.toLowerCase();
    const at = since + contact * random.whole(1, 60) * DAY;
    add('AddContact', at, {
      customerId,
      contactId: ledger.id('contact', `${index}.${contact}`),
      name: `${first} ${last}`,
      email,
      role: random.pick(['BUYER', 'ENGINEER', 'MANAGER']),
    });
  }
  if (random.chance(0.4))
    add('SetShipmentPreference', since + 5 * DAY, {
      customerId,
      carrier: 'Nordline',
      window: '08:00-12:00',
      address: `${random.whole(1, 90)} Main Street\n${place}`,
    });
  if (random.chance(0.2)) add('TransferOwnership', since + random.whole(200, 700) * DAY, { customerId, to: random.pick(agents) });
}

function duplicates(ledger: Ledger, customers: readonly SampleCustomer[], agents: readonly string[]): void {
  const { random, end } = ledger;
  for (let index = 0; index < 6; index++) {
    const survivor = customers[20 + index * 3];
    if (!survivor) continue;
    const customerId = ledger.id('customer', `double-${index}`);
    const since = Math.min(survivor.since + random.whole(100, 500) * DAY, end - 120 * DAY);
    const merged = end - random.whole(20, 50) * DAY;
    register(ledger, customerId, `double-${index}`, since, merged, agents);
    ledger.add('MergeCustomers', merged, { customerId, survivorId: survivor.customerId });
    if (index === 0) ledger.add('UnmergeCustomers', merged + 5 * DAY, { customerId });
  }
}

function interactions(ledger: Ledger, { customerId, since, until }: SampleCustomer): void {
  const { random } = ledger;
  let count = 0;
  for (let at = since + random.whole(5, 60) * DAY; at < until; at += random.whole(20, 130) * DAY) {
    const interactionId = ledger.id('interaction', `${customerId}.${count++}`);
    const payload = {
      interactionId,
      customerId,
      channel: random.pick(channels),
      direction: random.pick(['INBOUND', 'OUTBOUND']),
      subject: random.pick(subjects),
      seconds: random.whole(30, 2400),
    };
    // One in ten is entered days later, from the notes of somebody who was on the road.
    const late = random.chance(0.1) ? random.whole(2, 20) * DAY : 0;
    ledger.add('LogInteraction', at, payload, { enteredAt: Math.min(at + late, until) });
  }
}

const ascii = (text: string) => text.toLowerCase().replaceAll('ü', 'ue').replaceAll('ä', 'ae').replaceAll('ö', 'oe');
