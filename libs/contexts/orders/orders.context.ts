import { context } from '#kernel';
import { cart } from './cart/cart.js';
import { cartClock } from './cart-clock/cart-clock.process.js';
import { carts } from './carts/carts.view.js';
import { claim } from './claim/claim.js';
import { claimedGoods } from './claimed-goods/claimed-goods.js';
import { claims } from './claims/claims.view.js';
import { conformance } from './conformance/conformance.view.js';
import { creditAccount } from './credit-account/credit-account.js';
import { deliveries } from './deliveries/deliveries.view.js';
import { invoiceNumbers } from './invoice-numbers/invoice-numbers.process.js';
import { invoices } from './invoices/invoices.view.js';
import { notedClaims } from './noted-claims/noted-claims.process.js';
import { openReceivables } from './open-receivables/open-receivables.process.js';
import { order } from './order/order.js';
import { orderToCash } from './order-to-cash/order-to-cash.view.js';
import { orderedCarts } from './ordered-carts/ordered-carts.process.js';
import { parcel } from './package/package.js';
import { packageGoods } from './package-goods/package-goods.process.js';
import { packages } from './packages/packages.view.js';
import { payment } from './payment/payment.js';
import { paymentAllocation } from './payment-allocation/payment-allocation.process.js';
import { receivables } from './receivables/receivables.view.js';
import { goodsReturn } from './return/return.js';
import { returnedGoods } from './returned-goods/returned-goods.process.js';
import { returns } from './returns/returns.view.js';
import { series } from './series/series.js';
import { settledClaims } from './settled-claims/settled-claims.process.js';
import { paymentReminders } from './unpaid-invoice/payment-reminders.process.js';

export const orders = context({
  name: 'orders',
  description: 'From a customer order to the last payment: ordering, shipping, invoicing, collecting and taking back.',
  aggregates: [cart, order, parcel, goodsReturn, claim, claimedGoods, payment, series, creditAccount],
  views: [carts, orderToCash, conformance, invoices, receivables, packages, deliveries, returns, claims],
  processes: [
    cartClock,
    orderedCarts,
    packageGoods,
    returnedGoods,
    settledClaims,
    notedClaims,
    paymentAllocation,
    paymentReminders,
    invoiceNumbers,
    openReceivables,
  ],
});
