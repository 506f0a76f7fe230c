import gossipRpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import featuresRpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsRpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import { appendCalls } from './appends.js';
import { readCalls } from './reads.js';
import { Store } from './store.js';

export interface StandInOptions {
  readonly folder: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Milliseconds after the port opens in which appends are answered 'Server Is Not Ready' (E50). */
  readonly warmUp: number;
  /** Live events that may wait for a subscriber before it is dropped (E38). */
  readonly liveBuffer: number;
}

/** E55: one message may hold so much; a larger one ends its stream. */
const MAX_MESSAGE = 16 * 1_048_576;
const VERSION = '23.10.8';

/** Returns the port and how to end at once. */
export async function serveStandIn(options: StandInOptions): Promise<{ port: number; end(): void }> {
  const store = await Store.open(options.folder);
  const server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE, 'grpc.max_send_message_length': -1 });
  const ready = { at: Number.POSITIVE_INFINITY };
  server.addService(streamsRpc.StreamsService, {
    ...appendCalls(store, () => Date.now() >= ready.at),
    ...readCalls(store, options.liveBuffer),
  });

  const getSupportedMethods: handleUnaryCall<Empty, SupportedMethods> = (_, callback) => {
    const methods = ['read', 'append', 'batchappend', 'delete', 'tombstone'].map((name) =>
      new features.SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name),
    );
    callback(null, new features.SupportedMethods().setMethodsList(methods).setEventStoreServerVersion(VERSION));
  };
  server.addService(featuresRpc.ServerFeaturesService, { getSupportedMethods });

  const port = await new Promise<number>((resolve, reject) => {
    const address = `127.0.0.1:${options.port}`;
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  ready.at = Date.now() + options.warmUp;

  // E75: discovery with a single node.
  const read: handleUnaryCall<Empty, ClusterInfo> = (_, callback) => {
    const member = new gossip.MemberInfo()
      .setInstanceId(new shared.UUID().setString('11111111-1111-4111-8111-111111111111'))
      .setState(gossip.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(port));
    callback(null, new gossip.ClusterInfo().setMembersList([member]));
  };
  server.addService(gossipRpc.GossipService, { read });
  return { port, end: () => server.forceShutdown() };
}
