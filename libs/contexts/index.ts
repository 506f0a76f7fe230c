import { catalogue } from './catalogue/catalogue.context.js';
import { customers } from './customers/customers.context.js';
import { loyalty } from './loyalty/loyalty.context.js';
import { orders } from './orders/orders.context.js';
import { retention } from './retention/retention.context.js';
import { sales } from './sales/sales.context.js';
import { service } from './service/service.context.js';

/** The CRM: every bounded context of the product. */
export const contexts = [customers, catalogue, sales, orders, service, retention, loyalty];

/** The facts that say which customers are one; views with `merge` or `customer` follow them. */
export const identity = { merged: 'CustomersMerged', unmerged: 'CustomersUnmerged' } as const;
