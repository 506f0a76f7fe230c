import type { Log } from './ports.js';

/** The same log with some members of another kind. */
export const logWith = (log: Log, own: Partial<Omit<Log, 'exclusive'>>): Log => ({
  id: log.id,
  start: log.start,
  sparse: log.sparse,
  get exclusive() {
    return log.exclusive;
  },
  append: (stream, expected, facts) => log.append(stream, expected, facts),
  readStream: (stream, from, limit) => log.readStream(stream, from, limit),
  readAll: (after, options) => log.readAll(after, options),
  head: () => log.head(),
  onAppend: (listener) => log.onAppend(listener),
  file: () => log.file?.(),
  close: () => log.close(),
  ...own,
});
