export { type EventStoreLogOptions, openEventStoreLog, renewEventStoreLogId } from './log.js';
export { type LocalCopy, mirrorLog } from './mirror.js';
