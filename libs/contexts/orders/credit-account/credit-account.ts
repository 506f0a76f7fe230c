import { IsInt, IsOptional, IsString, IsUUID, Max, Min } from 'class-validator';
import { type Aggregate, aggregate, Command, Currency, Field, fact, Id, IsCurrency, MinorUnits } from '#kernel';
import { type Customer, customer, registered } from '../../customers/contract.js';
import { most } from '../order/line-fields.js';
import { order } from '../order/order.js';
import type { Order } from '../order/order-state.js';
import { confirmedUninvoiced } from '../order/quantities.js';
import { type CreditAccount, creditOfCustomer } from './credit.js';

const customerId = Id('the customer');

export const CreditLimitSet = fact('CreditLimitSet', 'How much a customer may owe us at most was decided.', {
  customerId,
  limit: MinorUnits('what the customer may owe us with one more order'),
  currency: Currency(),
});

export const ReceivableNoted = fact(
  'ReceivableNoted',
  'What a customer owes us changed.',
  {
    customerId,
    currency: Currency(),
    change: MinorUnits('by how much; negative: it became less'),
    open: MinorUnits('what the customer owes us now'),
  },
  { visibility: 'internal' },
);

export const CommitmentNoted = fact(
  'CommitmentNoted',
  'What is confirmed of an order and not invoiced changed: the customer will owe it.',
  {
    customerId,
    orderId: Id('the order'),
    currency: Currency(),
    toInvoice: MinorUnits('what is confirmed of the order and not invoiced now'),
  },
  { visibility: 'internal' },
);

@Command({
  route: 'POST /customers/:customerId/credit-limit',
  roles: ['orders'],
  summary: 'Decide how much a customer may owe us; an order that would go beyond it is held.',
  capabilities: ['ORD-01'],
})
export class SetCreditLimit {
  @Field('the customer')
  @IsUUID()
  readonly customerId!: string;

  @Field('what the customer may owe us with one more order', { unit: 'minor units of its currency', example: 1000000 })
  @IsInt()
  @Min(0)
  @Max(most.amount)
  readonly limit!: number;

  @Field('ISO 4217 code of the limit; orders in other currencies are not checked', { example: 'EUR' })
  @IsCurrency()
  readonly currency!: string;
}

@Command({ summary: 'Note that what a customer owes us changed.', capabilities: ['ORD-01'] })
export class NoteReceivable {
  @Field('the customer')
  @IsString()
  readonly customerId!: string;

  @Field('ISO 4217 code', { example: 'EUR' })
  @IsString()
  readonly currency!: string;

  @Field('by how much; negative: it became less', { unit: 'minor units of its currency', example: 482100 })
  @IsInt()
  readonly change!: number;

  @Field('the order of which more or less is to be invoiced with it')
  @IsOptional()
  @IsUUID()
  readonly orderId?: string;
}

@Command({ summary: 'Note what is confirmed of an order of the customer and not invoiced.', capabilities: ['ORD-01'] })
export class NoteCommitment {
  @Field('the customer')
  @IsString()
  readonly customerId!: string;

  @Field('the order')
  @IsUUID()
  readonly orderId!: string;
}

/** What its decisions read beside it: the customer who gets a limit, and the order whose commitment is noted. */
interface References {
  readonly customer: Customer;
  readonly order: Order;
}

const commands = { SetCreditLimit, NoteReceivable, NoteCommitment };
const facts = { CreditLimitSet, ReceivableNoted, CommitmentNoted };

/** What a customer owes us, will owe us for confirmed orders, and may owe us. */
export const creditAccount: Aggregate<CreditAccount, typeof commands, typeof facts, References> = aggregate<
  CreditAccount,
  References
>()({
  name: creditOfCustomer.name,
  description: 'What a customer owes us, with what is confirmed and not invoiced, and how much that may be.',
  id: 'customerId',
  stateVersion: 2,
  commands,
  facts,
  initial: creditOfCustomer.initial,
  refs: ({ customerId }) => ({ customer: customerId }),
  references: {
    customer: {
      aggregate: customer,
      id: (command: object) => (command instanceof SetCreditLimit ? command.customerId : undefined),
    },
    order: { aggregate: order, id: ({ orderId }: { readonly orderId?: string }) => orderId },
  },
  decide: {
    SetCreditLimit: ({ customerId, limit, currency }, account, { customer }) => {
      registered(customer);
      return account.limit?.amount === limit && account.limit.currency === currency
        ? []
        : CreditLimitSet({ customerId, limit, currency });
    },
    NoteReceivable: ({ customerId, currency, change, orderId }, account, { order }) => [
      ...(change === 0 ? [] : [ReceivableNoted({ customerId, currency, change, open: (account.open[currency] ?? 0) + change })]),
      ...(orderId === undefined ? [] : commitment(customerId, orderId, order, account)),
    ],
    NoteCommitment: ({ customerId, orderId }, account, { order }) => commitment(customerId, orderId, order, account),
  },
  evolve: {
    CreditLimitSet: (account, { customerId, limit: amount, currency }) => ({
      ...account,
      customerId,
      limit: { amount, currency },
    }),
    ReceivableNoted: (account, { customerId, currency, open }) => ({
      ...account,
      customerId,
      open: { ...account.open, [currency]: open },
    }),
    CommitmentNoted: (account, { customerId, orderId, currency, toInvoice }) => {
      const { [orderId]: _before, ...others } = account.committed ?? {};
      return { ...account, customerId, committed: toInvoice === 0 ? others : { ...others, [orderId]: { currency, toInvoice } } };
    },
  },
});

/** The order as it is now, not as it was when the fact was recorded of which we are told: so no order of the notes matters. */
function commitment(customerId: string, orderId: string, order: Order, { committed = {} }: CreditAccount) {
  if (!order.exists) return [];
  const toInvoice = confirmedUninvoiced(order);
  return toInvoice === (committed[orderId]?.toInvoice ?? 0)
    ? []
    : [CommitmentNoted({ customerId, orderId, currency: order.currency, toInvoice })];
}
