export { given } from './aggregate-specification.js';
export { carried } from './carried.js';
export { givenProcess } from './process-specification.js';
export { givenView, recorded } from './view-specification.js';
