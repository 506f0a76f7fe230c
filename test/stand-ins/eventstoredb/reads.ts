import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { status as codes, type handleServerStreamingCall } from '@grpc/grpc-js';
import { deleted, failure, nameOf } from './appends.js';
import { eventMessage, type ReadCall } from './messages.js';
import type { Recorded, Store } from './store.js';
import { subscribe } from './subscriptions.js';

type Options = NonNullable<ReturnType<ReadReq['getOptions']>>;

export function readCalls(store: Store, liveBuffer: number): { read: handleServerStreamingCall<ReadReq, ReadResp> } {
  return {
    read: (call) => {
      const options = call.request.getOptions();
      if (!options) return fail(call, codes.INVALID_ARGUMENT, 'No options.');
      const filter = filterOf(options);
      // E35
      if (filter === undefined) return fail(call, codes.UNKNOWN, 'Exception was thrown by handler.');
      if (options.hasSubscription()) return subscribe(call, store, options, filter, liveBuffer);
      const backwards = options.getReadDirection() === 1;
      const count = Number(options.getCount());
      // E27
      if (count === 0) return fail(call, codes.UNKNOWN, 'Exception was thrown by handler.');
      const records = options.getAll() ? all(call, store, options, backwards) : ofStream(call, store, options, backwards);
      if (records) void send(call, take(records, filter, count));
    },
  };
}

const fail = (call: ReadCall, code: number, details: string) => void call.emit('error', failure(code, details));

function* take(records: Iterable<Recorded>, filter: (record: Recorded) => boolean, count: number): Iterable<Recorded> {
  let left = count;
  for (const record of records) {
    if (!filter(record)) continue;
    yield record;
    left -= 1;
    if (left === 0) return;
  }
}

async function send(call: ReadCall, records: Iterable<Recorded>): Promise<void> {
  for (const record of records) {
    if (call.cancelled) return;
    if (!call.write(eventMessage(record))) await new Promise((resolve) => call.once('drain', resolve));
  }
  call.end();
}

function all(call: ReadCall, store: Store, options: Options, backwards: boolean): Iterable<Recorded> | undefined {
  const from = options.getAll();
  const log = store.log;
  if (from?.hasStart()) return backwards ? [] : walk(log, 0, 1);
  if (from?.hasEnd()) return backwards ? walk(log, log.length - 1, -1) : [];
  const position = Number(from?.getPosition()?.getCommitPosition());
  const index = store.indexOf(position);
  if (index === undefined) {
    // E22: beyond the end there is nothing, and nobody is told.
    if (position > (log.at(-1)?.position ?? 0)) return backwards ? walk(log, log.length - 1, -1) : [];
    // E21
    fail(call, codes.UNKNOWN, 'Unexpected ReadAllResult: Error');
    return undefined;
  }
  // E20: forwards with the event at the position, backwards without.
  return backwards ? walk(log, index - 1, -1) : walk(log, index, 1);
}

function* walk(records: readonly Recorded[], from: number, step: 1 | -1): Iterable<Recorded> {
  // As far as the log reaches now.
  const end = step === 1 ? records.length : -1;
  for (let index = from; index !== end && index >= 0 && index < records.length; index += step) yield records[index] as Recorded;
}

function ofStream(call: ReadCall, store: Store, options: Options, backwards: boolean): Iterable<Recorded> | undefined {
  const from = options.getStream();
  const name = nameOf(from?.getStreamIdentifier());
  if (store.isTombstoned(name)) {
    call.emit('error', deleted(name));
    return undefined;
  }
  const records = store.stream(name);
  // E26, E28
  if (records.length === 0 || store.isSoftDeleted(name)) {
    const missing = new streams.ReadResp.StreamNotFound().setStreamIdentifier(
      new shared.StreamIdentifier().setStreamName(Buffer.from(name)),
    );
    call.write(new streams.ReadResp().setStreamNotFound(missing));
    call.end();
    return undefined;
  }
  // E30: cut off when it is read; the events are there until a scavenge.
  const { truncateBefore, maxCount, maxAge } = store.settings(name);
  const first = Math.max(Number(truncateBefore), records.length - maxCount, 0);
  const shown = (record: Recorded) => Number(record.revision) >= first && Date.now() - record.created <= maxAge * 1_000;
  const last = records.length - 1;
  // E27: from beyond the head there is nothing forwards, and the head backwards.
  const start = from?.hasRevision() ? Number(from.getRevision()) : from?.hasEnd() ? (backwards ? last : last + 1) : 0;
  return filtered(backwards ? walk(records, Math.min(start, last), -1) : start > last ? [] : walk(records, start, 1), shown);
}

function* filtered(records: Iterable<Recorded>, shown: (record: Recorded) => boolean): Iterable<Recorded> {
  for (const record of records) if (shown(record)) yield record;
}

/** Undefined for a pattern that is none. */
function filterOf(options: Options): ((record: Recorded) => boolean) | undefined {
  const filter = options.getFilter();
  if (!filter) return () => true;
  const expression = filter.getStreamIdentifier() ?? filter.getEventType();
  const text = filter.hasStreamIdentifier() ? (record: Recorded) => record.stream : (record: Recorded) => record.type;
  const prefixes = expression?.getPrefixList() ?? [];
  if (prefixes.length > 0) return (record) => prefixes.some((prefix) => text(record).startsWith(prefix));
  try {
    const pattern = new RegExp(expression?.getRegex() ?? '', 'u');
    return (record) => pattern.test(text(record));
  } catch {
    return undefined;
  }
}
