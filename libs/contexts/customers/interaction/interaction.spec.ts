import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { carried, given } from '#kernel/testing';
import type { Customer } from '../customer/customer-state.js';
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
const touchpoint: Touchpoint = { status: 'NONE' };

describe('an interaction (CID-03)', () => {
  it('is logged', () => given(interaction, { customer, touchpoint }).when('LogInteraction', call).then(InteractionLogged(call)));

  it('is logged once', () =>
    given(interaction, { customer, touchpoint }, InteractionLogged(call))
      .when('LogInteraction', call)
      .isRefused('interaction-exists'));

  it('needs a customer', () =>
    given(interaction, { customer: noCustomer, touchpoint }).when('LogInteraction', call).isRefused('customer-unknown'));

  it('needs a customer that is not erased', () =>
    given(interaction, { customer: { status: 'ERASED', customerId }, touchpoint })
      .when('LogInteraction', call)
      .isRefused('customer-erased'));

  it('may be with a customer that is merged into another one', () =>
    given(interaction, { customer: { ...customer, mergedInto: derivedId('survivor') }, touchpoint })
      .when('LogInteraction', call)
      .then(InteractionLogged(call)));

  it('belongs to what it was about', () =>
    expect(
      interaction.refs?.(given(interaction, { customer, touchpoint }, InteractionLogged({ ...call, orderId })).state),
    ).toMatchObject({
      customer: customerId,
      order: orderId,
    }));
});

describe('the touchpoint of an interaction (CID-05)', () => {
  it('is registered', () =>
    given(interaction, { customer, touchpoint: hotline })
      .when('LogInteraction', { ...call, touchpointId })
      .then(InteractionLogged({ ...call, touchpointId })));

  it('is refused if nobody registered it', () =>
    given(interaction, { customer, touchpoint })
      .when('LogInteraction', { ...call, touchpointId })
      .isRefused('touchpoint-unknown'));
});
