import { logWith } from '../log-with.js';
import type { Log } from '../ports.js';
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
export const tracedLog = (log: Log, tracing: Tracing, appended: (traced: TracedAppend) => void): Log =>
  logWith(log, {
    append: async (stream, expected, facts) => {
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
  });
