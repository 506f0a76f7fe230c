export interface CreditAccount {
  readonly customerId?: string;
  readonly limit?: { readonly amount: number; readonly currency: string };
  /** What the customer owes us, by currency, in minor units; negative: what we owe the customer. */
  readonly open: Readonly<Record<string, number>>;
  /** Order → what is confirmed of it and not invoiced, in minor units; orders without any are not here. */
  readonly committed?: Readonly<Record<string, { readonly currency: string; readonly toInvoice: number }>>;
}

/** What who refers to a credit account has to know of it: orders do, and it refers to orders. */
export const creditOfCustomer: { readonly name: string; readonly initial: CreditAccount } = {
  name: 'creditAccount',
  initial: { open: {} },
};

/** What the limit says about this amount of an order, beside all others; undefined where there is none for its currency. */
export function checkedCredit({ limit, open, committed = {} }: CreditAccount, orderId: string, amount: number, currency: string) {
  if (limit === undefined || limit.currency !== currency) return undefined;
  const owed = open[currency] ?? 0;
  const promised = Object.entries(committed)
    .filter(([id, one]) => id !== orderId && one.currency === currency)
    .reduce((sum, [, { toInvoice }]) => sum + toInvoice, 0);
  return owed + promised + amount > limit.amount
    ? ({
        result: 'EXCEEDED',
        credit: { limit: limit.amount, open: owed, ...(promised > 0 && { committed: promised }), amount, currency },
      } as const)
    : ({ result: 'PASSED' } as const);
}
