import { refuse } from '#kernel';
import {
  type Belongings,
  type Customer,
  isOneOf,
  type Kin,
  mustBeContactOf,
  type Owner,
  ownerOf,
} from '../../customers/contract.js';
import type { Order } from '../../orders/contract.js';
import type { OpenTicket } from './commands.js';
import { mustBeTicket } from './conditions.js';
import type { Ticket } from './ticket-state.js';

/** What the decision on a new ticket reads of what it is about and where it comes from, each with whose it is if not of its customer. */
export interface Origin {
  readonly order: Order;
  readonly buyer: Customer;
  /** The ticket that this one follows, and the one that it was a part of. */
  readonly followed: Ticket;
  readonly followedCustomer: Customer;
  readonly whole: Ticket;
  readonly wholeCustomer: Customer;
}
type Opening = Pick<OpenTicket, 'customerId' | 'contactId' | 'orderId' | 'follows' | 'splitFrom'>;

/** What a new ticket takes for its customer's. */
export function broughtBy({ customerId, contactId }: Opening, read: Origin): Belongings {
  const { order, followed, whole } = ownersIn(read);
  return { customerId, contactId, owners: [...order, ...followed, ...whole] };
}

/** The order that a new ticket is about, and the tickets that it comes from. */
export function mustBeAboutWhatExists({ orderId, follows, splitFrom }: Opening, { order, followed, whole }: Origin): void {
  if (orderId !== undefined && !order.exists)
    refuse('order-unknown', `There is no order ${orderId}; place the order first, or leave orderId out.`, 'orderId');
  if (follows !== undefined) mustBeTicket(follows, followed, 'follows');
  if (splitFrom !== undefined) mustBeTicket(splitFrom, whole, 'splitFrom');
}

/** Those who were merged are one customer. */
export function mustBeOfTheCustomer(opening: Opening, read: Origin & Kin & { readonly customer: Customer }): void {
  const brought = broughtBy(opening, read);
  const { order, followed, whole } = ownersIn(read);
  const { orderId, follows, splitFrom } = opening;
  mustBeContactOf(brought, read);
  if (!isOneOf(order, brought, read))
    refuse(
      'order-of-other-customer',
      `${orderId} is an order of another customer; leave orderId out, or open the ticket for that customer.`,
      'orderId',
    );
  if (!isOneOf(followed, brought, read)) refuseOther(follows, 'follows');
  if (!isOneOf(whole, brought, read)) refuseOther(splitFrom, 'splitFrom');
}

function refuseOther(ticketId: string | undefined, field: string): never {
  refuse(
    'ticket-of-other-customer',
    `${ticketId} is a ticket of another customer; leave ${field} out, or open the ticket for that customer.`,
    field,
  );
}

const ownersIn = (read: Origin): { readonly [K in 'order' | 'followed' | 'whole']: Owner[] } => ({
  order: ownerOf(read.order, read.buyer),
  followed: ownerOf(read.followed, read.followedCustomer),
  whole: ownerOf(read.whole, read.wholeCustomer),
});
