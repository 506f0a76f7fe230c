import {
  ForeignPosition,
  LogUnavailable,
  StoreFault,
  TopicsDisagree,
  TopicsReset,
  TopicsUnavailable,
  WriterFenced,
} from '#runtime/ports';
import { Problem } from '#runtime/problem';
import { LogBehindTopics } from '#runtime/relay/index';

/** What another thread reports of a reader: in words, as errors lose their class and code on the way. */
export interface TroubleTold {
  readonly reader: string;
  readonly reason: string;
}

/** A trouble in another thread, as it was told there. */
export class TroubleElsewhere extends Error {
  override readonly name = 'TroubleElsewhere';

  constructor(readonly reason: string) {
    super(reason);
  }
}

const OF_ENGINES = [ForeignPosition, LogBehindTopics, TopicsDisagree, TopicsReset, TopicsUnavailable, WriterFenced];

/** What went wrong without what it was about: messages of errors inside folds and decisions may quote data, those of engines do not. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof TroubleElsewhere) return error.reason;
  if (error instanceof Problem && error.status === 503) return `${error.code}: ${error.message}`;
  if (error instanceof LogUnavailable || error instanceof StoreFault) return `${error.name}: ${error.why ?? error.message}`;
  if (OF_ENGINES.some((kind) => error instanceof kind)) return error.message;
  const at = /\n\s+at (.+)/.exec(error.stack ?? '')?.[1] ?? '';
  return `${error.name}${'code' in error ? ` ${String(error.code)}` : ''} ${at}`.trim();
}
