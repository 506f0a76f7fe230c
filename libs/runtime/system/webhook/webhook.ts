import { aggregate, type Moment, refuse } from '#kernel';
import {
  ParkWebhook,
  ParkWebhookStream,
  ReleaseWebhookStream,
  ReplayWebhook,
  ResumeWebhook,
  RotateWebhookSecret,
  SubscribeWebhook,
  UnsubscribeWebhook,
} from './commands.js';
import {
  WebhookParked,
  WebhookReplayed,
  WebhookResumed,
  WebhookSecretRotated,
  WebhookStreamParked,
  WebhookStreamReleased,
  WebhookSubscribed,
  WebhookUnsubscribed,
} from './events.js';

export interface Subscription {
  readonly status: 'ACTIVE' | 'PARKED' | 'ENDED';
  readonly address: string;
  readonly aggregates?: readonly string[];
  readonly types?: readonly string[];
  /** Facts of imported history too. */
  readonly imported?: boolean;
  /** Where to begin: of the subscription, or of the last replay. */
  readonly after?: string;
  /** Number of replays: each begins anew at `after`. */
  readonly replays: number;
  readonly secretNumber: number;
  readonly rotatedAt?: Moment;
  /** Streams whose facts wait until somebody releases them; as many as the deliveries set aside at most. */
  readonly parkedStreams: readonly string[];
}

export type Webhook = { readonly status: 'NONE' } | Subscription;

export const webhook = aggregate<Webhook>()({
  name: 'webhook',
  description: 'An address that public facts are sent to.',
  id: 'webhookId',
  stateVersion: 2,
  commands: {
    SubscribeWebhook,
    ReplayWebhook,
    ResumeWebhook,
    ReleaseWebhookStream,
    RotateWebhookSecret,
    UnsubscribeWebhook,
    ParkWebhook,
    ParkWebhookStream,
  },
  facts: {
    WebhookSubscribed,
    WebhookReplayed,
    WebhookParked,
    WebhookResumed,
    WebhookStreamParked,
    WebhookStreamReleased,
    WebhookSecretRotated,
    WebhookUnsubscribed,
  },
  initial: { status: 'NONE' },

  decide: {
    SubscribeWebhook: (command, webhook) => {
      if (webhook.status !== 'NONE') refuse('webhook-exists', 'This webhook was subscribed before.');
      if (!URL.canParse(command.address)) refuse('address-malformed', 'This is no address that something could be sent to.');
      return WebhookSubscribed({ ...command });
    },
    ReplayWebhook: ({ webhookId, after }, webhook) => {
      subscribed(webhook);
      return WebhookReplayed({ webhookId, ...(after !== undefined && { after }) });
    },
    ResumeWebhook: ({ webhookId }, webhook) => {
      const { status, parkedStreams } = subscribed(webhook);
      return status === 'PARKED' || parkedStreams.length > 0 ? WebhookResumed({ webhookId }) : [];
    },
    ReleaseWebhookStream: ({ webhookId, stream }, webhook) => {
      if (!subscribed(webhook).parkedStreams.includes(stream))
        refuse('stream-not-parked', 'No such stream of this webhook is parked; the view webhooks lists those that are.');
      return WebhookStreamReleased({ webhookId, stream });
    },
    RotateWebhookSecret: ({ webhookId }, webhook) =>
      WebhookSecretRotated({ webhookId, secretNumber: subscribed(webhook).secretNumber + 1 }),
    UnsubscribeWebhook: ({ webhookId }, webhook) => {
      if (webhook.status === 'NONE') refuse('webhook-unknown', 'There is no such webhook.');
      return webhook.status === 'ENDED' ? [] : WebhookUnsubscribed({ webhookId });
    },
    ParkWebhook: (command, webhook) => (webhook.status === 'ACTIVE' ? WebhookParked({ ...command }) : []),
    ParkWebhookStream: (command, webhook) =>
      webhook.status === 'ACTIVE' && !webhook.parkedStreams.includes(command.stream) ? WebhookStreamParked({ ...command }) : [],
  },

  evolve: {
    WebhookSubscribed: (_, { address, aggregates, types, imported, after }) => ({
      status: 'ACTIVE',
      address,
      aggregates,
      types,
      imported,
      after,
      replays: 0,
      secretNumber: 0,
      parkedStreams: [],
    }),
    WebhookReplayed: (webhook, { after }) => ({
      ...known(webhook),
      status: 'ACTIVE',
      after,
      replays: known(webhook).replays + 1,
      parkedStreams: [],
    }),
    WebhookParked: (webhook) => ({ ...known(webhook), status: 'PARKED' }),
    WebhookResumed: (webhook) => ({ ...known(webhook), status: 'ACTIVE', parkedStreams: [] }),
    WebhookStreamParked: (webhook, { stream }) => ({
      ...known(webhook),
      parkedStreams: [...known(webhook).parkedStreams, stream],
    }),
    WebhookStreamReleased: (webhook, { stream }) => ({
      ...known(webhook),
      parkedStreams: known(webhook).parkedStreams.filter((parked) => parked !== stream),
    }),
    WebhookSecretRotated: (webhook, { secretNumber }, { occurredAt }) => ({
      ...known(webhook),
      secretNumber,
      rotatedAt: occurredAt,
    }),
    WebhookUnsubscribed: (webhook) => ({ ...known(webhook), status: 'ENDED' }),
  },
});

function known(webhook: Webhook): Subscription {
  return webhook.status === 'NONE' ? refuse('webhook-unknown', 'There is no such webhook.') : webhook;
}

function subscribed(webhook: Webhook): Subscription {
  const subscription = known(webhook);
  return subscription.status === 'ENDED'
    ? refuse('webhook-ended', 'Nothing is sent there any more; subscribe anew.')
    : subscription;
}
