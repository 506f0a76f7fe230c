import { at, process, send } from '#kernel';
import { InteractionLogged } from '../../customers/contract.js';
import { OrderConfirmed } from '../../orders/contract.js';
import { NoteSignOfLife } from '../relationship/commands.js';

/**
 * A sign of life is noted by a timer that is due at once: a run with a stream of its own would keep several facts for each
 * interaction, most of which change nothing.
 */
export const signsOfLife = process({
  name: 'signs-of-life',
  description: 'Tells the relationship of a customer of its confirmed orders and of the times it was in touch.',
  capabilities: ['ANA-02', 'SAL-26'],
  startsFrom: 'zero',
  facts: { OrderConfirmed, InteractionLogged },
  react: {
    OrderConfirmed: ({ data: { orderId }, refs: { customer }, occurredAt }) =>
      customer === undefined
        ? []
        : [at(occurredAt, send(NoteSignOfLife, { customerId: customer, sign: 'ORDER', signId: orderId, at: occurredAt }))],
    InteractionLogged: ({ data: { customerId, interactionId, direction }, occurredAt }) =>
      direction === 'INBOUND'
        ? [at(occurredAt, send(NoteSignOfLife, { customerId, sign: 'INTERACTION', signId: interactionId, at: occurredAt }))]
        : [],
  },
});
