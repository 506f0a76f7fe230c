/** What other contexts may use of orders: its facts, the commands that they may send, and the order as a reference of their decisions. */

export { CartAbandoned, CartChanged, CartOrdered } from './cart/events.js';
export { ClaimFiled, ClaimReopened, ClaimSettled, ClaimWithdrawn } from './claim/events.js';
export { CreditLimitSet } from './credit-account/credit-account.js';
export { PlaceOrder } from './order/commands.js';
export * from './order/events.js';
export { order } from './order/order.js';
export type { Order, PlacedOrder } from './order/order-state.js';
export { worth } from './order/quantities.js';
export { openAmount } from './order/receivables.js';
export * from './package/events.js';
export * from './payment/events.js';
export * from './return/events.js';
export { CreditNoteNumbered, InvoiceNumbered } from './series/series.js';
