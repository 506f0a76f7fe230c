import type { Log } from './ports.js';

/** The same log with another way to append. */
export const appendingBy = (log: Log, append: Log['append']): Log => ({
  id: log.id,
  start: log.start,
  sparse: log.sparse,
  get exclusive() {
    return log.exclusive;
  },
  append,
  readStream: (stream, from, limit) => log.readStream(stream, from, limit),
  readAll: (after, options) => log.readAll(after, options),
  head: () => log.head(),
  onAppend: (listener) => log.onAppend(listener),
  close: () => log.close(),
});
