import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commandOptions, derivedId, type Fact } from '#kernel';
import { carried, given } from '#kernel/testing';
import { customer } from './customer.js';
import type { Customer } from './customer-state.js';
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

const customerId = derivedId('acme');
const survivorId = derivedId('acme corporation');
const contactId = derivedId('ada');
const reservationId = derivedId('reservation');
const anna = derivedId('anna');
const bert = derivedId('bert');
const name = carried('Acme');
const value = carried('office@acme.example');
const address = carried('1 Main Street');

const registered = CustomerRegistered({ customerId, kind: 'ORGANISATION', name });
const contact = ContactAdded({ customerId, contactId, name: carried('Ada'), role: 'BUYER' });
const linked = IdentifierLinked({ customerId, reservationId, kind: 'EMAIL', value });
const unlinked = IdentifierUnlinked({ customerId, reservationId, kind: 'EMAIL' });
const owned = OwnerAssigned({ customerId, ownerId: anna });
const transferred = OwnershipTransferred({ customerId, from: anna, to: bert });
const merged = CustomersMerged({ customerId, survivorId });
const unmerged = CustomersUnmerged({ customerId, survivorId });
const erased = CustomerErased({ customerId, persons: [customerId], merged: [] });

const existing: Customer = { status: 'REGISTERED', customerId: survivorId, contacts: [], identifiers: {}, merged: [] };
const none: Customer = { status: 'NONE' };

const aCustomer = (...history: Fact[]) => given(customer, { survivor: none }, ...history);
const meeting = (survivor: Customer, ...history: Fact[]) => given(customer, { survivor }, ...history);

describe('registering a customer (CID-01, CID-06)', () => {
  const command = { customerId, kind: 'ORGANISATION', name } as const;

  it('makes it known', () => aCustomer().when('RegisterCustomer', command).then(registered));

  it('links its e-mail address and its phone number', () => {
    const phone = carried('+49 30 1234567');
    const other = derivedId('other reservation');
    aCustomer()
      .when('RegisterCustomer', { ...command, email: value, phone }, { reservations: [reservationId, other] })
      .then(registered, linked, IdentifierLinked({ customerId, reservationId: other, kind: 'PHONE', value: phone }));
  });

  it('links a phone number alone', () =>
    aCustomer()
      .when('RegisterCustomer', { ...command, phone: value }, { reservations: [reservationId] })
      .then(registered, IdentifierLinked({ customerId, reservationId, kind: 'PHONE', value })));

  it('records the one form of the tag of its language', () =>
    aCustomer()
      .when('RegisterCustomer', { ...command, language: 'DE-at' })
      .then(CustomerRegistered({ customerId, kind: 'ORGANISATION', name, language: 'de-AT' })));
  it('happens once', () => aCustomer(registered).when('RegisterCustomer', command).isRefused('customer-exists', 'customerId'));
});

describe('claims on identifiers (CID-04, CID-06)', () => {
  const claims = (kind: 'EMAIL' | 'PHONE' | 'SOCIAL' | 'EXTERNAL_ID', value: string) =>
    customer.reserve?.LinkIdentifier?.({ customerId, kind, value })?.map(({ scope, value }) => [scope, value]);

  it('do not depend on how an e-mail address is written', () =>
    expect(claims('EMAIL', '  Office@ACME.example ')).toEqual([['identifier.EMAIL', 'office@acme.example']]));

  it('do not depend on how a phone number is written', () =>
    expect(claims('PHONE', '0049 (30) 123-45.67')).toEqual([['identifier.PHONE', '+49301234567']]));

  it('tell external ids of different case apart', () =>
    expect(claims('EXTERNAL_ID', ' erp:4711a ')).toEqual([['identifier.EXTERNAL_ID', 'erp:4711a']]));

  it('are made on registration for what is given, e-mail first', () =>
    expect(
      customer.reserve?.RegisterCustomer?.({
        customerId,
        kind: 'PERSON',
        name: 'Ada',
        phone: '030 12345',
        email: 'Ada@acme.example',
      }),
    ).toEqual([
      { scope: 'identifier.EMAIL', value: 'ada@acme.example', person: customerId, label: 'this e-mail address', field: 'email' },
      { scope: 'identifier.PHONE', value: '03012345', person: customerId, label: 'this phone number', field: 'phone' },
    ]));

  it('are not made on what is no identifier of its kind', () =>
    expect(() => claims('EMAIL', 'nobody')).toThrow(expect.objectContaining({ code: 'identifier-malformed', field: 'value' })));

  it('are the same after they were normalised once', () =>
    fc.assert(
      fc.property(fc.emailAddress(), fc.constantFrom('', ' ', '\t'), (address, space) => {
        const [[, once] = []] = claims('EMAIL', space + address.toUpperCase() + space) ?? [];
        expect(claims('EMAIL', String(once))).toEqual([['identifier.EMAIL', once]]);
        expect(once).toBe(address.toLowerCase());
      }),
    ));
});

