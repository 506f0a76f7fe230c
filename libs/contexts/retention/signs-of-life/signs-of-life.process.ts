import { at, process, type Recorded, send } from '#kernel';
import { InteractionLogged } from '../../customers/contract.js';
import { OrderCancelled, OrderConfirmed } from '../../orders/contract.js';
import { NoteSignOfLife, TakeBackSignOfLife } from '../relationship/commands.js';

/**
 * A sign of life is noted by a timer that is due at once: a run with a stream of its own would keep several facts for each
 * interaction, most of which change nothing.
 */
export const signsOfLife = process({
  name: 'signs-of-life',
  description:
    'Tells the relationship of a customer of its confirmed orders, of those that came to nothing, and of the times it was in touch.',
  capabilities: ['ANA-02', 'SAL-26'],
  startsFrom: 'zero',
  facts: { OrderConfirmed, OrderCancelled, InteractionLogged },
  react: {
    OrderConfirmed: (recorded) => noted(recorded, 'ORDER', recorded.data.orderId),
    OrderCancelled: ({ data: { orderId: signId }, refs: { customer: customerId }, occurredAt }) =>
      customerId === undefined ? [] : [at(occurredAt, send(TakeBackSignOfLife, { customerId, signId }))],
    InteractionLogged: (recorded) =>
      recorded.data.direction === 'INBOUND' ? noted(recorded, 'INTERACTION', recorded.data.interactionId) : [],
  },
});

/** What was before the cut-over of an import is told by the import itself, as purchases: in its own order, and without a message to others. */
function noted({ refs, occurredAt, imported }: Recorded, sign: 'ORDER' | 'INTERACTION', signId: string) {
  const { customer: customerId } = refs;
  if (customerId === undefined || (imported !== undefined && occurredAt < imported.cutOver)) return [];
  return [at(occurredAt, send(NoteSignOfLife, { customerId, sign, signId, at: occurredAt }))];
}
