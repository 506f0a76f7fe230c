import { type Aggregate, aggregate, type KeptRetention, languageTag, type Moment, refuse } from '#kernel';
import {
  AddContact,
  AssignOwner,
  EraseCustomer,
  LinkIdentifier,
  MergeCustomers,
  RecordPreference,
  RegisterCustomer,
  SetShipmentPreference,
  TransferOwnership,
  UnlinkIdentifier,
  UnmergeCustomers,
} from './commands.js';
import { mustBeSurvivor, mustBeUnregistered, mustHaveRoomFor, standing } from './conditions.js';
import { type Customer, evolve, facts, type Kept, type RegisteredCustomer, refuseErased, registered } from './customer-state.js';
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
import { type IdentifierKind, identifierClaim } from './identifiers.js';
import { AcceptMerge, EndMerge, EndRetention, EraseMergedCustomer, NoteRetention } from './process-commands.js';
import { mustBeWindow } from './window.js';

const commands = {
  RegisterCustomer,
  AddContact,
  LinkIdentifier,
  UnlinkIdentifier,
  SetShipmentPreference,
  RecordPreference,
  AssignOwner,
  TransferOwnership,
  MergeCustomers,
  UnmergeCustomers,
  AcceptMerge,
  EndMerge,
  EraseCustomer,
  EraseMergedCustomer,
  NoteRetention,
  EndRetention,
};

/** What the decisions read beside their own stream: the customer under whom this one is to be shown. */
interface References {
  readonly survivor: Customer;
}

const MOST_IDENTIFIERS = 100;

export const customer: Aggregate<Customer, typeof commands, typeof facts, References> = aggregate<Customer, References>()({
  name: 'customer',
  description: 'A person or an organisation that the company deals with, with its contacts, identifiers, wishes and owner.',
  id: 'customerId',
  stateVersion: 3,
  commands,
  facts,
  initial: { status: 'NONE' },
  refs: (customer) => (customer.status === 'NONE' ? {} : { customer: customer.customerId, owner: customer.ownerId }),

  references: {
    survivor: {
      // A customer refers to another customer: the definition is complete only after this line.
      get aggregate() {
        return customer;
      },
      id: ({ survivorId }: Partial<MergeCustomers>) => survivorId,
    },
  },

  reserve: {
    RegisterCustomer: ({ customerId, email, phone }) =>
      identifiersOf(email, phone).map(({ kind, value }) =>
        identifierClaim(kind, value, customerId, kind === 'EMAIL' ? 'email' : 'phone'),
      ),
    LinkIdentifier: ({ customerId, kind, value }) => [identifierClaim(kind, value, customerId)],
  },

  decide: {
    RegisterCustomer: ({ customerId, kind, name, email, phone, language, segment }, customer, { reservations }) => {
      if (customer.status === 'ERASED') refuseErased();
      mustBeUnregistered(customer);
      return [
        CustomerRegistered({ customerId, kind, name, language: languageTag(language), segment }),
        ...identifiersOf(email, phone).map((identifier, at) =>
          IdentifierLinked({ customerId, reservationId: claimed(reservations, at), ...identifier }),
        ),
      ];
    },

    AddContact: ({ customerId, contactId, name, email, phone, role }, customer) => {
      mustHaveRoomFor(contactId, registered(customer));
      return ContactAdded({ customerId, contactId, name, email, phone, role });
    },

    LinkIdentifier: ({ customerId, kind, value }, customer, { reservations }) => {
      const { identifiers } = registered(customer);
      const reservationId = claimed(reservations, 0);
      if (identifiers[reservationId] !== undefined) return [];
      if (Object.keys(identifiers).length >= MOST_IDENTIFIERS)
        refuse('too-many-identifiers', `A customer has at most ${MOST_IDENTIFIERS} identifiers; unlink one of them first.`);
      return IdentifierLinked({ customerId, reservationId, kind, value });
    },

    UnlinkIdentifier: ({ customerId, reservationId }, customer) => {
      const kind = registered(customer).identifiers[reservationId];
      if (kind === undefined)
        refuse(
          'identifier-not-linked',
          'This customer has no such identifier; send a reservationId that the view customer360 shows of it.',
          'reservationId',
        );
      return IdentifierUnlinked({ customerId, reservationId, kind });
    },

    SetShipmentPreference: ({ customerId, carrier, window, address }, customer) => {
      standing(customer);
      if (carrier === undefined && window === undefined && address === undefined)
        refuse(
          'shipment-preference-empty',
          'A shipment preference names a carrier, a window or an address; send at least one of them.',
        );
      mustBeWindow(window);
      return ShipmentPreferenceSet({ customerId, carrier, window, address });
    },

    RecordPreference: ({ customerId, key, value, source }, customer) => {
      standing(customer);
      return PreferenceRecorded({ customerId, key, value, source });
    },

    AssignOwner: ({ customerId, ownerId }, customer) => {
      const { ownerId: present } = standing(customer);
      if (present === ownerId) return [];
      if (present !== undefined)
        refuse('customer-owned', `This customer has the owner ${present}; transfer the ownership instead.`);
      return OwnerAssigned({ customerId, ownerId });
    },

    TransferOwnership: ({ customerId, to }, customer) => {
      const { ownerId: from } = standing(customer);
      if (from === undefined) refuse('customer-not-owned', 'This customer has no owner yet; assign one instead.');
      return from === to ? [] : OwnershipTransferred({ customerId, from, to });
    },

    MergeCustomers: ({ customerId, survivorId }, customer, { survivor }) => {
      const { mergedInto } = registered(customer);
      if (mergedInto === survivorId) return [];
      if (mergedInto !== undefined)
        refuse('customer-merged', `This customer is merged into ${mergedInto}; merge that one, or unmerge this one first.`);
      mustBeSurvivor(survivorId, survivor, customerId);
      return CustomersMerged({ customerId, survivorId });
    },

    UnmergeCustomers: ({ customerId }, customer) => {
      const { mergedInto: survivorId } = registered(customer);
      if (survivorId === undefined)
        refuse('customer-not-merged', 'This customer is not merged; send the customerId of the one that was merged away.');
      return CustomersUnmerged({ customerId, survivorId });
    },

    AcceptMerge: ({ customerId, mergedId }, customer) => {
      // A merge that was decided while this customer was being erased: the erasure reaches the newcomer too.
      if (customer.status === 'ERASED')
        return CustomerErased({ customerId, persons: [customerId], merged: [mergedId], kept: keptOf(customer.kept) });
      const { merged, mergedInto } = registered(customer);
      const accepted = merged.includes(mergedId) ? [] : [MergeAccepted({ customerId, mergedId })];
      // Two that were merged into each other at once: the one with the smaller id stands for both again.
      const crossed = mergedInto === mergedId && customerId < mergedId;
      return crossed ? [CustomersUnmerged({ customerId, survivorId: mergedId }), ...accepted] : accepted;
    },

    EndMerge: ({ customerId, mergedId }, customer) => {
      if (customer.status === 'ERASED') return [];
      return registered(customer).merged.includes(mergedId) ? MergeEnded({ customerId, mergedId }) : [];
    },

    EraseCustomer: (_, customer, { now }) => erasureOf(registered(customer), now),

    // The survivor learns of an unmerge later than its erasure may be decided: this stream knows first, and keys do not come back.
    EraseMergedCustomer: ({ survivorId }, customer, { now }) =>
      customer.status === 'REGISTERED' && customer.mergedInto === survivorId ? erasureOf(customer, now) : [],

    // An invoice may become known when the customer it names has been erased: its key is still there.
    NoteRetention: ({ customerId, retention, until }, customer) => {
      if (customer.status === 'NONE' || (keptUntilOf(customer, retention) ?? '') >= until) return [];
      return RetentionNoted({ customerId, retention, until, ...(customer.status === 'ERASED' && { afterErasure: true }) });
    },

    EndRetention: ({ customerId, retention }, customer, { now }) => {
      if (customer.status !== 'ERASED') return [];
      const ending = customer.kept?.find((one) => one.retention === retention);
      if (ending === undefined || ending.until > now) return [];
      const rest = customer.kept?.filter((one) => one !== ending);
      return RetentionEnded({ customerId, retention, persons: [customerId], kept: keptOf(rest) });
    },
  },

  evolve,
});

