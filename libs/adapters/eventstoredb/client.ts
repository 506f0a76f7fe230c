import { EventStoreDBClient } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsRpc, { type StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { BatchAppendResp as BatchAppendAnswer, ReadResp as ReadAnswer } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import timestamps from 'google-protobuf/google/protobuf/timestamp_pb.js';
import {
  type AppendOutcome,
  type AppendRequest,
  type FailureKind,
  type ReadQuery,
  type StoreConnection,
  type StoreEvent,
  StoreFailure,
  type StreamFilter,
} from './store.js';

/**
 * The only file that knows @eventstore/db-client. Of it we take the connection (connection string, discovery, TLS,
 * credentials, keep-alive) and the generated protocol; appends, reads and subscriptions are calls of our own on that
 * protocol, because the client's own append path can hang every append of a process (E15, E52, E55, E56, E70, E72) and its
 * reads give parsed JSON where bytes are promised. See docs/adr/0030-eventstoredb-client.md.
 */

/** What the client keeps to itself: its channel, and what it puts on each call (credentials, connection name). */
interface Inside {
  getGRPCClient(client: typeof StreamsClient, name: string): Promise<StreamsClient>;
  getChannel(): Promise<{ close(): void }>;
  callArguments(base: { requiresLeader: boolean }, call: { deadline: number }): Parameters<StreamsClient['batchAppend']>;
}

/** Throws StoreFailure when no node can be found in time, and what the client says of a malformed connection string. */
export async function connectEventStore(connection: string, deadline: number): Promise<StoreConnection> {
  const client = EventStoreDBClient.connectionString(connection);
  const inside = client as unknown as Inside;
  const rpc = await inTime(inside.getGRPCClient(streamsRpc.StreamsClient, 'annals'), deadline);
  // Where a cluster elects another leader, the old one refuses: it would answer reads from a state of before (assumed, not measured).
  const [metadata, options] = inside.callArguments({ requiresLeader: true }, { deadline: Number.POSITIVE_INFINITY }) as Required<
    Parameters<StreamsClient['batchAppend']>
  >;

  return {
    appends(on) {
      const call = rpc.batchAppend(metadata, options);
      let over = false;
      const end = (failure: StoreFailure) => {
        if (over) return;
        over = true;
        on.ended(failure);
      };
      call.on('data', (answer: BatchAppendAnswer) => {
        // A second answer to the same request is possible (E56): whoever counts requests must not mind.
        if (!over) on.answered(uuidText(answer.getCorrelationId()), outcomeOf(answer));
      });
      call.on('drain', on.drained);
      call.on('error', (error) => end(failureOf(error)));
      call.on('end', () => end(new StoreFailure('dropped', 'EventStoreDB ended the stream of appends.')));
      return { write: (request) => call.write(appendMessage(request)), end: () => call.end(), cancel: () => call.cancel() };
    },

    read(query) {
      return new Promise((resolve, reject) => {
        const events: StoreEvent[] = [];
        const call = rpc.read(readMessage(query), metadata, options);
        const silence = setTimeout(() => {
          reject(new StoreFailure('dropped', `EventStoreDB did not answer a read in ${query.deadline} ms.`));
          call.cancel();
        }, query.deadline);
        call.on('data', (answer: ReadAnswer) => {
          silence.refresh();
          const event = answer.getEvent()?.getEvent();
          if (event) events.push(storeEvent(event));
        });
        call.on('error', (error) => {
          clearTimeout(silence);
          reject(failureOf(error));
        });
        call.on('end', () => {
          clearTimeout(silence);
          resolve(events);
        });
      });
    },

    subscribe(after, filter, on) {
      const call = rpc.read(subscribeMessage(after, filter), metadata, options);
      let over = false;
      const end = (failure: StoreFailure) => {
        if (over) return;
        over = true;
        on.ended(failure);
      };
      call.on('data', (answer: ReadAnswer) => {
        if (over) return;
        const event = answer.getEvent()?.getEvent();
        if (event) on.event(storeEvent(event));
        else if (answer.hasConfirmation()) on.confirmed();
      });
      call.on('error', (error) => end(failureOf(error)));
      call.on('end', () => end(new StoreFailure('dropped', 'EventStoreDB ended the subscription.')));
      return () => {
        over = true;
        call.cancel();
      };
    },

    async close() {
      (await inside.getChannel()).close();
    },
  };
}

function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new StoreFailure('unreachable', `No node of EventStoreDB answered in ${milliseconds} ms.`));
    const timer = setTimeout(late, milliseconds);
    work
      .then(resolve, (error) => reject(new StoreFailure('unreachable', (error as Error).message, error)))
      .finally(() => clearTimeout(timer));
  });
}

