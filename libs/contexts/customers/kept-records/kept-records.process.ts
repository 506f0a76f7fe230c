import { at, keptUntil, process, send } from '#kernel';
import { OrderInvoiced } from '../../orders/contract.js';
import { CustomerErased, RetentionNoted } from '../customer/events.js';
import { EndRetention, NoteRetention } from '../customer/process-commands.js';

/** A customer does not see its invoices: it is told until when a law keeps what they say, so that its erasure can say so. */
export const keptRecords = process({
  name: 'kept-records',
  description:
    'Tells a customer until when a law keeps what its invoices say of it, and has it destroyed at that date after an erasure.',
  capabilities: ['CID-10', 'ORD-04'],
  startsFrom: 'zero',
  facts: { OrderInvoiced, CustomerErased, RetentionNoted },
  react: {
    OrderInvoiced: ({ data: { customerId, billingName, billingAddress }, occurredAt }) =>
      billingName === undefined && billingAddress === undefined
        ? []
        : [
            send(
              NoteRetention,
              { customerId, retention: 'billing', until: keptUntil('billing', occurredAt) },
              { alsoImported: true },
            ),
          ],
    CustomerErased: ({ data: { customerId, kept = [] } }) =>
      kept.map(({ retention, until }) => at(until, send(EndRetention, { customerId, retention }))),
    RetentionNoted: ({ data: { customerId, retention, until, afterErasure } }) =>
      afterErasure ? [at(until, send(EndRetention, { customerId, retention }))] : [],
  },
});
