import { describe, expect, it } from '@jest/globals';
import { type AnyAggregate, decisionOf, derivedId } from '#kernel';
import { carried, given } from '#kernel/testing';
import type { Order } from '../../orders/contract.js';
import type { Opportunity } from '../../sales/contract.js';
import type { Customer } from '../customer/customer-state.js';
import { type Kin, kin } from '../customer/one-customer.js';
import type { Touchpoint } from '../touchpoint/touchpoint.js';
import { InteractionLogged } from './events.js';
import { interaction } from './interaction.js';

const interactionId = derivedId('call');
const customerId = derivedId('acme');
const touchpointId = derivedId('hotline');
const orderId = derivedId('order');
const call = {
  interactionId,
  customerId,
  channel: 'PHONE',
  direction: 'INBOUND',
  subject: carried('Where is my order?'),
} as const;

const customer: Customer = { status: 'REGISTERED', customerId, contacts: [], identifiers: {}, merged: [] };
const noCustomer: Customer = { status: 'NONE' };
const hotline: Touchpoint = { status: 'REGISTERED', channel: 'PHONE' };
const noTouchpoint: Touchpoint = { status: 'NONE' };
const surroundings = {
  customer,
  touchpoint: noTouchpoint,
  order: { exists: false } as Order,
  buyer: noCustomer,
  opportunity: { status: 'NONE' } as Opportunity,
  prospect: noCustomer,
  ...(Object.fromEntries(kin.map((name) => [name, noCustomer])) as unknown as Kin),
};

describe('an interaction (CID-03)', () => {
  it('is logged', () => given(interaction, surroundings).when('LogInteraction', call).then(InteractionLogged(call)));

  it('is logged once', () =>
    given(interaction, surroundings, InteractionLogged(call))
      .when('LogInteraction', call)
      .isRefused('interaction-exists', 'interactionId'));

  it('needs a customer', () =>
    given(interaction, { ...surroundings, customer: noCustomer })
      .when('LogInteraction', call)
      .isRefused('customer-unknown', 'customerId'));

  it('needs a customer that is not erased', () =>
    given(interaction, { ...surroundings, customer: { status: 'ERASED', customerId } })
      .when('LogInteraction', call)
      .isRefused('customer-erased', 'customerId'));

  it('may be with a customer that is merged into another one', () =>
    given(interaction, { ...surroundings, customer: { ...customer, mergedInto: derivedId('survivor') } })
      .when('LogInteraction', call)
      .then(InteractionLogged(call)));

  it('belongs to what it was about', () =>
    expect(interaction.refs?.(given(interaction, surroundings, InteractionLogged({ ...call, orderId })).state)).toMatchObject({
      customer: customerId,
      order: orderId,
    }));
});

describe('the touchpoint of an interaction (CID-05)', () => {
  it('is registered', () =>
    given(interaction, { ...surroundings, touchpoint: hotline })
      .when('LogInteraction', { ...call, touchpointId })
      .then(InteractionLogged({ ...call, touchpointId })));

  it('is refused if nobody registered it', () =>
    given(interaction, surroundings)
      .when('LogInteraction', { ...call, touchpointId })
      .isRefused('touchpoint-unknown', 'touchpointId'));
});

const idOf = (name: string) => derivedId('customer', name);
const contactOf = (name: string) => derivedId('contact', name);
/** Three customers with a contact each, of whom two were merged. */
const group = { status: 'REGISTERED', identifiers: {} } as const;
const known = new Map<string, Customer>([
  [idOf('acme'), { ...group, customerId: idOf('acme'), contacts: [contactOf('acme')], merged: [idOf('sister')] }],
  [
    idOf('sister'),
    { ...group, customerId: idOf('sister'), contacts: [contactOf('sister')], merged: [], mergedInto: idOf('acme') },
  ],
  [idOf('other'), { ...group, customerId: idOf('other'), contacts: [contactOf('other')], merged: [] }],
]);

interface Named {
  readonly contact?: string;
  readonly order?: string;
  readonly opportunity?: string;
}
/** Logs it as the runtime does: each reference is read where those before it say so. A thing of `nobody` is one without a customer. */
function logging(name: string, { contact, order, opportunity }: Named) {
  const command = {
    ...call,
    customerId: idOf(name),
    ...(contact !== undefined && { contactId: contactOf(contact) }),
    ...(order !== undefined && { orderId }),
    ...(opportunity !== undefined && { opportunityId: derivedId('opportunity') }),
  };
  const ownedBy = (owner: string | undefined) => (owner === undefined || owner === 'nobody' ? {} : { customerId: idOf(owner) });
  const things: Record<string, unknown> = {
    [orderId]: order === 'unknown' ? undefined : { exists: true, ...ownedBy(order) },
    [derivedId('opportunity')]: opportunity === 'unknown' ? undefined : { status: 'OPEN', ...ownedBy(opportunity) },
  };
  const read: Record<string, unknown> = {};
  for (const [reference, { aggregate, id }] of Object.entries((interaction as AnyAggregate).references ?? {})) {
    const asked = id(command, interaction.initial, { tenant: 'main', read });
    read[reference] = (asked !== undefined && (known.get(asked) ?? things[asked])) || aggregate.initial;
  }
  return { command, decide: () => decisionOf(interaction, 'LogInteraction')(command, interaction.initial, read as never) };
}
const isLogged = (name: string, named: Named) => {
  const { command, decide } = logging(name, named);
  expect(decide()).toEqual(InteractionLogged(command));
};
const isRefused = (code: string, field: string, name: string, named: Named) => {
  const { decide } = logging(name, named);
  expect(decide).toThrow(expect.objectContaining({ code, field }));
  expect(decide).toThrow(`leave ${field} out`);
};

describe('what an interaction was about (CID-03)', () => {
  it('is recorded: an order and an opportunity that there are', () => {
    isLogged('acme', { order: 'acme', opportunity: 'acme' });
    isRefused('order-unknown', 'orderId', 'acme', { order: 'unknown' });
    isRefused('opportunity-unknown', 'opportunityId', 'acme', { opportunity: 'unknown' });
  });
  it('is of its customer: a contact, an order, an opportunity', () => {
    isLogged('acme', { contact: 'acme' });
    isRefused('contact-of-other-customer', 'contactId', 'acme', { contact: 'other' });
    isRefused('contact-of-other-customer', 'contactId', 'acme', { contact: 'nobody' });
    isRefused('order-of-other-customer', 'orderId', 'acme', { order: 'other' });
    isRefused('opportunity-of-other-customer', 'opportunityId', 'acme', { order: 'acme', opportunity: 'other' });
  });
  it('is of one who was merged with it, whoever survives', () => {
    for (const [name, other] of [
      ['acme', 'sister'],
      ['sister', 'acme'],
    ] as const) {
      isLogged(name, { contact: other });
      isLogged(name, { order: other, opportunity: name });
      isLogged(name, { order: name, opportunity: other, contact: other });
      isRefused('opportunity-of-other-customer', 'opportunityId', name, { order: other, opportunity: 'other' });
    }
  });
  it('is an opportunity that is with nobody yet', () => isLogged('acme', { opportunity: 'nobody' }));
});