function appendMessage({ correlationId, stream, expected, events, deadline }: AppendRequest) {
  const options = new streams.BatchAppendReq.Options().setStreamIdentifier(streamIdentifier(stream));
  if (expected < 0) options.setNoStream(new shared.Empty());
  else options.setStreamPosition(String(expected));
  options.setDeadline(timestamps.Timestamp.fromDate(new Date(Date.now() + deadline)));
  const messages = events.map((event) => {
    const message = new streams.BatchAppendReq.ProposedMessage();
    message.setId(new shared.UUID().setString(event.id)).setData(event.data).setCustomMetadata(event.metadata);
    message.getMetadataMap().set('type', event.type).set('content-type', 'application/json');
    return message;
  });
  return new streams.BatchAppendReq()
    .setCorrelationId(new shared.UUID().setString(correlationId))
    .setOptions(options)
    .setProposedMessagesList(messages)
    .setIsFinal(true);
}

function readMessage(query: ReadQuery) {
  const options = new streams.ReadReq.Options().setCount(String(query.count)).setReadDirection(query.backwards ? 1 : 0);
  if ('stream' in query) {
    const from = new streams.ReadReq.Options.StreamOptions().setStreamIdentifier(streamIdentifier(query.stream));
    if (query.from === 'end') from.setEnd(new shared.Empty());
    else from.setRevision(String(query.from));
    options.setStream(from).setNoFilter(new shared.Empty());
  } else {
    // The client's own readAll ignores a filter (E24); the server honours it.
    options.setAll(allFrom(query.from)).setFilter(filterMessage(query.all).setMax(FILTER_WINDOW));
  }
  return inTextIds(options);
}

/** The server looks at so many records at a time when it filters; by default it is 32 (E36). */
const FILTER_WINDOW = 1_000;

function subscribeMessage(after: number | 'start' | 'end', filter: StreamFilter) {
  const options = new streams.ReadReq.Options()
    .setAll(allFrom(after))
    .setSubscription(new streams.ReadReq.Options.SubscriptionOptions())
    .setFilter(filterMessage(filter).setMax(FILTER_WINDOW).setCheckpointintervalmultiplier(100));
  return inTextIds(options);
}

function inTextIds(options: InstanceType<typeof streams.ReadReq.Options>) {
  const uuids = new streams.ReadReq.Options.UUIDOption().setString(new shared.Empty());
  return new streams.ReadReq().setOptions(options.setResolveLinks(false).setUuidOption(uuids));
}

function allFrom(from: number | 'start' | 'end') {
  const options = new streams.ReadReq.Options.AllOptions();
  if (from === 'start') return options.setStart(new shared.Empty());
  if (from === 'end') return options.setEnd(new shared.Empty());
  const position = new streams.ReadReq.Options.Position().setCommitPosition(String(from)).setPreparePosition(String(from));
  return options.setPosition(position);
}

function filterMessage(filter: StreamFilter) {
  const expression = new streams.ReadReq.Options.FilterOptions.Expression();
  if ('prefix' in filter) expression.setPrefixList([filter.prefix]);
  else expression.setRegex(filter.regex);
  return new streams.ReadReq.Options.FilterOptions().setStreamIdentifier(expression).setCheckpointintervalmultiplier(1);
}

