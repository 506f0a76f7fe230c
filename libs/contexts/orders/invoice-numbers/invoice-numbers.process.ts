import { process, send } from '#kernel';
import { OrderCredited, OrderInvoiced } from '../order/events.js';
import { GiveNumber, seriesIdOf } from '../series/series.js';

/** Numbers what was issued; imported invoices keep the numbers that they have, or none. */
export const invoiceNumbers = process({
  name: 'invoice-numbers',
  description: 'Gives each invoice and each credit note the next number of its series, without gaps.',
  capabilities: ['ORD-04'],
  startsFrom: 'zero',
  facts: { OrderInvoiced, OrderCredited },
  react: {
    OrderInvoiced: ({ data: { series, orderId, invoiceId }, occurredAt }) =>
      series === undefined ? [] : [send(GiveNumber, { ...placeIn(series, occurredAt), kind: 'INVOICE', orderId, invoiceId })],
    OrderCredited: ({ data: { series, orderId, invoiceId, creditId, returnId }, occurredAt }) => {
      if (series === undefined) return [];
      const note = { orderId, invoiceId, creditId, ...(returnId !== undefined && { returnId }) };
      return [send(GiveNumber, { ...placeIn(series, occurredAt), kind: 'CREDIT_NOTE', ...note })];
    },
  },
});

function placeIn(series: string, at: string) {
  const year = Number(at.slice(0, 4));
  return { seriesId: seriesIdOf(series, year), series, year };
}
