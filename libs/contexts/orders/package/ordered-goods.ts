import { type Reference, refuse } from '#kernel';
import { order } from '../order/order.js';
import { lineOf } from '../order/order-lines.js';
import { going, type Order, type PlacedOrder, released } from '../order/order-state.js';
import { open } from '../order/quantities.js';
import { type PackedGoods, PackPackage, SendPackage } from './commands.js';
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

/** What is to go into a package: as the command names it, and with each order and line once. */
interface Packing {
  readonly goods: readonly PackedGoods[];
  readonly contents: readonly Content[];
  readonly severalCustomers: boolean;
}

/** Goods that may go into one package: of orders that go on, no more of a line than is left to ship, for one customer. */
export function mustBeLeftToShip({ goods, contents, severalCustomers }: Packing, orders: OrdersOfPackage): void {
  if (contents.length > MOST_ORDERS)
    refuse(
      'too-many-orders',
      `The goods are of ${contents.length} orders, a package has those of at most ${MOST_ORDERS}; pack several packages.`,
      'goods',
    );
  const known = contents.map((content, index) => orderedGoods(goods, content, orderAt(orders, index)));
  if (!severalCustomers && new Set(known.map(({ customerId }) => customerId)).size > 1)
    refuse(
      'goods-of-several-customers',
      'The goods are of several customers; set severalCustomers if they go to one address, or pack one package for each.',
      'severalCustomers',
    );
}

/** The order of which goods are to be packed, if that much of it is left to ship. */
function orderedGoods(goods: readonly PackedGoods[], { orderId, lines }: Content, order: Order): PlacedOrder {
  const known = going(order, `goods[${goods.findIndex((one) => one.orderId === orderId)}].orderId`);
  for (const { lineId, quantity } of lines) {
    const at = goods.map((one) => one.orderId === orderId && one.lineId === lineId).lastIndexOf(true);
    const left = open.shipped(lineOf(known.lines, lineId, `goods[${at}].lineId`));
    if (quantity > left)
      refuse(
        'packed-beyond-ordered',
        `${quantity} is more than the ${left} of line ${lineId} that are left to ship; lower quantity, or leave the line out.`,
        `goods[${at}].quantity`,
      );
  }
  return known;
}

/** The same when the package leaves: meanwhile an order may be on hold, or another package may have taken the goods. */
export function mustBeReleased(contents: readonly Content[], orders: OrdersOfPackage): void {
  contents.forEach(({ lines }, index) => {
    const known = released(going(orderAt(orders, index)));
    for (const { lineId, quantity } of lines) {
      const left = open.shipped(lineOf(known.lines, lineId));
      if (quantity > left)
        refuse(
          'packed-beyond-ordered',
          `${quantity} is more than the ${left} of line ${lineId} that are left to ship; take the package apart and pack it anew.`,
        );
    }
  });
}

const orderAt = (orders: OrdersOfPackage, index: number): Order => orders[`order${index}`] ?? { exists: false };
