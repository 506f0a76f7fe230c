import { Type } from 'typebox';
import { Choice, Count, Id, MomentField, Text, view } from '#kernel';
import {
  WebhookFactSkipped,
  WebhookParked,
  WebhookReplayed,
  WebhookResumed,
  WebhookSecretRotated,
  WebhookStreamParked,
  WebhookStreamReleased,
  WebhookSubscribed,
  WebhookUnsubscribed,
} from './events.js';

export const webhooks = view({
  name: 'webhooks',
  description: 'Addresses that public facts are sent to, and which of them stopped, since when and why.',
  version: 3,
  capabilities: ['PLT-09'],
  roles: ['admin', 'operator', 'auditor'],
  document: Type.Object({
    webhookId: Id('the webhook'),
    address: Text('where facts are sent', 2000),
    aggregates: Type.Optional(Type.Array(Type.String(), { description: 'only facts of these aggregates' })),
    types: Type.Optional(Type.Array(Type.String(), { description: 'only facts of these types' })),
    status: Choice(['ACTIVE', 'PARKED', 'ENDED'], 'PARKED: somebody has to look at it and resume or replay it'),
    subscribedAt: MomentField('when it was subscribed'),
    replays: Count('number of replays so far'),
    secretRotatedAt: Type.Optional(MomentField('when its secret was last changed')),
    parkedAt: Type.Optional(MomentField('since when it is parked')),
    parkedFact: Type.Optional(Id('the fact that could not be delivered')),
    parkedReason: Type.Optional(Text('what the last attempt came to', 100)),
    streamsParked: Count('number of streams whose facts wait until somebody releases them'),
    parkedStreams: Type.Array(
      Type.Object({
        stream: Text('the stream', 200),
        parkedAt: MomentField('since when its facts wait'),
        factId: Id('the fact that could not be delivered'),
        reason: Text('what the last attempt came to', 100),
      }),
      { description: 'streams whose facts wait while those of others are delivered' },
    ),
    factsSkipped: Count('number of facts that somebody decided never to deliver'),
    lastSkipped: Type.Optional(
      Type.Object(
        {
          factId: Id('the fact'),
          skippedAt: MomentField('when it was decided'),
          skippedBy: Text('opaque id of who decided it', 200),
          reason: Text('why', 500),
        },
        { description: 'the last of them; the stream of the webhook has all' },
      ),
    ),
  }),
  facts: {
    WebhookSubscribed,
    WebhookReplayed,
    WebhookParked,
    WebhookResumed,
    WebhookStreamParked,
    WebhookStreamReleased,
    WebhookFactSkipped,
    WebhookSecretRotated,
    WebhookUnsubscribed,
  },
  key: ({ data }) => data.webhookId,
  initial: (webhookId) => ({
    webhookId,
    address: '',
    status: 'ACTIVE' as const,
    subscribedAt: '',
    replays: 0,
    streamsParked: 0,
    parkedStreams: [],
    factsSkipped: 0,
  }),
  apply: {
    WebhookSubscribed: (entry, { data: { address, aggregates, types }, occurredAt }) => ({
      ...entry,
      address,
      aggregates,
      types,
      subscribedAt: occurredAt,
    }),
    WebhookReplayed: (entry) => ({ ...going(entry), replays: entry.replays + 1 }),
    WebhookParked: (entry, { data: { factId, reason }, occurredAt }) => ({
      ...entry,
      status: 'PARKED' as const,
      parkedAt: occurredAt,
      parkedFact: factId,
      parkedReason: reason,
    }),
    WebhookResumed: (entry) => going(entry),
    WebhookStreamParked: (entry, { data: { stream, factId, reason }, occurredAt }) =>
      withStreams(entry, [...entry.parkedStreams, { stream, parkedAt: occurredAt, factId, reason }]),
    WebhookStreamReleased: (entry, { data: { stream } }) => withoutStream(entry, stream),
    WebhookFactSkipped: (entry, { data: { factId, stream, reason }, occurredAt, actor }) => ({
      ...(stream === undefined ? resumed(entry) : withoutStream(entry, stream)),
      factsSkipped: entry.factsSkipped + 1,
      lastSkipped: { factId, skippedAt: occurredAt, skippedBy: actor.id, reason },
    }),
    WebhookSecretRotated: (entry, { occurredAt }) => ({ ...entry, secretRotatedAt: occurredAt }),
    WebhookUnsubscribed: (entry) => ({ ...entry, status: 'ENDED' as const }),
  },
  filters: ['status', 'address', 'subscribedAt', 'streamsParked'],
  sort: 'subscribedAt',
});

function resumed<E extends { parkedAt?: string; parkedFact?: string; parkedReason?: string }>(entry: E) {
  const { parkedAt: _at, parkedFact: _fact, parkedReason: _reason, ...rest } = entry;
  return { ...rest, status: 'ACTIVE' as const };
}

const going = <E extends Parameters<typeof resumed>[0]>(entry: E) => ({ ...resumed(entry), streamsParked: 0, parkedStreams: [] });

function withStreams<E extends { parkedStreams: unknown[] }>(entry: E, parkedStreams: E['parkedStreams']) {
  return { ...entry, streamsParked: parkedStreams.length, parkedStreams };
}

const withoutStream = <E extends { parkedStreams: { stream: string }[] }>(entry: E, stream: string) =>
  withStreams(
    entry,
    entry.parkedStreams.filter((parked) => parked.stream !== stream),
  );
