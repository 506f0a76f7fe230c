import { type Static, Type } from 'typebox';
import { Choice, Count, Currency, daysBetween, Id, MinorUnits, MomentField, Text, view } from '#kernel';
import { OrderCredited } from '../order/events.js';
import { units } from '../order/quantities.js';
import {
  ReturnApproved,
  ReturnReceived,
  ReturnRefunded,
  ReturnRejected,
  ReturnReopened,
  ReturnReplaced,
  ReturnRequested,
  ReturnSentBack,
} from '../return/events.js';
import { returnStatuses } from '../return/return.js';
import { CreditNoteNumbered } from '../series/series.js';

const Return = Type.Object({
  returnId: Id('the return'),
  orderId: Id('the order'),
  customerId: Id('who sends goods back'),
  status: Choice(returnStatuses, 'DRAFT until it is agreed; RETURNED: sent back to the customer'),
  reason: Text('why the goods come back, or why not'),
  units: Count('units that are asked for; from their receipt on, that arrived'),
  amount: Type.Optional(MinorUnits('worth of the goods that are credited')),
  credited: Type.Optional(MinorUnits('sum of the credit notes for them')),
  creditNumbers: Type.Optional(
    Type.Array(Text('a number', 64), { description: 'the numbers that people use for the credit notes' }),
  ),
  currency: Type.Optional(Currency()),
  replacementId: Type.Optional(Id('the order that replaces the goods')),
  requestedAt: Type.Optional(MomentField('when it was asked for')),
  receivedAt: Type.Optional(MomentField('when the goods arrived')),
  settledAt: Type.Optional(MomentField('when it was credited, replaced, sent back or rejected')),
  daysToSettle: Type.Optional(Type.Number({ description: 'from asked for to settled, in days of 24 hours' })),
});
type Return = Static<typeof Return>;

export const returns = view({
  name: 'returns',
  description: 'Every return: where it stands, what came back, and what was credited for it.',
  version: 3,
  capabilities: ['ORD-08'],
  roles: ['orders', 'sales', 'care', 'analyst', 'auditor', 'customer'],
  document: Return,
  facts: {
    ReturnRequested,
    ReturnApproved,
    ReturnRejected,
    ReturnReceived,
    ReturnRefunded,
    ReturnReplaced,
    ReturnSentBack,
    ReturnReopened,
    OrderCredited,
    CreditNoteNumbered,
  },
  key: ({ data }) => data.returnId ?? [],
  initial: (returnId): Return => ({ returnId, orderId: '', customerId: '', status: 'DRAFT', reason: '', units: 0 }),
  apply: {
    ReturnRequested: (known, { data: { orderId, customerId, lines, reason }, occurredAt }) => ({
      ...known,
      orderId,
      customerId,
      reason,
      units: units(lines),
      requestedAt: occurredAt,
    }),
    ReturnApproved: (known): Return => ({ ...known, status: 'CONFIRMED' }),
    ReturnReceived: (known, { data: { lines }, occurredAt }): Return => ({
      ...known,
      status: 'RECEIVED',
      units: units(lines),
      receivedAt: occurredAt,
    }),
    ReturnRejected: (known, { data: { reason }, occurredAt }) => settled({ ...known, status: 'CANCELLED', reason }, occurredAt),
    ReturnRefunded: (known, { data: { amount, currency }, occurredAt }) =>
      settled({ ...known, status: 'REFUNDED', amount, currency }, occurredAt),
    ReturnReplaced: (known, { data: { replacementId }, occurredAt }) =>
      settled({ ...known, status: 'REPLACED', replacementId }, occurredAt),
    ReturnSentBack: (known, { data: { reason }, occurredAt }) => settled({ ...known, status: 'RETURNED', reason }, occurredAt),
    ReturnReopened: ({
      amount: _amount,
      currency: _currency,
      replacementId: _none,
      settledAt: _at,
      daysToSettle: _days,
      ...known
    }) => ({
      ...known,
      status: 'RECEIVED' as const,
    }),
    OrderCredited: (known, { data: { amount } }) => ({ ...known, credited: (known.credited ?? 0) + amount }),
    CreditNoteNumbered: (known, { data: { creditNumber } }) => ({
      ...known,
      creditNumbers: [...(known.creditNumbers ?? []), creditNumber],
    }),
  },
  filters: ['returnId', 'orderId', 'customerId', 'status', 'reason', 'currency', 'requestedAt', 'receivedAt', 'settledAt'],
  sums: { units: null, amount: 'currency', credited: 'currency', daysToSettle: null },
  sort: '-requestedAt',
  customer: 'customerId',
});

const settled = (known: Return, at: string): Return => ({
  ...known,
  settledAt: at,
  daysToSettle: known.requestedAt === undefined ? undefined : daysBetween(known.requestedAt, at),
});
