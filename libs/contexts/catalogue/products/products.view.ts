import { type Static, Type } from 'typebox';
import { Choice, Id, MinorUnits, MomentField, Text, view } from '#kernel';
import { ProductDefined, ProductPriced, ProductReintroduced, ProductRetired, ProductRevised } from '../product/events.js';

const document = Type.Object({
  productId: Id('the product'),
  sku: Text('stock keeping unit: the code by which people know the product', 64),
  name: Text('name as shown to customers', 200),
  series: Type.Optional(Text('product line or family', 200)),
  status: Choice(['SOLD', 'RETIRED'], 'whether it is sold'),
  prices: Type.Record(Type.String(), MinorUnits('list price of one piece'), {
    description: 'by currency (ISO 4217): the list price in force',
  }),
  definedAt: MomentField('when it was added to the catalogue'),
  pricedAt: Type.Optional(MomentField('when a price was last set')),
  retiredAt: Type.Optional(MomentField('when it was retired')),
});
export type CatalogueEntry = Static<typeof document>;

export const products = view({
  name: 'products',
  description: 'The catalogue: every product with the list prices in force.',
  version: 2,
  capabilities: ['PRC-01'],
  roles: ['sales', 'orders', 'care', 'analyst', 'auditor'],
  document,
  facts: { ProductDefined, ProductPriced, ProductRevised, ProductRetired, ProductReintroduced },
  key: ({ data }) => data.productId,
  filters: ['productId', 'sku', 'name', 'series', 'status', 'definedAt', 'pricedAt', 'retiredAt'],
  sort: 'name',

  initial: (productId): CatalogueEntry => ({ productId, sku: '', name: '', status: 'SOLD', prices: {}, definedAt: '' }),

  apply: {
    ProductDefined: (entry, { data: { sku, name, series }, occurredAt }) => ({
      ...entry,
      sku,
      name,
      series,
      definedAt: occurredAt,
    }),
    ProductPriced: (entry, { data: { amount, currency }, occurredAt }) => ({
      ...entry,
      prices: { ...entry.prices, [currency]: amount },
      pricedAt: occurredAt,
    }),
    ProductRevised: (entry, { data: { name, series } }) => ({ ...entry, name, series }),
    ProductRetired: (entry, { occurredAt }): CatalogueEntry => ({ ...entry, status: 'RETIRED', retiredAt: occurredAt }),
    ProductReintroduced: ({ retiredAt: _, ...entry }): CatalogueEntry => ({ ...entry, status: 'SOLD' }),
  },
});
