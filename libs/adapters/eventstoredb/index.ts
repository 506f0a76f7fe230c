export { type EventStoreLogOptions, openEventStoreLog } from './log.js';
export { type LocalCopy, mirrorLog } from './mirror.js';
