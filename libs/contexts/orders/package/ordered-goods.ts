import { type Reference, refuse } from '#kernel';
import { order } from '../order/order.js';
import { lineOf } from '../order/order-lines.js';
import { going, type Order, type PlacedOrder, released } from '../order/order-state.js';
import { open } from '../order/quantities.js';
import { PackPackage, SendPackage } from './commands.js';
import type { Content, Package } from './package-state.js';

/** How many orders a package has goods of at most: each is read before it is packed and before it is sent. */
export const MOST_ORDERS = 20;

/** The orders of a package, in the order of its contents; what a decision reads beside it. */
export type OrdersOfPackage = Readonly<Record<`order${number}`, Order>>;

const orderIdAt = (index: number) => (command: object, parcel: Package) => {
  if (command instanceof PackPackage) return [...new Set(command.goods.map(({ orderId }) => orderId))][index];
  return command instanceof SendPackage && parcel.exists ? parcel.contents[index]?.orderId : undefined;
};

export const ordersOfPackage = () => {
  const references: Record<`order${number}`, Reference<Package, Order>> = {};
  for (let index = 0; index < MOST_ORDERS; index++) references[`order${index}`] = { aggregate: order, id: orderIdAt(index) };
  return references;
};

/** Goods that may go into one package: of orders that go on, no more of a line than is left to ship, for one customer. */
export function mustBeLeftToShip(contents: readonly Content[], orders: OrdersOfPackage, severalCustomers: boolean): void {
  if (contents.length > MOST_ORDERS) refuse('too-many-orders', `A package has goods of at most ${MOST_ORDERS} orders.`);
  const known = leftToShip(contents, orders, going);
  if (!severalCustomers && new Set(known.map(({ customerId }) => customerId)).size > 1)
    refuse('goods-of-several-customers', 'The goods are of several customers; say so if they go to one address.');
}

/** The same when the package leaves: meanwhile an order may be on hold, or another package may have taken the goods. */
export const mustBeReleased = (contents: readonly Content[], orders: OrdersOfPackage): void => {
  leftToShip(contents, orders, (order) => released(going(order)));
};

const leftToShip = (contents: readonly Content[], orders: OrdersOfPackage, state: (order: Order) => PlacedOrder) =>
  contents.map(({ lines }, index) => {
    const known = state(orders[`order${index}`] ?? { exists: false });
    for (const { lineId, quantity } of lines) {
      const left = open.shipped(lineOf(known.lines, lineId));
      if (quantity > left)
        refuse('packed-beyond-ordered', `${quantity} is more than the ${left} of line ${lineId} that are left to ship.`);
    }
    return known;
  });
