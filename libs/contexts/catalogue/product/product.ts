import { aggregate, refuse } from '#kernel';
import { DefineProduct, PriceProduct, ReintroduceProduct, RetireProduct, ReviseProduct } from './commands.js';
import { ProductDefined, ProductPriced, ProductReintroduced, ProductRetired, ProductRevised } from './events.js';

interface Known {
  readonly productId: string;
  readonly name: string;
  readonly series?: string;
  /** Currency → list price in its minor units. */
  readonly prices: Readonly<Record<string, number>>;
}
export type Product = { readonly status: 'NONE' } | ({ readonly status: 'SOLD' | 'RETIRED' } & Known);

export const product = aggregate<Product>()({
  name: 'product',
  description: 'Something that is sold, with its list price in each currency.',
  id: 'productId',
  commands: { DefineProduct, PriceProduct, ReviseProduct, RetireProduct, ReintroduceProduct },
  facts: { ProductDefined, ProductPriced, ProductRevised, ProductRetired, ProductReintroduced },
  initial: { status: 'NONE' },
  refs: (product) => (product.status === 'NONE' ? {} : { product: product.productId }),
  reserve: {
    DefineProduct: ({ sku }) => [{ scope: 'product.sku', value: sku.toUpperCase(), label: 'this SKU', field: 'sku' }],
  },

  decide: {
    DefineProduct: ({ productId, sku, name, series }, product, { reservations: [reservationId] }) => {
      if (product.status !== 'NONE') refuseAgain();
      return ProductDefined({ productId, reservationId, sku, name, series });
    },

    PriceProduct: ({ productId, amount, currency }, product) => {
      const { prices } = whileSold(product);
      return prices[currency] === amount ? [] : ProductPriced({ productId, amount, currency });
    },

    ReviseProduct: ({ productId, ...revised }, product) => {
      const before = whileSold(product);
      const { name = before.name, series = before.series } = revised;
      return name === before.name && series === before.series ? [] : ProductRevised({ productId, name, series });
    },

    RetireProduct: ({ productId }, product) => (known(product).status === 'RETIRED' ? [] : ProductRetired({ productId })),

    ReintroduceProduct: ({ productId }, product) => (known(product).status === 'SOLD' ? [] : ProductReintroduced({ productId })),
  },

  evolve: {
    ProductDefined: (_, { productId, name, series }) => ({ status: 'SOLD', productId, name, series, prices: {} }),
    ProductPriced: (product, { amount, currency }) => ({
      ...known(product),
      prices: { ...known(product).prices, [currency]: amount },
    }),
    ProductRevised: (product, { name, series }) => ({ ...known(product), name, series }),
    ProductRetired: (product) => ({ ...known(product), status: 'RETIRED' }),
    ProductReintroduced: (product) => ({ ...known(product), status: 'SOLD' }),
  },
});

function refuseAgain(): never {
  refuse(
    'product-exists',
    'This product was defined before; send another productId for another one. A retry takes the same Idempotency-Key.',
    'productId',
  );
}

function known(product: Product) {
  return product.status === 'NONE'
    ? refuse('product-unknown', 'There is no such product; check productId, or define the product first.', 'productId')
    : product;
}

function whileSold(product: Product) {
  const it = known(product);
  return it.status === 'SOLD' ? it : refuse('product-retired', 'This product is not sold any more; reintroduce it first.');
}
