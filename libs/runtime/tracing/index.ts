export { tracedLog } from './traced-log.js';
export { tracedTopics } from './traced-topics.js';
export type { OpenSpan, SpanOptions, Tracing } from './tracing.js';
export { ViewSpans } from './view-spans.js';
