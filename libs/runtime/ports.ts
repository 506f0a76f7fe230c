/**
 * What the runtime needs of an engine. Each port has a contract suite in `test/contract` that every adapter passes;
 * none assumes transactions over several streams or unique indexes over all of them.
 */

export * from './ports/keys.js';
export * from './ports/log.js';
export * from './ports/topics.js';
export * from './ports/views.js';
