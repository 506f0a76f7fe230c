/** What other contexts may use of orders: its facts, and the commands that they may send. */

export { PlaceOrder } from './order/commands.js';
export * from './order/events.js';
