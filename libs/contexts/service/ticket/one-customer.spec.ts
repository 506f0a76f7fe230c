import { describe, expect, it } from '@jest/globals';
import { decisionOf, derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { type Customer, kin } from '../../customers/contract.js';
import type { Order } from '../../orders/contract.js';
import { attached, now, opened, opening, surroundings, ticketId } from './testing/samples.js';
import { ticket } from './ticket.js';
import type { Ticket } from './ticket-state.js';

const idOf = (name: string) => derivedId('customer', name);
const contactOf = (name: string) => derivedId('contact', name);
const orderOf = (name: string) => derivedId('order', name);
const ticketOf = (name: string) => derivedId('ticket', name);

/** Who is merged into whom, by names; each has a contact, an order and a ticket. */
type Merges = Readonly<Record<string, string | undefined>>;
const customersOf = (merges: Merges, erased: readonly string[] = []): Map<string, Customer> =>
  new Map(
    Object.entries(merges).map(([name, into]) => [
      idOf(name),
      erased.includes(name)
        ? { status: 'ERASED', customerId: idOf(name) }
        : {
            status: 'REGISTERED',
            customerId: idOf(name),
            contacts: [contactOf(name)],
            identifiers: {},
            ...(into !== undefined && { mergedInto: idOf(into) }),
            merged: Object.keys(merges)
              .filter((other) => merges[other] === name)
              .map(idOf),
          },
    ]),
  );

/** Opens a ticket of a customer as the runtime does: each reference is read where those before it say so. */
interface Named {
  readonly contact?: string;
  readonly order?: string;
  readonly follows?: string;
  readonly splitFrom?: string;
}
function openingFor(name: string, about: Named, customers: Map<string, Customer>) {
  const command = {
    ...opening,
    customerId: idOf(name),
    ...(about.contact !== undefined && { contactId: contactOf(about.contact) }),
    ...(about.order !== undefined && { orderId: orderOf(about.order) }),
    ...(about.follows !== undefined && { follows: ticketOf(about.follows) }),
    ...(about.splitFrom !== undefined && { splitFrom: ticketOf(about.splitFrom) }),
  };
  const ticketNamed = (name: string | undefined): Ticket =>
    name === undefined
      ? ticket.initial
      : given(ticket, surroundings, opened({ ticketId: ticketOf(name), customerId: idOf(name) })).state;
  const buyer = about.order === undefined ? undefined : idOf(about.order);
  const order = (buyer === undefined ? { exists: false } : { exists: true, customerId: buyer }) as Order;
  const tickets = { followed: ticketNamed(about.follows), whole: ticketNamed(about.splitFrom) };
  const read: Record<string, unknown> = { ...surroundings, order, ...tickets };
  const asked: string[] = [];
  for (const name of ['customer', 'buyer', 'followedCustomer', 'wholeCustomer', ...kin] as const) {
    const id = ticket.references?.[name].id(command, ticket.initial, { tenant: 'main', read: withoutKinAfter(read, name) });
    if (id !== undefined) asked.push(id);
    read[name] = (id !== undefined && customers.get(id)) || { status: 'NONE' };
  }
  const { ticketId: _, ...said } = command;
  const decide = () => decisionOf(ticket, 'OpenTicket')(command, ticket.initial, { ...read, now, tenant: 'main' } as never);
  return { asked, decide, opening: given(ticket, read as typeof surroundings).when('OpenTicket', command), said };
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
  it('is a ticket of this customer, or of one who was merged with it, where it follows one or was a part of it', () => {
    for (const field of ['follows', 'splitFrom'] as const) {
      accepted('acme', { [field]: 'acme' }, apart);
      refused('ticket-of-other-customer', 'acme', { [field]: 'other' }, apart);
      for (const name of ['acme', 'sister', 'daughter', 'group'])
        for (const other of ['acme', 'sister', 'daughter', 'group']) accepted(name, { [field]: other }, merged);
      refused('ticket-of-other-customer', 'daughter', { [field]: 'other', order: 'acme' }, merged);
    }
    refused('ticket-of-other-customer', 'acme', { follows: 'acme', splitFrom: 'other' }, merged);
    accepted('acme', { follows: 'daughter', splitFrom: 'sister' }, merged);
  });
  it('is refused with the field, and with what to do', () => {
    for (const [field, about] of [
      ['contactId', { contact: 'other' }],
      ['orderId', { order: 'other' }],
      ['follows', { follows: 'other' }],
      ['splitFrom', { splitFrom: 'other' }],
    ] as const) {
      const { decide } = openingFor('acme', about, apart);
      expect(decide).toThrow(expect.objectContaining({ field }));
      expect(decide).toThrow(`leave ${field} out`);
    }
  });
  it('is an order or a ticket of one who was just merged into it, though it was not told yet', () => {
    const group = { ...merged.get(idOf('group')), merged: [] } as unknown as Customer;
    const justNow = new Map([...merged, [idOf('group'), group]]);
    accepted('group', { order: 'acme' }, justNow);
    accepted('group', { follows: 'acme' }, justNow);
    accepted('group', { splitFrom: 'acme' }, justNow);
  });
  it('is an order or a ticket of one who was merged with it and erased, and none of its contacts', () => {
    const erased = customersOf({ acme: 'group', group: undefined }, ['acme']);
    accepted('group', { order: 'acme' }, erased);
    accepted('group', { follows: 'acme' }, erased);
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
    for (const name of names) accepted('group', { order: name, follows: name }, many);
    const few = customersOf({ group: undefined, ...Object.fromEntries(names.slice(0, 8).map((name) => [name, 'group'])) });
    refused('contact-of-other-customer', 'group', { contact: 'nobody' }, few);
  });
});
