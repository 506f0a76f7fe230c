import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import {
  status as codes,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleUnaryCall,
  Metadata,
} from '@grpc/grpc-js';
import type { Message } from 'google-protobuf';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import { type Expected, LAST_REVISION, type Proposed, type Store, systemEvent, type WriteResult } from './store.js';

/** E54: the bytes of data of one append together. */
const MAX_APPEND = 1_048_576;
/** E53: the server's own limit, whatever the caller allows. */
const WRITE_TIMEOUT = 2_000;
const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;
const NO_UUID = '00000000-0000-0000-0000-000000000000';

type Outcome = WriteResult | { readonly kind: 'timeout' | 'too-large' | 'bad-request' | 'not-ready' };

export function appendCalls(store: Store, isReady: () => boolean) {
  const decide = async (stream: string, expected: Expected, events: readonly Proposed[]): Promise<Outcome> => {
    if (stream === '' || events.some(isBad)) return { kind: 'bad-request' };
    const size = events.reduce((sum, { data }) => sum + data.length, 0);
    if (size > MAX_APPEND) return { kind: 'too-large' };
    return store.append(stream, expected, events);
  };

  const batchAppend: handleBidiStreamingCall<BatchAppendReq, BatchAppendResp> = (call) => {
    const parts = new Map<string, { options: BatchAppendReq.Options; events: Proposed[] }>();
    call.on('end', () => call.end());
    call.on('error', () => parts.clear());
    call.on('data', (request: BatchAppendReq) => {
      const correlation = textOf(request.getCorrelationId());
      const options = request.getOptions();
      if (options) parts.set(correlation, { options, events: [] });
      const part = parts.get(correlation);
      if (!part) return;
      part.events.push(...request.getProposedMessagesList().map(proposed));
      if (!request.getIsFinal()) return;
      parts.delete(correlation);
      const stream = nameOf(part.options.getStreamIdentifier());
      const answer = (outcome: Outcome) => {
        if (!call.cancelled && !call.writableEnded) call.write(batchAnswer(correlation, stream, outcome));
      };
      if (!isReady()) return answer({ kind: 'not-ready' });
      const allowed = part.options.getDeadline()?.toDate().getTime() ?? Number.POSITIVE_INFINITY;
      const limit = Math.min(WRITE_TIMEOUT, allowed - Date.now());
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        answer({ kind: 'timeout' });
      }, limit);
      void decide(stream, batchExpected(part.options), part.events).then((outcome) => {
        // E11: the write is forgotten, only the timeout answers.
        if (late || outcome.kind === 'dropped') return;
        answer(outcome);
        // E56: after a bad event there is a second answer, when the time is over; after an empty stream name there is none.
        if (outcome.kind !== 'bad-request' || stream === '') clearTimeout(timer);
      });
    });
  };

  const append: handleClientStreamingCall<AppendReq, AppendResp> = (call, callback) => {
    let options: AppendReq.Options | undefined;
    const events: Proposed[] = [];
    call.on('error', () => {});
    call.on('data', (request: AppendReq) => {
      options = request.getOptions() ?? options;
      const message = request.getProposedMessage();
      if (message) events.push(proposed(message));
    });
    call.on('end', async () => {
      const stream = nameOf(options?.getStreamIdentifier());
      const expected: Expected = options?.hasRevision()
        ? Number(options.getRevision())
        : options?.hasNoStream()
          ? 'no_stream'
          : options?.hasStreamExists()
            ? 'stream_exists'
            : 'any';
      const outcome = isReady() ? await decide(stream, expected, events) : ({ kind: 'not-ready' } as const);
      const answer = new streams.AppendResp();
      switch (outcome.kind) {
        case 'written': {
          const { revision, position } = outcome;
          const place = new streams.AppendResp.Position()
            .setCommitPosition(String(position))
            .setPreparePosition(String(position));
          return callback(
            null,
            answer.setSuccess(new streams.AppendResp.Success().setCurrentRevision(String(revision)).setPosition(place)),
          );
        }
        case 'conflict': {
          const wrong = new streams.AppendResp.WrongExpectedVersion();
          if (outcome.actual >= 0) wrong.setCurrentRevision(String(outcome.actual));
          else wrong.setCurrentNoStream(new shared.Empty());
          if (typeof expected === 'number') wrong.setExpectedRevision(String(expected));
          else if (expected === 'no_stream') wrong.setExpectedNoStream(new shared.Empty());
          else if (expected === 'stream_exists') wrong.setExpectedStreamExists(new shared.Empty());
          else wrong.setExpectedAny(new shared.Empty());
          return callback(null, answer.setWrongExpectedVersion(wrong));
        }
        // E13: on this path these errors have a code and a message.
        case 'too-large':
          return callback(
            failure(codes.INVALID_ARGUMENT, `Maximum Append Size of ${MAX_APPEND} Exceeded.`, 'maximum-append-size-exceeded', {
              'maximum-append-size': String(MAX_APPEND),
            }),
          );
        case 'deleted':
          return callback(deleted(stream));
        case 'bad-request':
          return callback(failure(codes.INVALID_ARGUMENT, 'BadRequest'));
        case 'not-ready':
          return callback(failure(codes.UNAVAILABLE, 'Server Is Not Ready'));
        default:
          setTimeout(() => callback(failure(codes.DEADLINE_EXCEEDED, 'Timeout')), WRITE_TIMEOUT);
      }
    });
  };

  const remove: handleUnaryCall<DeleteReq, DeleteResp> = async (call, callback) => {
    const options = call.request.getOptions();
    const stream = nameOf(options?.getStreamIdentifier());
    const refusal = refusedDelete(store, stream, options);
    if (refusal) return callback(refusal);
    // E28: a soft delete is a cut in the stream's metadata.
    const data = Buffer.from(`{"$tb":${LAST_REVISION}}`);
    const written = await store.append(`$$${stream}`, 'any', [{ ...systemEvent('$metadata'), data }]);
    const position = String(written.kind === 'written' ? written.position : 0);
    const place = new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position);
    callback(null, new streams.DeleteResp().setPosition(place));
  };

  const tombstone: handleUnaryCall<TombstoneReq, TombstoneResp> = async (call, callback) => {
    const options = call.request.getOptions();
    const stream = nameOf(options?.getStreamIdentifier());
    const refusal = refusedDelete(store, stream, options);
    if (refusal) return callback(refusal);
    const position = String(await store.tombstone(stream));
    const place = new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position);
    callback(null, new streams.TombstoneResp().setPosition(place));
  };

  return { batchAppend, append, delete: remove, tombstone };
}

