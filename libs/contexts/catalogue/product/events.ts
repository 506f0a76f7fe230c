import { Type } from 'typebox';
import { Currency, fact, Id, MinorUnits, Text } from '#kernel';

const productId = Id('the product');

export const ProductDefined = fact('ProductDefined', 'A product was added to the catalogue, without a price yet.', {
  productId,
  reservationId: Type.Optional(Id('the claim that keeps its SKU from being used twice')),
  sku: Text('stock keeping unit: the code by which people know the product', 64),
  name: Text('name as shown to customers', 200),
  series: Type.Optional(Text('product line or family', 200)),
});

export const ProductPriced = fact('ProductPriced', 'A product has this list price in this currency from now on.', {
  productId,
  amount: MinorUnits('list price of one piece, before discounts and tax'),
  currency: Currency(),
});

export const ProductRevised = fact('ProductRevised', 'The description of a product was changed; the fact says what it is now.', {
  productId,
  name: Text('name as shown to customers', 200),
  series: Type.Optional(Text('product line or family; left out: none', 200)),
});

export const ProductRetired = fact('ProductRetired', 'A product is not sold any more.', { productId });

export const ProductReintroduced = fact('ProductReintroduced', 'A retired product is sold again, at its last prices.', {
  productId,
});
