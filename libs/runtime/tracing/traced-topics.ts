import type { Topics, TopicWriter } from '../ports.js';
import { isSampled, type OpenSpan, type Tracing, traceparentIn } from './tracing.js';

/** Topics of which each message of a recorded trace is a span, from the transaction to its end. */
export function tracedTopics(topics: Topics, tracing: Tracing): Topics {
  return {
    generations: topics.generations,
    writer: async (generation, shard) => tracedWriter(await topics.writer(generation, shard), tracing),
    retire: (generation) => topics.retire(generation),
    close: () => topics.close(),
  };
}

function tracedWriter(writer: TopicWriter, tracing: Tracing): TopicWriter {
  return {
    get checkpoint() {
      return writer.checkpoint;
    },
    ensure: (wanted) => writer.ensure(wanted),
    publish: async (messages, checkpoint) => {
      const spans: OpenSpan[] = [];
      for (const { aggregate, value } of messages) {
        const parent = traceparentIn(value);
        if (isSampled(parent)) spans.push(tracing.begin(`topic ${aggregate}`, { kind: 'producer', parent }));
      }
      const failed = await writer.publish(messages, checkpoint).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      for (const span of spans) span.end({ failed: failed !== undefined });
      if (failed) throw failed.error;
    },
    close: () => writer.close(),
  };
}
