import { at, process, type Recorded, send } from '#kernel';
import { OrderCredited, PaymentReceived, PaymentReversed } from '../../orders/contract.js';
import { AccountForOrder } from '../member/commands.js';
import { OrderPassedOn } from '../member/events.js';

/**
 * A member does not see its orders: it is told that there is something to look at, and reads the order as it is by then. By timers that
 * are due at once: a run with a stream of its own would keep several facts for each payment, also of those who are no members.
 */
export const paidOrders = process({
  name: 'paid-orders',
  description: 'Has a member account for its orders when they are paid, credited, or a payment of them is taken back.',
  capabilities: ['MKT-16', 'ORD-08'],
  startsFrom: 'zero',
  facts: { PaymentReceived, PaymentReversed, OrderCredited, OrderPassedOn },
  react: {
    PaymentReceived: (recorded) => (recorded.data.open === 0 ? accounted(recorded) : []),
    PaymentReversed: (recorded) => accounted(recorded),
    OrderCredited: (recorded) => accounted(recorded),
    OrderPassedOn: (recorded) => accounted(recorded, recorded.data.survivorId),
  },
});

/** What was paid and credited before the cut-over of an import has earned elsewhere: the import brings that by an adjustment. */
function accounted(
  { data: { orderId }, refs, occurredAt, imported }: Recorded<{ readonly orderId: string }>,
  customerId = refs.customer,
) {
  if (customerId === undefined || (imported !== undefined && occurredAt < imported.cutOver)) return [];
  return [at(occurredAt, send(AccountForOrder, { customerId, orderId }))];
}