const streamIdentifier = (name: string) => new shared.StreamIdentifier().setStreamName(Buffer.from(name));

type Recorded = NonNullable<ReturnType<NonNullable<ReturnType<ReadAnswer['getEvent']>>['getEvent']>>;

function storeEvent(event: Recorded): StoreEvent {
  const properties = event.getMetadataMap();
  return {
    id: uuidText(event.getId()),
    stream: bytes(event.getStreamIdentifier()?.getStreamName_asU8()).toString(),
    type: properties.get('type') ?? '',
    revision: Number(event.getStreamRevision()),
    offset: Number(event.getCommitPosition()),
    data: bytes(event.getData_asU8()),
    metadata: bytes(event.getCustomMetadata_asU8()),
    json: properties.get('content-type') === 'application/json',
    // Ticks of 100 nanoseconds since 1970.
    created: new Date(Number(BigInt(properties.get('created') ?? '0') / 10_000n)).toISOString(),
  };
}

const bytes = (given: Uint8Array = new Uint8Array()) => Buffer.from(given.buffer, given.byteOffset, given.byteLength);

function uuidText(uuid: InstanceType<typeof shared.UUID> | undefined): string {
  const structured = uuid?.getStructured();
  if (!structured) return uuid?.getString() ?? '';
  const hex = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()]
    .map((bits) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0'))
    .join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function outcomeOf(answer: BatchAppendAnswer): AppendOutcome {
  const success = answer.getSuccess();
  if (success) {
    const position = success.getPosition();
    if (!position) return { kind: 'unknown', reason: 'The answer has no position.' };
    return { kind: 'written', revision: Number(success.getCurrentRevision()), offset: Number(position.getCommitPosition()) };
  }
  const status = answer.getError();
  const details = status?.getDetails();
  const reason = status?.getMessage() ?? '';
  switch (details?.getTypeName()) {
    case 'event_store.client.WrongExpectedVersion': {
      const wrong = details.unpack(shared.WrongExpectedVersion.deserializeBinary, 'event_store.client.WrongExpectedVersion');
      // E2: without a current revision there is no such stream.
      return { kind: 'conflict', actual: wrong?.hasCurrentStreamRevision() ? Number(wrong.getCurrentStreamRevision()) : -1 };
    }
    case 'event_store.client.MaximumAppendSizeExceeded':
      return { kind: 'too-large' };
    case 'event_store.client.StreamDeleted':
      return { kind: 'unavailable', reason: 'The stream was deleted from EventStoreDB.' };
    case 'event_store.client.AccessDenied':
      return { kind: 'unavailable', reason: 'EventStoreDB denies access; check the credentials and the rights of the stream.' };
    case 'event_store.client.BadRequest':
      return { kind: 'refused', reason };
  }
  // E50: while it starts, the server says so; nothing was written.
  if (/not ready/i.test(reason)) return { kind: 'unavailable', reason };
  if (/bad ?request/i.test(reason)) return { kind: 'refused', reason };
  return { kind: 'unknown', reason: reason || 'EventStoreDB gave no reason.' };
}

const UNREACHABLE = /No connection established|ECONNREFUSED|Failed to connect|Name resolution failed|EHOSTUNREACH/;

function failureOf(error: Error): StoreFailure {
  const { code, details, metadata } = error as { code?: number; details?: string; metadata?: { get(name: string): unknown[] } };
  const exception = String(metadata?.get('exception')[0] ?? '');
  const text = details || error.message;
  const kind = (): FailureKind => {
    if (exception === 'not-leader') return 'not-leader';
    if (exception === 'stream-deleted') return 'deleted';
    if (exception === 'access-denied' || code === 7 || code === 16) return 'denied';
    if (code === 2) return 'no-record';
    if (code === 14 && UNREACHABLE.test(text)) return 'unreachable';
    return code === 1 || code === 4 || code === 10 || code === 13 || code === 14 ? 'dropped' : 'failed';
  };
  return new StoreFailure(kind(), `EventStoreDB: ${text}`, error);
}
