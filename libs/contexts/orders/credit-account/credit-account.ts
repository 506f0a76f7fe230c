import { IsInt, IsISO4217CurrencyCode, IsString, IsUUID, Max, Min } from 'class-validator';
import { aggregate, Command, Currency, Field, fact, Id, MinorUnits } from '#kernel';
import { most } from '../order/line-fields.js';

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
  @IsISO4217CurrencyCode()
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
}

export interface CreditAccount {
  readonly customerId?: string;
  readonly limit?: { readonly amount: number; readonly currency: string };
  /** What the customer owes us, by currency, in minor units; negative: what we owe the customer. */
  readonly open: Readonly<Record<string, number>>;
}

/** What a customer owes us and may owe us. */
export const creditAccount = aggregate<CreditAccount>()({
  name: 'creditAccount',
  description: 'What a customer owes us, and how much that may be.',
  id: 'customerId',
  commands: { SetCreditLimit, NoteReceivable },
  facts: { CreditLimitSet, ReceivableNoted },
  initial: { open: {} },
  refs: ({ customerId }) => ({ customer: customerId }),
  decide: {
    SetCreditLimit: ({ customerId, limit, currency }, account) =>
      account.limit?.amount === limit && account.limit.currency === currency
        ? []
        : CreditLimitSet({ customerId, limit, currency }),
    NoteReceivable: ({ customerId, currency, change }, { open }) =>
      change === 0 ? [] : ReceivableNoted({ customerId, currency, change, open: (open[currency] ?? 0) + change }),
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
  },
});

/** What the limit says about one more order of this amount; undefined where there is none for its currency. */
export function checkedCredit({ limit, open }: CreditAccount, amount: number, currency: string) {
  if (limit === undefined || limit.currency !== currency) return undefined;
  const owed = open[currency] ?? 0;
  return owed + amount > limit.amount
    ? ({ result: 'EXCEEDED', credit: { limit: limit.amount, open: owed, amount, currency } } as const)
    : ({ result: 'PASSED' } as const);
}
