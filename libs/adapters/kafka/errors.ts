import { MessageTooLarge, OutcomeUnknown, TopicsDisagree, TopicsReset, TopicsUnavailable, WriterFenced } from '#runtime/ports';

/** Waits no longer; what was begun may go on. Throws TopicsUnavailable. */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TopicsUnavailable(`Kafka: no end of "${what}" in ${milliseconds} ms.`)), milliseconds);
  });
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const OURS = [MessageTooLarge, OutcomeUnknown, TopicsDisagree, TopicsReset, TopicsUnavailable, WriterFenced];
/** A transaction that lasted too long is ended by the coordinator with the same means: another writer has to begin in both cases. */
const FENCED = new Set(['PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH', 'INVALID_PRODUCER_ID_MAPPING', 'INVALID_TXN_STATE']);
/** What a broker says that has just started: its coordinators read their logs first. */
const STARTING = new Set(['GROUP_LOAD_IN_PROGRESS', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR_FOR_GROUP']);
/** What is said of a topic that was made a moment ago. */
const SPREADING = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']);
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** The error by the name that the port gives it. */
export function named(what: string, error: unknown): Error {
  if (OURS.some((type) => error instanceof type)) return error as Error;
  const type = protocolType(error) ?? '';
  const text = `Kafka refused "${what}": ${type} ${error instanceof Error ? error.message : String(error)}`.replace('  ', ' ');
  if (FENCED.has(type)) {
    const why = 'Another writer of the same shard came after this one, or its transaction took too long.';
    return new WriterFenced(`${why} ${text}`, { cause: error });
  }
  if (TOO_LARGE.has(type)) return new MessageTooLarge(text, { cause: error });
  return new TopicsUnavailable(text, { cause: error });
}

/** Whether a broker said it, and not the way to it. */
export const isAnswer = (error: unknown) => protocolType(error) !== undefined;

export const isSpreading = (error: unknown) => SPREADING.has(protocolType(error) ?? '');

/** What a coordinator also says to whom another one fences in the midst of a commit: whether it was made, only reading tells. */
const CUT_SHORT = new Set(['UNKNOWN', 'CONCURRENT_TRANSACTIONS']);

export const isCutShort = (error: unknown) => CUT_SHORT.has(protocolType(error) ?? '');

const STARTS_WITHIN = 60_000;
const ASK_AGAIN_AFTER = 300;

/** Asks again, for a minute at most, while the broker says that it is still starting. */
export async function onceStarted<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + STARTS_WITHIN;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!STARTING.has(protocolType(error) ?? '') || performance.now() > deadline) throw error;
      await new Promise((over) => setTimeout(over, ASK_AGAIN_AFTER));
    }
  }
}

interface Wrapped {
  readonly type?: string;
  readonly cause?: unknown;
  readonly originalError?: unknown;
}

/** The client wraps the broker's answer in errors of its own. */
function protocolType(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  const { type, cause, originalError } = error as Wrapped;
  if (typeof type === 'string' && type !== '') return type;
  return protocolType(cause, depth + 1) ?? protocolType(originalError, depth + 1);
}
