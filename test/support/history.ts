import { addDays, derivedId, type Moment } from '#kernel';
import { Problem } from '#runtime';
import type { SetClock, TestHouse } from './house.js';
import { seeded } from './random.js';
import { comesLate, trading } from './trade.js';

export const START = '2025-01-01T09:00:00.000Z';

/**
 * A company's year in random commands over a few customers, opportunities, orders, tickets and contracts: late entries, corrections, merges and
 * unmerges, and what the domain refuses; and of its trade, where payments and reversals come to light late. The clock moves on with it.
 */
export async function liveThrough(
  house: TestHouse,
  clock: SetClock,
  { seed, commands }: { seed: number; commands: number },
): Promise<void> {
  const random = seeded(seed);
  const below = (most: number) => Math.floor(random() * most);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const id = (kind: string, most: number) => derivedId(kind, String(seed), String(below(most)));
  const customerId = () => id('customer', 6);
  const opportunityId = () => id('opportunity', 12);
  const orderId = () => id('order', 6);
  const ticketId = () => id('ticket', 6);
  const contract = () => ({ customerId: customerId(), contractId: id('contract', 12) });
  const later = () => addDays(clock.now(), random() * 60);
  const sometimes = (fields: object) => (random() < 0.3 ? fields : {});
  const line = { description: 'Thing', quantity: 2, unitPrice: 50_00 };
  const kinds: readonly (() => readonly [string, object])[] = [
    () => ['RegisterCustomer', { customerId: customerId(), kind: 'ORGANISATION', name: `Buyer ${below(100)}` }],
    () => ['AddContact', { customerId: customerId(), name: 'Somebody' }],
    () => ['LogInteraction', { customerId: customerId(), channel: 'PHONE', direction: 'INBOUND', subject: 'Asked' }],
    () => ['MergeCustomers', { customerId: customerId(), survivorId: customerId() }],
    () => ['MergeCustomers', { customerId: customerId(), survivorId: customerId() }],
    () => ['UnmergeCustomers', { customerId: customerId() }],
    () => ['AssignOwner', { customerId: customerId(), ownerId: id('owner', 3) }],
    () => [
      'OpenOpportunity',
      { opportunityId: opportunityId(), customerId: customerId(), amount: below(10_000), currency: pick(['EUR', 'USD']) },
    ],
    () => ['OpenOpportunity', { opportunityId: opportunityId(), amount: below(10_000), currency: pick(['EUR', 'USD']) }],
    () => ['AdvanceOpportunity', { opportunityId: opportunityId(), to: pick(['QUALIFICATION', 'PROPOSAL', 'NEGOTIATION']) }],
    () => ['RegressOpportunity', { opportunityId: opportunityId(), to: 'PROSPECTING' }],
    () => ['CorrectOpportunity', { opportunityId: opportunityId(), amount: below(10_000) }],
    () => ['WinOpportunity', { opportunityId: opportunityId() }],
    () => ['LoseOpportunity', { opportunityId: opportunityId(), reason: 'PRICE' }],
    () => ['ReopenOpportunity', { opportunityId: opportunityId() }],
    () => ['PlaceOrder', { orderId: orderId(), customerId: customerId(), currency: 'EUR', lines: [line] }],
    () => ['ConfirmOrder', { orderId: orderId() }],
    () => ['ShipOrder', { orderId: orderId() }],
    () => ['DeliverOrder', { orderId: orderId() }],
    () => ['InvoiceOrder', { orderId: orderId() }],
    () => ['OpenTicket', { ticketId: ticketId(), customerId: customerId(), channel: 'EMAIL', subject: 'Asked' }],
    () => ['ReplyToTicket', { ticketId: ticketId(), from: pick(['AGENT', 'CUSTOMER']), text: 'Said' }],
    () => ['HoldTicket', { ticketId: ticketId(), reason: 'PARTS' }],
    () => ['PrioritiseTicket', { ticketId: ticketId(), priority: pick(['URGENT', 'LOW']) }],
    () => ['ResolveTicket', { ticketId: ticketId(), outcome: 'SOLVED' }],
    () => ['MergeTicket', { ticketId: ticketId(), intoTicketId: ticketId() }],
    () => [
      'StartContract',
      { ...contract(), kind: pick(['A', 'B']), price: 50_00, currency: 'EUR', ...sometimes({ endsAt: later() }) },
    ],
    () => ['EndContract', { ...contract(), reason: 'PRICE', ...sometimes({ endsAt: later() }) }],
    () => ['RecordPurchase', { customerId: customerId(), amount: below(10_000), currency: pick(['EUR', 'USD']) }],
    () => ['TakeRetentionAction', { customerId: customerId(), kind: pick(['OFFER', 'HOLD_OUT']) }],
    () => ['DefineSilence', { days: 20 + below(20), interactions: random() < 0.5 }],
  ];
  const trade = trading(seed);
  const ofTrade = seeded(seed + 2_000_000);
  const send = (command: string, payload: object, occurredAt: Moment | undefined) =>
    house.send(command, payload, { occurredAt }).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
    });
  let now: Moment = START;
  for (let index = 0; index < commands; index++) {
    now = addDays(now, random() * 3);
    // A clock that was set back now and then: what was recorded by then is the running maximum.
    clock.set(random() < 0.1 ? addDays(now, -random()) : now);
    const [command, payload] = pick(kinds)();
    const occurredAt = random() < 0.3 ? addDays(clock.now(), -random() * 20) : undefined;
    await send(command, payload, occurredAt);
    const [traded, about] = trade();
    await send(traded, about, ofTrade() < (comesLate(traded) ? 0.8 : 0.1) ? addDays(clock.now(), -ofTrade() * 25) : undefined);
    if (random() < 0.05) await house.fireDue();
  }
}
