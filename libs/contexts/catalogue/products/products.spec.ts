import { describe, it } from '@jest/globals';
import { derivedId, type Fact } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import { ProductDefined, ProductPriced, ProductReintroduced, ProductRetired, ProductRevised } from '../product/events.js';
import { products } from './products.view.js';

const productId = derivedId('product');
const on = (day: number, fact: Fact) => recorded(fact, { occurredAt: at(day) });
const at = (day: number) => `2026-01-0${day}T09:00:00.000Z`;
const price = (day: number, amount: number, currency: string) => on(day, ProductPriced({ productId, amount, currency }));

const defined = on(1, ProductDefined({ productId, sku: 'GTX-PRO', name: 'GTX Pro', series: 'GTX' }));

describe('PRC-01 the catalogue', () => {
  it('lists a product', () =>
    givenView(products)
      .facts(defined)
      .then(productId, { sku: 'GTX-PRO', name: 'GTX Pro', series: 'GTX', status: 'SOLD', prices: {}, definedAt: at(1) }));
  it('shows the price in force', () =>
    givenView(products)
      .facts(defined, price(2, 4821_00, 'EUR'), price(3, 4900_00, 'EUR'))
      .then(productId, { prices: { EUR: 4900_00 }, pricedAt: at(3) }));
  it('keeps the prices of several currencies apart', () =>
    givenView(products)
      .facts(defined, price(2, 4821_00, 'EUR'), price(3, 5000_00, 'USD'))
      .then(productId, { prices: { EUR: 4821_00, USD: 5000_00 } }));
  it('follows a revision', () =>
    givenView(products)
      .facts(defined, on(2, ProductRevised({ productId, name: 'GTX Pro II', series: 'GTX' })))
      .then(productId, { name: 'GTX Pro II', sku: 'GTX-PRO' }));
  it('shows a product that is sold again', () =>
    givenView(products)
      .facts(defined, on(2, ProductRetired({ productId })), on(3, ProductReintroduced({ productId })))
      .then(productId, { status: 'SOLD' }));
  it('keeps a retired product with its last price', () =>
    givenView(products)
      .facts(defined, price(2, 4821_00, 'EUR'), on(3, ProductRetired({ productId })))
      .then(productId, { status: 'RETIRED', retiredAt: at(3), prices: { EUR: 4821_00 } }));
});
