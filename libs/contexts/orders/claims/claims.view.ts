import { type Static, Type } from 'typebox';
import { Choice, Count, Currency, daysBetween, Id, MinorUnits, MomentField, personal, Text, view } from '#kernel';
import { claimStatuses, statusAfter } from '../claim/claim.js';
import { ClaimFiled, ClaimReopened, ClaimSettled, ClaimWithdrawn, claimKinds } from '../claim/events.js';
import { units } from '../order/quantities.js';

const Claim = Type.Object({
  claimId: Id('the claim'),
  orderId: Id('the order'),
  customerId: Id('whose order it is'),
  kind: Choice(claimKinds, 'what is wrong, as the customer says'),
  status: Choice(claimStatuses, 'FILED until it is decided upon'),
  shipmentId: Type.Optional(Id('the shipment that it is about')),
  units: Count('units that it is about; 0: none in particular'),
  claimed: MinorUnits('what is claimed'),
  credited: Type.Optional(MinorUnits('what of it is credited')),
  currency: Type.Optional(Currency()),
  notes: Type.Optional(personal('customerId', 'contract', Text('what is wrong, in words'))),
  reason: Type.Optional(Text('why it was decided so')),
  invoiceId: Type.Optional(Id('the invoice that is credited')),
  creditId: Type.Optional(Id('the credit note')),
  replacementId: Type.Optional(Id('the order that replaces the goods')),
  filedAt: Type.Optional(MomentField('when it was filed')),
  settledAt: Type.Optional(MomentField('when it was decided upon or withdrawn')),
  daysToSettle: Type.Optional(Type.Number({ description: 'from filed to decided upon or withdrawn, in days of 24 hours' })),
});
type Claim = Static<typeof Claim>;

export const claims = view({
  name: 'claims',
  description: 'Every claim: what a customer says is wrong with an order, what is claimed, and what was decided.',
  version: 2,
  capabilities: ['ORD-08'],
  roles: ['orders', 'sales', 'care', 'analyst', 'auditor'],
  document: Claim,
  facts: { ClaimFiled, ClaimSettled, ClaimWithdrawn, ClaimReopened },
  key: ({ data }) => data.claimId,
  initial: (claimId): Claim => ({
    ...{ claimId, orderId: '', customerId: '', kind: 'OTHER', status: 'FILED', units: 0, claimed: 0 },
  }),
  apply: {
    ClaimFiled: (known, { data, occurredAt: filedAt }) => {
      const { orderId, customerId, kind, shipmentId, lines = [], amount: claimed, currency, notes } = data;
      return { ...known, orderId, customerId, kind, shipmentId, units: units(lines), claimed, currency, notes, filedAt };
    },
    ClaimSettled: (known, { data: { settlement, reason, credit, replacement }, occurredAt }) => ({
      ...ended(known, statusAfter[settlement], occurredAt),
      reason,
      credited: credit?.amount,
      invoiceId: credit?.invoiceId,
      creditId: credit?.creditId,
      replacementId: replacement?.orderId,
    }),
    ClaimWithdrawn: (known, { occurredAt }) => ended(known, 'WITHDRAWN', occurredAt),
    ClaimReopened: ({
      reason: _reason,
      credited: _none,
      invoiceId: _invoice,
      creditId: _credit,
      replacementId: _replacement,
      ...known
    }): Claim => ({
      ...known,
      ...{ status: 'FILED', settledAt: undefined, daysToSettle: undefined },
    }),
  },
  filters: [
    ...(['claimId', 'orderId', 'customerId', 'kind', 'status', 'shipmentId', 'claimed', 'currency', 'reason'] as const),
    ...(['filedAt', 'settledAt'] as const),
  ],
  sums: { units: null, claimed: 'currency', credited: 'currency', daysToSettle: null },
  sort: '-filedAt',
  customer: 'customerId',
});

const ended = (known: Claim, status: Claim['status'], at: string): Claim => ({
  ...known,
  status,
  settledAt: at,
  daysToSettle: known.filedAt === undefined ? undefined : daysBetween(known.filedAt, at),
});
