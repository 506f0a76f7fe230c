/** What other contexts may use of the catalogue: its facts. */
export { ProductDefined, ProductPriced, ProductRetired, ProductRevised } from './product/events.js';