function erasureOf({ customerId, contacts, merged, mergedInto, kept = {} }: RegisteredCustomer, now: Moment) {
  const noted = (Object.entries(kept) as [KeptRetention, Moment][]).map(([retention, until]) => ({ retention, until }));
  const ended = noted.filter(({ until }) => until <= now).map(({ retention }) => retention);
  return CustomerErased({
    customerId,
    persons: [customerId, ...contacts],
    merged: [...merged],
    survivorId: mergedInto,
    kept: keptOf(noted.filter(({ until }) => until > now)),
    ...(ended.length > 0 && { ended }),
  });
}

const keptUntilOf = (customer: Exclude<Customer, { status: 'NONE' }>, retention: KeptRetention): Moment | undefined =>
  customer.status === 'ERASED' ? customer.kept?.find((one) => one.retention === retention)?.until : customer.kept?.[retention];

/** Left out of a fact where nothing is kept. */
const keptOf = (kept: Kept | undefined): Kept | undefined => (kept?.length ? kept : undefined);

/** What a customer is registered with, in the order of its claims. */
const identifiersOf = <V>(email: V | undefined, phone: V | undefined): { kind: IdentifierKind; value: V }[] => [
  ...(email === undefined ? [] : [{ kind: 'EMAIL' as const, value: email }]),
  ...(phone === undefined ? [] : [{ kind: 'PHONE' as const, value: phone }]),
];

function claimed(reservations: readonly string[], at: number): string {
  const reservationId = reservations[at];
  if (reservationId === undefined) throw new Error('A claim that was asked for has no reservation.');
  return reservationId;
}
