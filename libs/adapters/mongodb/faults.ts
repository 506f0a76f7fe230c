import { MongoError, MongoNetworkError, MongoNotConnectedError, MongoServerSelectionError } from 'mongodb';
import { StoreFault } from '#runtime/ports';

export type MongoFaultKind = 'unavailable' | 'refused' | 'too-large' | 'closed' | 'other';

/** What the server or the way to it did, in words for the operator. Carries no password. */
export class MongoFault extends StoreFault {
  constructor(
    readonly fault: MongoFaultKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(fault === 'unavailable' || fault === 'closed', message, options);
  }
}

/** Of an error of the driver; others are given back as they are. `place` names the server without its password. */
export function faultOf(error: unknown, place: string): unknown {
  if (!(error instanceof MongoError)) return error;
  const fault = kindOf(error);
  return new MongoFault(fault, WORDS[fault](place, error.message), { cause: error });
}

/** E11000: the guard of an insert or upsert held. */
export const isDuplicate = (error: unknown): boolean => codeOf(error) === 11000;

/** Somebody killed the session or the operation; as far as the server is concerned the transaction did not happen. */
export const isInterrupted = (error: unknown): boolean => [11601, 46841].includes(codeOf(error));

/** NamespaceExists, of a collection made meanwhile. */
export const exists = (error: unknown): boolean => codeOf(error) === 48;

/** Of the driver's error or of one that names it; bulk writes carry theirs as number too. */
function codeOf(error: unknown): number {
  if (error instanceof MongoFault) return codeOf(error.cause);
  return error instanceof MongoError ? Number(error.code) : Number.NaN;
}

// Error codes of the server: https://www.mongodb.com/docs/manual/reference/error-codes/
const REFUSED = new Set([13, 18, 8000]);
const TOO_LARGE = new Set([10334, 17280, 17419, 17420, 257, 388]);
const PASSING = new Set([6, 7, 50, 64, 89, 91, 112, 189, 202, 251, 262, 9001, 10107, 11600, 11601, 11602, 13435, 13436]);

function kindOf(error: MongoError): MongoFaultKind {
  if (error instanceof MongoNotConnectedError || error.name === 'MongoClientClosedError') return 'closed';
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return 'unavailable';
  const code = Number(error.code);
  if (REFUSED.has(code)) return 'refused';
  if (TOO_LARGE.has(code) || error.message.includes('BSONObj')) return 'too-large';
  const passes = PASSING.has(code) || error.hasErrorLabel('TransientTransactionError');
  return passes || error.hasErrorLabel('UnknownTransactionCommitResult') ? 'unavailable' : 'other';
}

const WORDS: Readonly<Record<MongoFaultKind, (place: string, detail: string) => string>> = {
  unavailable: (place, detail) => `${place} did not answer in time or has no primary (${detail}).`,
  refused: (place, detail) => `${place} refuses this user (${detail}). It needs readWrite on the database.`,
  'too-large': (place, detail) =>
    `${place} cannot hold a document over 16 MiB, nor a transaction that a tenth of its cache cannot hold twice: raise --wiredTigerCacheSizeGB (${detail}).`,
  closed: (place) => `The connection to ${place} is closed.`,
  other: (place, detail) => `${place}: ${detail}`,
};
