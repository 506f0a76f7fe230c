/** What other contexts may use of orders: its facts, and the commands that they may send. */

export { CreditLimitSet } from './credit-account/credit-account.js';
export { PlaceOrder } from './order/commands.js';
export * from './order/events.js';
export * from './package/events.js';
export * from './payment/events.js';
export * from './return/events.js';
export { CreditNoteNumbered, InvoiceNumbered } from './series/series.js';
