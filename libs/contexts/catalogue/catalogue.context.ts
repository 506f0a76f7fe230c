import { context } from '#kernel';
import { product } from './product/product.js';
import { products } from './products/products.view.js';

export const catalogue = context({
  name: 'catalogue',
  description: 'What is sold: products and their list prices.',
  aggregates: [product],
  views: [products],
});
