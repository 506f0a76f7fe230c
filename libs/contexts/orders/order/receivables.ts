export const invoiceStatuses = ['UNPAID', 'PARTLY_PAID', 'PAID', 'OVERDUE', 'CREDIT_NOTE_ISSUED'] as const;
export type InvoiceStatus = (typeof invoiceStatuses)[number];

/** What an invoice asks for and what came of it, in minor units. `overdue`: it was still open at its due moment. */
export interface Receivable {
  readonly amount: number;
  readonly paid: number;
  readonly credited: number;
  /** Paid back of what was paid. */
  readonly refunded: number;
  readonly overdue: boolean;
}
type Amounts = Omit<Receivable, 'overdue'>;

const balance = ({ amount, paid, credited, refunded }: Amounts): number => amount - credited - (paid - refunded);

export const openAmount = (invoice: Amounts): number => Math.max(0, balance(invoice));
/** What was paid beyond what the invoice asks for since it was credited. */
export const refundableAmount = (invoice: Amounts): number => Math.max(0, -balance(invoice));

export function invoiceStatus(invoice: Receivable): InvoiceStatus {
  if (openAmount(invoice) === 0) return invoice.credited > 0 ? 'CREDIT_NOTE_ISSUED' : 'PAID';
  if (invoice.overdue) return 'OVERDUE';
  return invoice.paid > 0 ? 'PARTLY_PAID' : 'UNPAID';
}

export const total = <T extends object, K extends keyof T>(things: readonly (T & Record<K, number>)[], field: K): number =>
  things.reduce((sum, thing) => sum + thing[field], 0);

/** Days after the due moment at which the reminders of level 1, 2 and 3 go out. */
export const reminderDays = [7, 21, 42] as const;

/** Days after the due moment at which an invoice that is still open moves on to the next bucket of the receivables. */
export const ageingDays = [30, 60, 90] as const;
