import type { Reference } from '#kernel';
import { type Customer, customer } from '../../customers/contract.js';
import type { Order } from '../../orders/contract.js';
import type { OpenTicket } from './commands.js';
import type { Ticket } from './ticket-state.js';

/** How many customers who are one with that of a new ticket its decision reads at most, to find a contact or the buyer of an order. */
export const kin = ['kin1', 'kin2', 'kin3', 'kin4', 'kin5', 'kin6', 'kin7', 'kin8'] as const;
/** Customers who were merged with that of a new ticket, the nearest first, as far as the decision has to look. */
export type Kin = { readonly [K in (typeof kin)[number]]: Customer };

/** What a new ticket says of its customer. */
export type About = Pick<OpenTicket, 'contactId' | 'orderId' | 'customerId'>;
/** The order that a new ticket is about, and whose it is, beside the customers who are one with that of the ticket. */
interface Read extends Kin {
  readonly customer: Customer;
  readonly order: Order;
  readonly buyer: Customer;
}

type KinReference = Reference<Ticket, Customer>;
const nextKin: KinReference = {
  aggregate: customer,
  id: (opening: About, ticket, { read }) => (ticket.status === 'NONE' ? unreadKin(opening, read as unknown as Read) : undefined),
};
/** The references of the decision on a new ticket: each is the next customer that has to be read. */
export const kinOfCustomer = Object.fromEntries(kin.map((name) => [name, nextKin])) as Record<keyof Kin, KinReference>;

/** Whether the contact is one of the customer, or of one who is one with it; also where these are too many to be read. */
export const isContactOf = (about: About, read: Read): boolean =>
  hasContact(about, read) || (kin.every((name) => read[name].status !== 'NONE') && unread(about, read).length > 0);

/** Whether the order is one of the customer, or of one who is one with it. */
export function isOrderOf(about: About, read: Read): boolean {
  const { order, buyer } = read;
  if (!order.exists) return false;
  const ids = idsOf(about, read);
  // Who was just merged is named by its own stream first.
  return [order.customerId, ...mergedWith(buyer)].some((id) => ids.includes(id));
}

function unreadKin(about: About, read: Read): string | undefined {
  const found = (about.contactId === undefined || hasContact(about, read)) && (!read.order.exists || isOrderOf(about, read));
  return found ? undefined : unread(about, read)[0];
}

const hasContact = ({ contactId }: About, read: Read): boolean =>
  contactId !== undefined &&
  readOf(read).some((customer) => customer.status === 'REGISTERED' && customer.contacts.includes(contactId));

const unread = (about: About, read: Read): string[] => {
  const known = new Set(readOf(read).flatMap((customer) => (customer.status === 'NONE' ? [] : [customer.customerId])));
  return idsOf(about, read).filter((id) => !known.has(id));
};

/** Of all who are one with the customer, as far as they are read or named by those: their ids, the nearest first. */
const idsOf = ({ customerId }: About, read: Read): string[] => [...new Set([customerId, ...readOf(read).flatMap(mergedWith)])];

/** The customers that are read so far. */
const readOf = (read: Partial<Read>): Customer[] => (['customer', ...kin] as const).flatMap((name) => read[name] ?? []);

const mergedWith = (customer: Customer): string[] =>
  customer.status === 'REGISTERED'
    ? [...(customer.mergedInto === undefined ? [] : [customer.mergedInto]), ...customer.merged]
    : [];