describe('a customer (CID-01)', () => {
  const addContact = { customerId, contactId, name: carried('Ada'), role: 'BUYER' };

  it('has contacts', () => aCustomer(registered).when('AddContact', addContact).then(contact));

  it('has a contact once', () =>
    aCustomer(registered, contact).when('AddContact', addContact).isRefused('contact-exists', 'contactId'));

  it('has at most 500 contacts', () => {
    const many = Array.from({ length: 500 }, (_, n) => ContactAdded({ customerId, contactId: derivedId(`contact ${n}`), name }));
    aCustomer(registered, ...many)
      .when('AddContact', addContact)
      .isRefused('too-many-contacts');
  });

  it('has a shipment preference', () =>
    aCustomer(registered)
      .when('SetShipmentPreference', { customerId, carrier: 'DHL', window: '08:00-12:00', address })
      .then(ShipmentPreferenceSet({ customerId, carrier: 'DHL', window: '08:00-12:00', address })));

  it('has no shipment preference that says nothing', () =>
    aCustomer(registered).when('SetShipmentPreference', { customerId }).isRefused('shipment-preference-empty'));

  it('takes deliveries in a window that ends after it begins', () =>
    aCustomer(registered)
      .when('SetShipmentPreference', { customerId, window: '12:00-08:00' })
      .isRefused('window-empty', 'window'));

  it('has to be registered first', () => aCustomer().when('AddContact', addContact).isRefused('customer-unknown', 'customerId'));
});

describe('an identifier of a customer (CID-04)', () => {
  const link = { customerId, kind: 'EMAIL', value } as const;
  const unlink = { customerId, reservationId };

  it('is linked', () =>
    aCustomer(registered)
      .when('LinkIdentifier', link, { reservations: [reservationId] })
      .then(linked));

  it('is linked once', () =>
    aCustomer(registered, linked)
      .when('LinkIdentifier', link, { reservations: [reservationId] })
      .changesNothing());

  it('is unlinked', () => aCustomer(registered, linked).when('UnlinkIdentifier', unlink).then(unlinked));

  it('is unlinked once', () =>
    aCustomer(registered, linked, unlinked).when('UnlinkIdentifier', unlink).isRefused('identifier-not-linked', 'reservationId'));

  it('is one of at most 100', () => {
    const many = Array.from({ length: 100 }, (_, n) =>
      IdentifierLinked({ customerId, reservationId: derivedId(`reservation ${n}`), kind: 'SOCIAL', value }),
    );
    aCustomer(registered, ...many)
      .when('LinkIdentifier', link, { reservations: [reservationId] })
      .isRefused('too-many-identifiers');
  });
});

describe('a preference of a customer (CID-08)', () => {
  const wish = { customerId, key: 'packaging', value: carried('no plastics'), source: 'CUSTOMER' } as const;

  it('is recorded', () => aCustomer(registered).when('RecordPreference', wish).then(PreferenceRecorded(wish)));
});

