import { describe, it } from '@jest/globals';
import { at, send } from '#kernel';
import { carried, givenProcess, recorded } from '#kernel/testing';
import { InteractionLogged } from '../../customers/contract.js';
import { OrderConfirmed } from '../../orders/contract.js';
import { NoteSignOfLife } from '../relationship/commands.js';
import { customerId, now, orderId } from '../relationship/relationship.samples.js';
import { signsOfLife } from './signs-of-life.process.js';

const interaction = { interactionId: orderId, customerId, channel: 'PHONE', subject: carried('asked about the bill') } as const;

describe('ANA-02 signs of life', () => {
  it('are confirmed orders (SAL-26)', () =>
    givenProcess(signsOfLife)
      .when(recorded(OrderConfirmed({ orderId }), { refs: { customer: customerId } }))
      .sends(at(now, send(NoteSignOfLife, { customerId, sign: 'ORDER', signId: orderId, at: now }))));
  it('are interactions that came from the customer', () =>
    givenProcess(signsOfLife)
      .when(recorded(InteractionLogged({ ...interaction, direction: 'INBOUND' })))
      .sends(at(now, send(NoteSignOfLife, { customerId, sign: 'INTERACTION', signId: orderId, at: now }))));
  it('are no interactions that came from us', () =>
    givenProcess(signsOfLife)
      .when(recorded(InteractionLogged({ ...interaction, direction: 'OUTBOUND' })))
      .sendsNothing());
});
