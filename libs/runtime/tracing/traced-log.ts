import type { Appended, Log, NewFact } from '../ports.js';
import { isSampled, type Tracing, traceparentIn } from './tracing.js';

/** Facts of a recorded trace that are on disk. */
export interface TracedAppend {
  readonly types: readonly string[];
  readonly position: string;
  readonly traceparent: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A log whose appends are spans of the trace that their facts carry; everything else goes straight through. */
export function tracedLog(log: Log, tracing: Tracing, appended: (traced: TracedAppend) => void): Log {
  return {
    id: log.id,
    start: log.start,
    sparse: log.sparse,
    get exclusive() {
      return log.exclusive;
    },
    append: async (stream: string, expected: number, facts: readonly NewFact[]): Promise<Appended> => {
      const parent = traceparentIn(facts[0]?.metadata ?? '');
      if (!isSampled(parent)) return log.append(stream, expected, facts);
      const types = facts.map(({ type }) => type);
      const attributes = { 'annals.stream': stream, 'annals.facts': types.join(',') };
      const span = tracing.begin('append', { kind: 'internal', parent, attributes });
      try {
        const done = await log.append(stream, expected, facts);
        span.end();
        appended({ types, position: done.position, traceparent: parent, at: Date.now() });
        return done;
      } catch (error) {
        span.end({ failed: true });
        throw error;
      }
    },
    readStream: (stream, from, limit) => log.readStream(stream, from, limit),
    readAll: (after, options) => log.readAll(after, options),
    head: () => log.head(),
    onAppend: (listener) => log.onAppend(listener),
    close: () => log.close(),
  };
}