describe('the owner of a customer (CID-07)', () => {
  it('is assigned', () => aCustomer(registered).when('AssignOwner', { customerId, ownerId: anna }).then(owned));

  it('is assigned once', () => aCustomer(registered, owned).when('AssignOwner', { customerId, ownerId: anna }).changesNothing());

  it('is not replaced by an assignment', () =>
    aCustomer(registered, owned).when('AssignOwner', { customerId, ownerId: bert }).isRefused('customer-owned'));

  it('hands it over', () => aCustomer(registered, owned).when('TransferOwnership', { customerId, to: bert }).then(transferred));

  it('hands it over once', () =>
    aCustomer(registered, owned, transferred).when('TransferOwnership', { customerId, to: bert }).changesNothing());

  it('has to exist to hand it over', () =>
    aCustomer(registered).when('TransferOwnership', { customerId, to: bert }).isRefused('customer-not-owned'));

  it('is stamped on what happens to the customer', () =>
    expect(customer.refs?.(aCustomer(registered, owned, transferred).state)).toEqual({ customer: customerId, owner: bert }));
});

describe('merging a customer into another one (CID-04)', () => {
  const merge = { customerId, survivorId };

  it('says who survives', () => meeting(existing, registered).when('MergeCustomers', merge).then(merged));

  it('happens once', () => meeting(existing, registered, merged).when('MergeCustomers', merge).changesNothing());

  it('reads the survivor', () =>
    expect(customer.references?.survivor.id(merge, none, { tenant: 'main', read: {} })).toBe(survivorId));

  it('needs a survivor', () =>
    meeting(none, registered).when('MergeCustomers', merge).isRefused('survivor-unknown', 'survivorId'));

  it('needs a survivor that is not erased', () =>
    meeting({ status: 'ERASED', customerId: survivorId }, registered)
      .when('MergeCustomers', merge)
      .isRefused('survivor-erased', 'survivorId'));

  it('needs a survivor that is not merged itself', () =>
    meeting({ ...existing, mergedInto: derivedId('third') }, registered)
      .when('MergeCustomers', merge)
      .isRefused('survivor-merged', 'survivorId'));

  it('needs another one', () =>
    meeting(existing, registered)
      .when('MergeCustomers', { customerId, survivorId: customerId })
      .isRefused('merge-with-itself', 'survivorId'));

  it('is for a customer that is not merged yet', () =>
    meeting(existing, registered, CustomersMerged({ customerId, survivorId: derivedId('third') }))
      .when('MergeCustomers', merge)
      .isRefused('customer-merged'));

  it('still lets contacts be added', () =>
    aCustomer(registered, merged)
      .when('AddContact', { customerId, contactId, name: carried('Ada'), role: 'BUYER' })
      .then(contact));

  it('leaves the choice of the owner to the survivor', () =>
    aCustomer(registered, merged).when('AssignOwner', { customerId, ownerId: anna }).isRefused('customer-merged'));

  it('is undone', () => aCustomer(registered, merged).when('UnmergeCustomers', { customerId }).then(unmerged));

  it('is undone only if it was done', () =>
    aCustomer(registered).when('UnmergeCustomers', { customerId }).isRefused('customer-not-merged'));

  it('and unmerging it leaves every customer as it was', () =>
    fc.assert(
      fc.property(fc.subarray([contact, linked, owned], { minLength: 0 }), (history) => {
        expect(aCustomer(registered, ...history, merged, unmerged).state).toEqual(aCustomer(registered, ...history).state);
      }),
    ));
});

