export { type EventStoreLogOptions, openEventStoreLog, renewEventStoreLogId } from './log.js';
export { type CopyReader, type LocalCopy, mirrorLog, readThroughCopy } from './mirror.js';
