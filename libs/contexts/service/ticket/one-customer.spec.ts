import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import type { Customer } from '../../customers/contract.js';
import type { Order } from '../../orders/contract.js';
import { kin } from './one-customer.js';
import { attached, opened, opening, surroundings, ticketId } from './testing/samples.js';
import { ticket } from './ticket.js';

const idOf = (name: string) => derivedId('customer', name);
const contactOf = (name: string) => derivedId('contact', name);
const orderOf = (name: string) => derivedId('order', name);

/** Who is merged into whom, by names; each has a contact and an order. */
type Merges = Readonly<Record<string, string | undefined>>;
const customersOf = (merges: Merges, erased: readonly string[] = []): Map<string, Customer> =>
  new Map(
    Object.entries(merges).map(([name, into]) => [
      idOf(name),
      erased.includes(name)
        ? { status: 'ERASED', customerId: idOf(name) }
        : {
            ...{ status: 'REGISTERED', customerId: idOf(name), contacts: [contactOf(name)], identifiers: {} },
            ...(into !== undefined && { mergedInto: idOf(into) }),
            merged: Object.keys(merges)
              .filter((other) => merges[other] === name)
              .map(idOf),
          },
    ]),
  );

/** Opens a ticket of a customer as the runtime does: each reference is read where those before it say so. */
function openingFor(name: string, about: { contact?: string; order?: string }, customers: Map<string, Customer>) {
  const command = {
    ...{ ...opening, customerId: idOf(name) },
    ...(about.contact !== undefined && { contactId: contactOf(about.contact) }),
    ...(about.order !== undefined && { orderId: orderOf(about.order) }),
  };
  const buyer = about.order === undefined ? undefined : idOf(about.order);
  const order = (buyer === undefined ? { exists: false } : { exists: true, customerId: buyer }) as Order;
  const read: Record<string, unknown> = { ...surroundings, order };
  const asked: string[] = [];
  for (const name of ['customer', 'buyer', ...kin] as const) {
    const id = ticket.references?.[name].id(command, ticket.initial, { tenant: 'main', read: withoutKinAfter(read, name) });
    if (id !== undefined) asked.push(id);
    read[name] = (id !== undefined && customers.get(id)) || { status: 'NONE' };
  }
  const { ticketId: _, ...said } = command;
  return { asked, opening: given(ticket, read as typeof surroundings).when('OpenTicket', command), said };
}
const withoutKinAfter = (read: Readonly<Record<string, unknown>>, name: string) =>
  Object.fromEntries(Object.entries(read).filter(([other]) => !kin.some((one) => one === other && one >= name)));

const accepted = (...[name, about, customers]: Parameters<typeof openingFor>) => {
  const { opening, said } = openingFor(name, about, customers);
  opening.then(opened(said), attached({ customerId: said.customerId, ticketId }));
};
const refused = (code: string, ...asked: Parameters<typeof openingFor>) => openingFor(...asked).opening.isRefused(code);

describe('SRV-01 what a new ticket says of its customer', () => {
  const apart = customersOf({ acme: undefined, other: undefined });
  const merged = customersOf({ acme: 'group', sister: 'group', daughter: 'sister', group: undefined, other: undefined });

  it('is a contact of this customer', () => {
    accepted('acme', { contact: 'acme' }, apart);
    refused('contact-of-other-customer', 'acme', { contact: 'other' }, apart);
    refused('contact-of-other-customer', 'acme', { contact: 'nobody' }, apart);
  });
  it('is an order of this customer', () => {
    accepted('acme', { order: 'acme' }, apart);
    refused('order-of-other-customer', 'acme', { order: 'other' }, apart);
    refused('contact-of-other-customer', 'acme', { order: 'acme', contact: 'other' }, apart);
  });
  it('is a contact or an order of one who was merged with it, whoever survives', () => {
    for (const name of ['acme', 'sister', 'daughter', 'group'])
      for (const other of ['acme', 'sister', 'daughter', 'group']) {
        accepted(name, { contact: other }, merged);
        accepted(name, { order: other }, merged);
        accepted(name, { order: other, contact: name }, merged);
      }
    refused('contact-of-other-customer', 'acme', { contact: 'other' }, merged);
    refused('order-of-other-customer', 'daughter', { order: 'other' }, merged);
    refused('contact-of-other-customer', 'group', { contact: 'other', order: 'daughter' }, merged);
  });
  it('is an order of one who was just merged into it, though it was not told yet', () => {
    const group = { ...merged.get(idOf('group')), merged: [] } as unknown as Customer;
    accepted('group', { order: 'acme' }, new Map([...merged, [idOf('group'), group]]));
  });
  it('is an order of one who was merged with it and erased, and none of its contacts', () => {
    const erased = customersOf({ acme: 'group', group: undefined }, ['acme']);
    accepted('group', { order: 'acme' }, erased);
    refused('contact-of-other-customer', 'group', { contact: 'acme' }, erased);
  });
  it('is looked for no further than it has to be', () => {
    const { asked: nothing } = openingFor('acme', {}, merged);
    expect(nothing).toEqual([idOf('acme')]);
    expect(openingFor('acme', { contact: 'acme', order: 'acme' }, merged).asked).toEqual([idOf('acme')]);
    expect(openingFor('acme', { contact: 'group' }, merged).asked).toEqual([idOf('acme'), idOf('group')]);
  });
  it('is a contact that is taken as it is where too many are one customer to look through all', () => {
    const names = Array.from({ length: 12 }, (_, number) => `member ${number}`);
    const many = customersOf({ group: undefined, ...Object.fromEntries(names.map((name) => [name, 'group'])) });
    for (const name of [...names, 'nobody']) accepted('group', { contact: name }, many);
    for (const name of names) accepted('group', { order: name }, many);
    const few = customersOf({ group: undefined, ...Object.fromEntries(names.slice(0, 8).map((name) => [name, 'group'])) });
    refused('contact-of-other-customer', 'group', { contact: 'nobody' }, few);
  });
});