const isBad = ({ id, type }: Proposed) => !UUID.test(id) || id === NO_UUID || type === '';

/** E4: revisions are numbers here, -2 for any and -1 for none, and a missing stream is a conflict even with any. */
function refusedDelete(store: Store, stream: string, options: DeleteReq.Options | TombstoneReq.Options | undefined) {
  if (store.isTombstoned(stream)) return deleted(stream);
  const head = store.headOf(stream);
  const expected = options?.hasRevision() ? Number(options.getRevision()) : options?.hasNoStream() ? -1 : -2;
  if (head >= 0 && (expected === -2 || expected === head)) return undefined;
  return failure(codes.FAILED_PRECONDITION, 'Append failed due to WrongExpectedVersion.', 'wrong-expected-version', {
    'stream-name': stream,
    'expected-version': String(expected),
    'actual-version': String(head),
  });
}

/** E29 */
export const deleted = (stream: string) =>
  failure(codes.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, 'stream-deleted', { 'stream-name': stream });

export function failure(code: number, details: string, exception?: string, more: Record<string, string> = {}) {
  const metadata = new Metadata();
  if (exception !== undefined) metadata.set('exception', exception);
  for (const [name, value] of Object.entries(more)) metadata.set(name, encodeURIComponent(value));
  return Object.assign(new Error(details), { code, details, metadata });
}

function proposed(message: BatchAppendReq.ProposedMessage | AppendReq.ProposedMessage): Proposed {
  const properties = message.getMetadataMap();
  const contentType = properties.get('content-type') ?? '';
  // E59: of a content type it does not know, the server keeps no data.
  const isKnown = contentType === 'application/json' || contentType === 'application/octet-stream';
  return {
    // E58
    id: textOf(message.getId()).toLowerCase(),
    type: properties.get('type') ?? '',
    contentType,
    data: isKnown ? Buffer.from(message.getData_asU8()) : Buffer.alloc(0),
    metadata: Buffer.from(message.getCustomMetadata_asU8()),
  };
}

function batchExpected(options: BatchAppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasStreamPosition() ? Number(options.getStreamPosition()) : 'any';
}

function batchAnswer(correlation: string, stream: string, outcome: Outcome): BatchAppendResp {
  const answer = new streams.BatchAppendResp()
    .setCorrelationId(structured(correlation))
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)));
  if (outcome.kind === 'written') {
    const { revision, position } = outcome;
    // E17
    const place = new shared.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position));
    return answer.setSuccess(new streams.BatchAppendResp.Success().setCurrentRevision(String(revision)).setPosition(place));
  }
  const status = (code: number, message: string, type: string, details: Message) => {
    const packed = new any.Any();
    packed.pack(details.serializeBinary(), `event_store.client.${type}`);
    return answer.setError(new statuses.Status().setCode(code).setMessage(message).setDetails(packed));
  };
  switch (outcome.kind) {
    case 'conflict': {
      const wrong = new shared.WrongExpectedVersion();
      if (outcome.actual >= 0) wrong.setCurrentStreamRevision(String(outcome.actual));
      return status(codes.FAILED_PRECONDITION, 'WrongExpectedVersion', 'WrongExpectedVersion', wrong);
    }
    case 'deleted': {
      const name = new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
      return status(
        codes.FAILED_PRECONDITION,
        'StreamDeleted',
        'StreamDeleted',
        new shared.StreamDeleted().setStreamIdentifier(name),
      );
    }
    case 'too-large': {
      const limit = new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND);
      return status(codes.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', 'MaximumAppendSizeExceeded', limit);
    }
    // E56
    case 'bad-request':
      return status(codes.INVALID_ARGUMENT, 'BadRequest', 'BadRequest', new shared.BadRequest());
    // E50
    case 'not-ready':
      return status(codes.UNAVAILABLE, 'Server Is Not Ready', 'ServerNotReady', new shared.Empty());
    default:
      return status(codes.DEADLINE_EXCEEDED, 'Timeout', 'Timeout', new shared.Timeout());
  }
}

export const nameOf = (identifier: { getStreamName_asU8(): Uint8Array } | undefined) =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString();

type Uuid = InstanceType<typeof shared.UUID>;

function textOf(uuid: Uuid | undefined): string {
  const parts = uuid?.getStructured();
  if (!parts) return uuid?.getString() ?? '';
  const hex = [parts.getMostSignificantBits(), parts.getLeastSignificantBits()]
    .map((bits) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The two halves as signed numbers. */
function structured(id: string): Uuid {
  const hex = id.replaceAll('-', '');
  const half = (from: number) => String(BigInt.asIntN(64, BigInt(`0x${hex.slice(from, from + 16)}`)));
  const parts = new shared.UUID.Structured().setMostSignificantBits(half(0)).setLeastSignificantBits(half(16));
  return new shared.UUID().setStructured(parts);
}
