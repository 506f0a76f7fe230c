import { type Aggregate, type DataOf, type KeptRetention, type Moment, refuse } from '#kernel';
import {
  ContactAdded,
  CustomerErased,
  CustomerRegistered,
  CustomersMerged,
  CustomersUnmerged,
  IdentifierLinked,
  IdentifierUnlinked,
  MergeAccepted,
  MergeEnded,
  OwnerAssigned,
  OwnershipTransferred,
  PreferenceRecorded,
  RetentionEnded,
  RetentionNoted,
  ShipmentPreferenceSet,
} from './events.js';
import type { IdentifierKind } from './identifiers.js';

export const facts = {
  CustomerRegistered,
  ContactAdded,
  IdentifierLinked,
  IdentifierUnlinked,
  ShipmentPreferenceSet,
  PreferenceRecorded,
  OwnerAssigned,
  OwnershipTransferred,
  CustomersMerged,
  CustomersUnmerged,
  MergeAccepted,
  MergeEnded,
  CustomerErased,
  RetentionNoted,
  RetentionEnded,
};

export interface RegisteredCustomer {
  readonly status: 'REGISTERED';
  readonly customerId: string;
  /** Market segment, in the words of the company. */
  readonly segment?: string;
  readonly contacts: readonly string[];
  /** Reservation id → kind of the identifier. */
  readonly identifiers: Readonly<Record<string, IdentifierKind>>;
  readonly ownerId?: string;
  /** The customer under whom this one is shown. */
  readonly mergedInto?: string;
  /** The customers who are shown under this one. */
  readonly merged: readonly string[];
  /** How deliveries are wanted, the address sealed. */
  readonly shipment?: ShipmentPreference;
  /** Until when a law keeps personal fields of a class. */
  readonly kept?: Readonly<Partial<Record<KeptRetention, Moment>>>;
}

export type ShipmentPreference = Omit<DataOf<typeof ShipmentPreferenceSet>, 'customerId'>;

/** What a law keeps of an erased customer. */
export type Kept = NonNullable<DataOf<typeof CustomerErased>['kept']>;

export type Customer =
  | { readonly status: 'NONE' }
  | RegisteredCustomer
  | { readonly status: 'ERASED'; readonly customerId: string; readonly ownerId?: string; readonly kept?: Kept };

// biome-ignore lint/suspicious/noExplicitAny: of its own aggregate only the facts matter here
export const evolve: Aggregate<Customer, any, typeof facts>['evolve'] = {
  CustomerRegistered: (_, { customerId, segment }) => ({
    status: 'REGISTERED',
    customerId,
    ...(segment === undefined ? {} : { segment }),
    contacts: [],
    identifiers: {},
    merged: [],
  }),
  ContactAdded: (customer, { contactId }) => {
    const before = registered(customer);
    return { ...before, contacts: [...before.contacts, contactId] };
  },
  IdentifierLinked: (customer, { reservationId, kind }) => {
    const before = registered(customer);
    return { ...before, identifiers: { ...before.identifiers, [reservationId]: kind } };
  },
  IdentifierUnlinked: (customer, { reservationId }) => {
    const { identifiers, ...before } = registered(customer);
    const { [reservationId]: _unlinked, ...left } = identifiers;
    return { ...before, identifiers: left };
  },
  ShipmentPreferenceSet: (customer, { carrier, window, address }) => ({
    ...registered(customer),
    shipment: { carrier, window, address },
  }),
  PreferenceRecorded: (customer) => customer,
  OwnerAssigned: (customer, { ownerId }) => ({ ...registered(customer), ownerId }),
  OwnershipTransferred: (customer, { to }) => ({ ...registered(customer), ownerId: to }),
  CustomersMerged: (customer, { survivorId }) => ({ ...registered(customer), mergedInto: survivorId }),
  CustomersUnmerged: (customer) => {
    const { mergedInto: _former, ...before } = registered(customer);
    return before;
  },
  MergeAccepted: (customer, { mergedId }) => {
    const before = registered(customer);
    return { ...before, merged: [...before.merged, mergedId] };
  },
  MergeEnded: (customer, { mergedId }) => {
    const before = registered(customer);
    return { ...before, merged: before.merged.filter((id) => id !== mergedId) };
  },
  CustomerErased: (customer, { customerId, kept }) =>
    customer.status !== 'NONE' && customer.ownerId !== undefined
      ? { status: 'ERASED', customerId, ownerId: customer.ownerId, ...(kept && { kept }) }
      : { status: 'ERASED', customerId, ...(kept && { kept }) },
  RetentionNoted: (customer, { retention, until }) => {
    if (customer.status === 'ERASED') {
      const others = customer.kept?.filter((one) => one.retention !== retention) ?? [];
      return { ...customer, kept: [...others, { retention, until }] };
    }
    const before = registered(customer);
    return { ...before, kept: { ...before.kept, [retention]: until } };
  },
  RetentionEnded: (customer, { kept = [] }) => (customer.status === 'ERASED' ? { ...customer, kept } : customer),
};

/**
 * The customer, if it is registered and not erased, also for decisions elsewhere; another customer may be shown in its place.
 * `field`: which field of the command names it.
 */
export function registered(customer: Customer, field = 'customerId'): RegisteredCustomer {
  if (customer.status === 'ERASED') refuseErased(field);
  if (customer.status === 'NONE') refuseUnknownCustomer(field);
  return customer;
}

export function refuseUnknownCustomer(field = 'customerId'): never {
  refuse('customer-unknown', `There is no such customer; check ${field}, or register the customer first.`, field);
}

/** Under whom a customer is shown, by its own state and those of the customers it is merged into, one after another. */
export const shownAs = (customerId: string, ...way: readonly Customer[]): string =>
  way.reduce((id, customer) => (customer.status === 'REGISTERED' && customer.mergedInto) || id, customerId);

export function refuseErased(field = 'customerId'): never {
  refuse('customer-erased', 'This customer is erased for good; who comes back is registered as a new customer.', field);
}