describe('a customer that others are merged into (CID-04, CID-10)', () => {
  const mergedId = derivedId('acme inc.');
  const accepted = MergeAccepted({ customerId, mergedId });
  const ended = MergeEnded({ customerId, mergedId });

  it('knows them', () => aCustomer(registered).when('AcceptMerge', { customerId, mergedId }).then(accepted));

  it('stands for both again where two were merged into each other at once: the one with the smaller id does', () => {
    const [smaller, larger] = [customerId, mergedId].sort() as [string, string];
    const accept = (one: string, other: string) =>
      given(
        customer,
        { survivor: customer.initial },
        CustomerRegistered({ ...registered.data, customerId: one }),
        CustomersMerged({ customerId: one, survivorId: other }),
      ).when('AcceptMerge', { customerId: one, mergedId: other });
    accept(smaller, larger).then(
      CustomersUnmerged({ customerId: smaller, survivorId: larger }),
      MergeAccepted({ customerId: smaller, mergedId: larger }),
    );
    accept(larger, smaller).then(MergeAccepted({ customerId: larger, mergedId: smaller }));
  });

  it('knows each once', () => aCustomer(registered, accepted).when('AcceptMerge', { customerId, mergedId }).changesNothing());

  it('knows when they are on their own again', () =>
    aCustomer(registered, accepted).when('EndMerge', { customerId, mergedId }).then(ended));

  it('does not mind one that it never knew', () =>
    aCustomer(registered).when('EndMerge', { customerId, mergedId }).changesNothing());

  it('is erased with them', () =>
    aCustomer(registered, accepted)
      .when('EraseCustomer', { customerId })
      .then(CustomerErased({ customerId, persons: [customerId], merged: [mergedId] })));

  it('is erased without those that are on their own again', () =>
    aCustomer(registered, accepted, ended).when('EraseCustomer', { customerId }).then(erased));

  it('passes its erasure on to one that was merged into it meanwhile', () =>
    aCustomer(registered, erased)
      .when('AcceptMerge', { customerId, mergedId })
      .then(CustomerErased({ customerId, persons: [customerId], merged: [mergedId] })));

  it('has nothing to forget of an ended merge once it is erased', () =>
    aCustomer(registered, accepted, erased).when('EndMerge', { customerId, mergedId }).changesNothing());

  it('takes one along that is still merged into it when its erasure gets there', () =>
    aCustomer(registered, merged)
      .when('EraseMergedCustomer', { customerId, survivorId })
      .then(CustomerErased({ ...erased.data, survivorId })));

  it('does not take one along that was found to be somebody else before its erasure got there', () => {
    const third = derivedId('third');
    for (const since of [[unmerged], [unmerged, CustomersMerged({ customerId, survivorId: third })], [erased]])
      aCustomer(registered, merged, ...since)
        .when('EraseMergedCustomer', { customerId, survivorId })
        .changesNothing();
  });

  it('stays erased when it passes its erasure on', () =>
    aCustomer(registered, erased, CustomerErased({ customerId, persons: [customerId], merged: [mergedId] }))
      .when('AddContact', { customerId, contactId, name })
      .isRefused('customer-erased', 'customerId'));
});

