import { type Reference, refuse } from '#kernel';
import { customer } from './customer.js';
import type { Customer } from './customer-state.js';

/** How many customers who are one with that of a decision it reads at most, to find a contact or whose a thing is. */
export const kin = ['kin1', 'kin2', 'kin3', 'kin4', 'kin5', 'kin6', 'kin7', 'kin8'] as const;
/** Customers who were merged with that of a decision, the nearest first, as far as it has to look. */
export type Kin = { readonly [K in (typeof kin)[number]]: Customer };

/** What a decision takes for its customer's: a contact, and things that say whose they are. */
export interface Belongings {
  readonly customerId: string;
  readonly contactId?: string | undefined;
  readonly owners: readonly Owner[];
}
/** Whose a thing is: `customer` is not read where that is the customer of the decision. */
export interface Owner {
  readonly customerId: string;
  readonly customer: Customer;
}
/** The customer of the decision, and those who are one with it. */
interface Read extends Kin {
  readonly customer: Customer;
}

/** The owner of a thing, if it exists and says whose it is. */
export function ownerOf(thing: unknown, customer: Customer): Owner[] {
  const { customerId } = thing as { readonly customerId?: string };
  return customerId === undefined ? [] : [{ customerId, customer }];
}

/** The customer whose a thing is that was read before, unless it is that of the command: the id of a reference. */
export const ownerIn =
  (thing: string): Reference<unknown, Customer>['id'] =>
  ({ customerId }: { readonly customerId?: string }, _, { read }) => {
    const owner = (read[thing] as { readonly customerId?: string }).customerId;
    return owner === customerId ? undefined : owner;
  };

/** References for the kin of a decision's customer, after `customer` and all that is asked for: each is the next one that has to be read. */
export function kinOf<S>(
  // biome-ignore lint/suspicious/noExplicitAny: called with each command of the aggregate, and what it read
  belongings: (command: any, state: S, read: any) => Belongings | undefined,
): Record<keyof Kin, Reference<S, Customer>> {
  const next: Reference<S, Customer> = {
    aggregate: customer,
    id: (command, state, { read }) => {
      const asked = belongings(command, state, read);
      return asked && unreadKin(asked, read as unknown as Read);
    },
  };
  return Object.fromEntries(kin.map((name) => [name, next])) as Record<keyof Kin, Reference<S, Customer>>;
}

/** The contact is one of the customer, or of one who is one with it; also where these are too many to be read. */
export function mustBeContactOf(asked: Belongings, read: Read): void {
  const { contactId } = asked;
  if (contactId === undefined || hasContact(asked, read)) return;
  if (kin.every((name) => read[name].status !== 'NONE') && unread(asked, read).length > 0) return;
  refuse(
    'contact-of-other-customer',
    `${contactId} is no contact of the customer; add it to the customer first, or leave contactId out.`,
    'contactId',
  );
}

/** Whether a thing is one of the customer, or of one who is one with it; a thing of nobody is. */
export function isOneOf(owners: readonly Owner[], asked: Belongings, read: Read): boolean {
  const ids = idsOf(asked, read);
  // Who was just merged is named by its own stream first.
  return owners.every(({ customerId, customer }) => [customerId, ...mergedWith(customer)].some((id) => ids.includes(id)));
}

function unreadKin(asked: Belongings, read: Read): string | undefined {
  const found = (asked.contactId === undefined || hasContact(asked, read)) && isOneOf(asked.owners, asked, read);
  return found ? undefined : unread(asked, read)[0];
}

const hasContact = ({ contactId }: Belongings, read: Read): boolean =>
  contactId !== undefined &&
  readOf(read).some((customer) => customer.status === 'REGISTERED' && customer.contacts.includes(contactId));

const unread = (asked: Belongings, read: Read): string[] => {
  const known = new Set(readOf(read).flatMap((customer) => (customer.status === 'NONE' ? [] : [customer.customerId])));
  return idsOf(asked, read).filter((id) => !known.has(id));
};

/** Of all who are one with the customer, as far as they are read or named by those: their ids, the nearest first. */
const idsOf = ({ customerId }: Belongings, read: Read): string[] => [
  ...new Set([customerId, ...readOf(read).flatMap(mergedWith)]),
];

/** The customers that are read so far. */
const readOf = (read: Partial<Read>): Customer[] => (['customer', ...kin] as const).flatMap((name) => read[name] ?? []);

const mergedWith = (customer: Customer): string[] =>
  customer.status === 'REGISTERED'
    ? [...(customer.mergedInto === undefined ? [] : [customer.mergedInto]), ...customer.merged]
    : [];
