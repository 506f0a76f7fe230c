import { aggregate, refuse } from '#kernel';
import { type Claimed, type ClaimedGoods, claimedGoodsOfOrder, mustBeClaimedOnce } from '../claimed-goods/goods.js';
import { mustBeLeftToCredit } from '../order/billing.js';
import { leftUs } from '../order/claimed.js';
import { order } from '../order/order.js';
import { lineOf, upToOpen } from '../order/order-lines.js';
import { type Invoice, invoiceOf, type Order, type PlacedOrder, placed, shipmentOf } from '../order/order-state.js';
import type { Move } from '../order/quantities.js';
import { replacementOf } from '../order/replacement.js';
import { FileClaim, ReopenClaim, SettleClaim, WithdrawClaim } from './commands.js';
import { ClaimFiled, ClaimReopened, ClaimSettled, ClaimWithdrawn } from './events.js';

export const claimStatuses = ['FILED', 'CREDITED', 'REPLACED', 'REJECTED', 'WITHDRAWN'] as const;
export type ClaimStatus = (typeof claimStatuses)[number];
export const statusAfter = { CREDIT: 'CREDITED', REPLACE: 'REPLACED', REJECT: 'REJECTED' } as const satisfies Record<
  SettleClaim['settlement'],
  ClaimStatus
>;

/** It has no lines where it is about no goods in particular. */
interface FiledClaim extends Claimed {
  readonly exists: true;
  readonly status: ClaimStatus;
  readonly orderId: string;
  readonly customerId: string;
  /** What is claimed, in minor units of the order's currency. */
  readonly amount: number;
  /** The credit note by which it was settled. */
  readonly creditId?: string;
}
export type Claim = { readonly exists: false } | FiledClaim;

/** What its decisions read beside it: the order, and which of its goods are claimed. */
interface References {
  readonly order: Order;
  readonly claimed: ClaimedGoods;
}

const orderIdOf = (command: Partial<FileClaim>, claim: Claim) => (claim.exists ? claim.orderId : command.orderId);

/** What a customer says is wrong with an order, until it is credited, replaced, rejected or withdrawn. */
export const claim = aggregate<Claim, References>()({
  name: 'claim',
  description: 'What a customer says is wrong with an order, and what we decided on it.',
  id: 'claimId',
  commands: { FileClaim, SettleClaim, WithdrawClaim, ReopenClaim },
  facts: { ClaimFiled, ClaimSettled, ClaimWithdrawn, ClaimReopened },
  stateVersion: 2,
  initial: { exists: false },
  refs: (claim) => (claim.exists ? { order: claim.orderId, customer: claim.customerId } : {}),
  references: {
    order: { aggregate: order, id: orderIdOf },
    claimed: { aggregate: claimedGoodsOfOrder, id: orderIdOf },
  },

  decide: {
    FileClaim: ({ claimId, orderId, kind, shipmentId, lines: wanted, amount, notes }, claim, { order, claimed, newId }) => {
      if (claim.exists) refuseAgain();
      if (kind === 'OTHER' && notes === undefined)
        refuse('notes-required', 'A claim of the kind OTHER needs notes; say in them what is wrong.', 'notes');
      const from = reachedTheCustomer(placed(order));
      if (shipmentId !== undefined) shipmentOf(from, shipmentId);
      const lines = wanted && thatLeftUs(from, wanted);
      mustBeClaimedOnce(from, claimId, { kind, shipmentId, lines: lines ?? [] }, claimed, wanted);
      const price = lines?.reduce((sum, { lineId, quantity }) => sum + quantity * lineOf(from.lines, lineId).unitPrice, 0);
      return ClaimFiled({
        claimId: claimId ?? newId('claim'),
        orderId,
        customerId: from.customerId,
        kind,
        shipmentId,
        lines,
        notes,
        amount: amount ?? price ?? refuseWithoutAmount(),
        currency: from.currency,
      });
    },

    SettleClaim: ({ claimId, settlement, reason, invoiceId, amount }, claim, { order, claimed, newId }) => {
      const filed = known(claim);
      if (filed.status !== 'FILED') refuseStatus(filed.status);
      const from = placed(order);
      if (settlement !== 'REJECT') mustBeClaimedOnce(from, claimId, filed, claimed);
      const { kind, shipmentId, lines } = filed;
      const goods = { kind, shipmentId, ...(lines.length > 0 && { lines: [...lines] }) };
      const settled = { claimId, ...aboutOf(filed), settlement, reason, ...(settlement !== 'REJECT' && goods) };
      if (settlement === 'CREDIT')
        return ClaimSettled({ ...settled, credit: { creditId: newId('credit'), ...creditFor(from, filed, invoiceId, amount) } });
      if (invoiceId !== undefined || amount !== undefined)
        refuse('not-a-credit', `A ${settlement} credits nothing; leave invoiceId and amount out, or settle it by a CREDIT.`);
      if (settlement === 'REJECT') return ClaimSettled(settled);
      if (filed.lines.length === 0)
        refuse('no-goods-claimed', 'The claim names no lines to replace; settle it by a CREDIT.', 'settlement');
      return ClaimSettled({ ...settled, replacement: replacementOf(from, newId('replacement'), filed.lines) });
    },

    WithdrawClaim: ({ claimId }, claim) => {
      const { status, ...filed } = known(claim);
      if (status === 'WITHDRAWN') return [];
      if (status !== 'FILED') refuseStatus(status);
      return ClaimWithdrawn({ claimId, ...aboutOf(filed) });
    },

    /** Between the decision and its credit note the invoice may have been credited for another reason, or the goods have been settled otherwise. */
    ReopenClaim: ({ claimId }, claim, { order }) => {
      const { status, creditId, ...filed } = known(claim);
      if (status !== 'CREDITED' && status !== 'REPLACED') return [];
      const { claims, credits } = placed(order);
      if (claims.some((settled) => settled.claimId === claimId) || credits.some(({ id }) => id === creditId)) return [];
      return ClaimReopened({ claimId, ...aboutOf(filed) });
    },
  },

  evolve: {
    ClaimFiled: (_, { orderId, customerId, kind, shipmentId, lines = [], amount }) => ({
      exists: true,
      status: 'FILED',
      orderId,
      customerId,
      kind,
      shipmentId,
      lines,
      amount,
    }),
    ClaimSettled: (claim, { settlement, credit }) => ({
      ...known(claim),
      status: statusAfter[settlement],
      ...(credit && { creditId: credit.creditId }),
    }),
    ClaimWithdrawn: (claim) => ({ ...known(claim), status: 'WITHDRAWN' }),
    ClaimReopened: (claim) => ({ ...known(claim), status: 'FILED' }),
  },
});

