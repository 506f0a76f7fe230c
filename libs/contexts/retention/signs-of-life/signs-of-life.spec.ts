import { describe, expect, it } from '@jest/globals';
import { at, send } from '#kernel';
import { carried, givenProcess, recorded } from '#kernel/testing';
import { InteractionLogged } from '../../customers/contract.js';
import { OrderCancelled, OrderConfirmed } from '../../orders/contract.js';
import { NoteSignOfLife, TakeBackSignOfLife } from '../relationship/commands.js';
import { customerId, now, orderId } from '../relationship/relationship.samples.js';
import { signsOfLife } from './signs-of-life.process.js';

const interaction = { interactionId: orderId, customerId, channel: 'PHONE', subject: carried('asked about the bill') } as const;

describe('ANA-02 signs of life', () => {
  it('are confirmed orders (SAL-26)', () =>
    givenProcess(signsOfLife)
      .when(recorded(OrderConfirmed({ orderId }), { refs: { customer: customerId } }))
      .sends(at(now, send(NoteSignOfLife, { customerId, sign: 'ORDER', signId: orderId, at: now }))));
  it('are no orders that came to nothing (SAL-26)', () =>
    givenProcess(signsOfLife)
      .when(
        recorded(OrderCancelled({ orderId, reason: 'by mistake', amount: 30_00, currency: 'EUR' }), {
          refs: { customer: customerId },
        }),
      )
      .sends(at(now, send(TakeBackSignOfLife, { customerId, signId: orderId }))));
  it('are interactions that came from the customer', () =>
    givenProcess(signsOfLife)
      .when(recorded(InteractionLogged({ ...interaction, direction: 'INBOUND' }), { refs: { customer: customerId } }))
      .sends(at(now, send(NoteSignOfLife, { customerId, sign: 'INTERACTION', signId: orderId, at: now }))));
  it.each([
    ['before the cut-over', '2026-02-01T00:00:00.000Z', 0],
    ['after the cut-over', '2026-01-01T00:00:00.000Z', 1],
  ])('of imported history %s', (_, cutOver, steps) => {
    const confirmed = recorded(OrderConfirmed({ orderId }), {
      refs: { customer: customerId },
      imported: { cutOver, clock: true },
    });
    expect(signsOfLife.react.OrderConfirmed(confirmed as never)).toHaveLength(steps);
  });
  it('are no interactions that came from us', () =>
    givenProcess(signsOfLife)
      .when(recorded(InteractionLogged({ ...interaction, direction: 'OUTBOUND' }), { refs: { customer: customerId } }))
      .sendsNothing());
});
