export type { MongoPlace } from './connection.js';
export { MongoFault, type MongoFaultKind } from './faults.js';
export { type MongoKeysPlace, openMongoKeys } from './keys/keys.js';
export { openMongoViews } from './views/views.js';
