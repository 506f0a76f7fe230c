export { type BackupReport, backupSqlite, renewLogId, restoreSqlite, verifySqlite } from './backup.js';
export { builtFile } from './built-file.js';
export { StorageError, type StorageFault } from './database.js';
export { openSqliteKeys, proveMasterKey } from './keys/keys.js';
export { type FileLock, LockedError, lockFolder } from './lock.js';
export { openSqliteCopyReader, openSqliteLogCopy } from './log/copy.js';
export { logFileIn, openSqliteLog, openSqliteLogReader, type SqliteLogOptions } from './log/log.js';
export { openSqliteViews, type SqliteViewsPlace } from './views/views.js';