const known = (claim: Claim) =>
  claim.exists ? claim : refuse('claim-unknown', 'There is no such claim; check claimId, or file the claim first.', 'claimId');
const aboutOf = ({ orderId, customerId }: { readonly orderId: string; readonly customerId: string }) => ({ orderId, customerId });
const refuseStatus = (status: ClaimStatus): never =>
  refuse('claim-not-open', `The claim is ${status}; nothing more is decided on it. File another one.`);
const refuseAgain = (): never =>
  refuse(
    'claim-exists',
    'This claim was filed before; another one needs another claimId, and a retry the same Idempotency-Key.',
    'claimId',
  );
const refuseWithoutAmount = (): never =>
  refuse('claim-without-amount', 'Nothing says how much is claimed; give an amount, or the lines whose price it is.');

/** An order of which the customer has seen something: goods that left us, or an invoice. */
const reachedTheCustomer = (order: PlacedOrder): PlacedOrder =>
  order.shipments.length > 0 || order.invoices.length > 0 ? order : nothingToClaim();

const nothingToClaim = (): never =>
  refuse('nothing-to-claim', 'Nothing of the order was shipped or invoiced; amend or cancel it instead.');

const thatLeftUs = (order: PlacedOrder, wanted: readonly Move[]): Move[] =>
  upToOpen(order.lines, wanted, ({ lineId }) => leftUs(order, lineId), {
    nothing: nothingToClaim,
    beyond: ({ lineId, quantity, left, field }) =>
      refuse(
        'claimed-beyond-shipped',
        `${quantity} is more than the ${left} of line ${lineId} that left us and did not come back; lower quantity, or leave the line out.`,
        field,
      ),
  });

function creditFor(order: PlacedOrder, { amount: claimed }: FiledClaim, invoiceId?: string, amount = claimed) {
  const invoice = invoiceId === undefined ? onlyInvoiceOf(order) : invoiceOf(order, invoiceId);
  if (amount === 0) refuse('nothing-to-credit', 'The claim is of no amount; say in amount what is credited.', 'amount');
  mustBeLeftToCredit(invoice, amount, order.currency);
  return { invoiceId: invoice.invoiceId, amount, currency: order.currency };
}

const leftToCredit = ({ amount, credited }: Invoice): number => amount - credited;

function onlyInvoiceOf({ invoices }: PlacedOrder): Invoice {
  const [first, another] = invoices.filter((invoice) => leftToCredit(invoice) > 0);
  if (!first) refuse('nothing-to-credit', 'No invoice of the order is left to credit; invoice it first, or replace the goods.');
  return another
    ? refuse('invoice-not-named', 'The order has several invoices; name the one that is credited.', 'invoiceId')
    : first;
}
