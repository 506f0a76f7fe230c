import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { ProductDefined, ProductPriced, ProductReintroduced, ProductRetired, ProductRevised } from './events.js';
import { product } from './product.js';

const productId = derivedId('product');
const reservationId = derivedId('claim');
const defined = ProductDefined({ productId, reservationId, sku: 'GTX-PRO', name: 'GTX Pro', series: 'GTX' });
const priced = ProductPriced({ productId, amount: 4821_00, currency: 'EUR' });
const retired = ProductRetired({ productId });

describe('PRC-01 a product', () => {
  it('is defined with a claim on its SKU', () =>
    given(product, {})
      .when('DefineProduct', { productId, sku: 'GTX-PRO', name: 'GTX Pro', series: 'GTX' }, { reservations: [reservationId] })
      .then(defined));
  it('claims its SKU whatever its case, in the name of nobody', () =>
    expect(product.reserve?.DefineProduct?.({ productId, sku: 'gtx-Pro', name: 'GTX Pro' })).toEqual([
      { scope: 'product.sku', value: 'GTX-PRO', label: 'this SKU', field: 'sku' },
    ]));
  it('is defined once', () =>
    given(product, {}, defined)
      .when('DefineProduct', { productId, sku: 'GTX-PRO', name: 'GTX Pro' })
      .isRefused('product-exists', 'productId'));
  it('is priced', () =>
    given(product, {}, defined).when('PriceProduct', { productId, amount: 4821_00, currency: 'EUR' }).then(priced));
  it('is not priced again with the same price', () =>
    given(product, {}, defined, priced).when('PriceProduct', { productId, amount: 4821_00, currency: 'EUR' }).changesNothing());
  it('has a price of its own in each currency', () =>
    given(product, {}, defined, priced)
      .when('PriceProduct', { productId, amount: 4821_00, currency: 'USD' })
      .then(ProductPriced({ productId, amount: 4821_00, currency: 'USD' })));
  it('is revised, and keeps what the revision does not name', () =>
    given(product, {}, defined)
      .when('ReviseProduct', { productId, name: 'GTX Pro II' })
      .then(ProductRevised({ productId, name: 'GTX Pro II', series: 'GTX' })));
  it('is not revised to what it is', () =>
    given(product, {}, defined).when('ReviseProduct', { productId, series: 'GTX' }).changesNothing());
  it('is retired', () => given(product, {}, defined).when('RetireProduct', { productId }).then(retired));
  it('is retired once', () => given(product, {}, defined, retired).when('RetireProduct', { productId }).changesNothing());
  it('is not priced once it is retired', () =>
    given(product, {}, defined, retired)
      .when('PriceProduct', { productId, amount: 1_00, currency: 'EUR' })
      .isRefused('product-retired'));
  it('is not revised once it is retired', () =>
    given(product, {}, defined, retired).when('ReviseProduct', { productId, name: 'GTX' }).isRefused('product-retired'));
  it('is sold again, at its last price', () => {
    given(product, {}, defined, priced, retired)
      .when('ReintroduceProduct', { productId })
      .then(ProductReintroduced({ productId }));
    given(product, {}, defined, priced, retired, ProductReintroduced({ productId }))
      .when('PriceProduct', { productId, amount: 4821_00, currency: 'EUR' })
      .changesNothing();
  });
  it('that is sold cannot be sold again', () =>
    given(product, {}, defined).when('ReintroduceProduct', { productId }).changesNothing());
  it('that nobody defined cannot be priced', () =>
    given(product, {})
      .when('PriceProduct', { productId, amount: 1_00, currency: 'EUR' })
      .isRefused('product-unknown', 'productId'));
});