describe('erasing a customer (CID-10)', () => {
  const commands = [
    ['RegisterCustomer', { customerId, kind: 'PERSON', name }],
    ['AddContact', { customerId, contactId, name }],
    ['LinkIdentifier', { customerId, kind: 'EMAIL', value }],
    ['UnlinkIdentifier', { customerId, reservationId }],
    ['SetShipmentPreference', { customerId, carrier: 'DHL' }],
    ['RecordPreference', { customerId, key: 'packaging', value, source: 'CUSTOMER' }],
    ['AssignOwner', { customerId, ownerId: anna }],
    ['TransferOwnership', { customerId, to: anna }],
    ['MergeCustomers', { customerId, survivorId }],
    ['UnmergeCustomers', { customerId }],
    ['EraseCustomer', { customerId }],
  ] as const;

  it('destroys the keys of the customer and its contacts', () =>
    aCustomer(registered, contact)
      .when('EraseCustomer', { customerId })
      .then(CustomerErased({ customerId, persons: [customerId, contactId], merged: [] })));

  describe('of whom a law keeps something', () => {
    const until = '2037-01-01T00:00:00.000Z';
    const retention = 'billing';
    const noted = RetentionNoted({ customerId, retention, until });
    const kept = [{ retention, until }] as const;
    const erasedButKept = CustomerErased({ customerId, persons: [customerId], merged: [], kept: [...kept] });
    const ended = RetentionEnded({ customerId, retention, persons: [customerId] });

    it('notes the latest date only', () => {
      aCustomer(registered).when('NoteRetention', { customerId, retention, until }).then(noted);
      aCustomer(registered, noted).when('NoteRetention', { customerId, retention, until }).changesNothing();
      aCustomer(registered, noted)
        .when('NoteRetention', { customerId, retention, until: '2036-01-01T00:00:00.000Z' })
        .changesNothing();
      aCustomer().when('NoteRetention', { customerId, retention, until }).changesNothing();
    });
    it('lists each kept class with its date', () =>
      aCustomer(registered, noted).when('EraseCustomer', { customerId }).then(erasedButKept));
    it('notes what becomes known of an erased customer only then, and waits for its date too', () => {
      const erasedBefore = CustomerErased({ customerId, persons: [customerId], merged: [] });
      const late = RetentionNoted({ customerId, retention, until, afterErasure: true });
      aCustomer(registered, erasedBefore).when('NoteRetention', { customerId, retention, until }).then(late);
      const waiting = aCustomer(registered, erasedBefore, late);
      waiting.when('NoteRetention', { customerId, retention, until }).changesNothing();
      waiting.when('EndRetention', { customerId, retention }).changesNothing();
      waiting.when('EndRetention', { customerId, retention }, { now: until }).then(ended);
    });
    it('keeps it for longer where a later record of an erased customer becomes known', () => {
      const longer = '2038-01-01T00:00:00.000Z';
      const again = RetentionNoted({ customerId, retention, until: longer, afterErasure: true });
      const waiting = aCustomer(registered, noted, erasedButKept, again);
      waiting.when('EndRetention', { customerId, retention }, { now: until }).changesNothing();
      waiting.when('EndRetention', { customerId, retention }, { now: longer }).then(ended);
    });
    it('destroys with the customer what the law keeps no longer', () =>
      aCustomer(registered, noted)
        .when('EraseCustomer', { customerId }, { now: until })
        .then(CustomerErased({ customerId, persons: [customerId], merged: [], ended: [retention] })));
    it('destroys what was kept at its date, once', () => {
      const waiting = aCustomer(registered, noted, erasedButKept);
      waiting.when('EndRetention', { customerId, retention }).changesNothing();
      waiting.when('EndRetention', { customerId, retention }, { now: until }).then(ended);
      aCustomer(registered, noted, erasedButKept, ended)
        .when('EndRetention', { customerId, retention }, { now: until })
        .changesNothing();
    });
    it('keeps it too when its erasure is passed on later', () =>
      aCustomer(registered, noted, erasedButKept)
        .when('AcceptMerge', { customerId, mergedId: survivorId })
        .then(CustomerErased({ customerId, persons: [customerId], merged: [survivorId], kept: [...kept] })));
  });

  it('is possible while it is merged, and says under whom it was shown', () =>
    aCustomer(registered, merged)
      .when('EraseCustomer', { customerId })
      .then(CustomerErased({ ...erased.data, survivorId })));

  it('needs a customer', () => aCustomer().when('EraseCustomer', { customerId }).isRefused('customer-unknown', 'customerId'));

  it.each(commands)('leaves nothing to do for %s', (command, payload) =>
    meeting(existing, registered, erased).when(command, payload).isRefused('customer-erased', 'customerId'),
  );

  it('leaves no command from outside out', () =>
    expect(commands.map(([command]) => command)).toEqual(
      Object.entries(customer.commands)
        .filter(([, command]) => commandOptions(command).route !== undefined)
        .map(([name]) => name),
    ));
});
