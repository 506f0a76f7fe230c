import { aggregate, type Moment, refuse } from '#kernel';
import {
  ParkWebhook,
  ParkWebhookStream,
  ReleaseWebhookStream,
  ReplayWebhook,
  ResumeWebhook,
  RotateWebhookSecret,
  SkipWebhookFact,
  SubscribeWebhook,
  UnsubscribeWebhook,
} from './commands.js';
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
  readonly parkedStreams: readonly ParkedStream[];
  /** The fact that the whole of it is parked for. */
  readonly parkedFor?: string;
  /** Facts never to be delivered, while deliveries may still stand at them. */
  readonly skipped: readonly string[];
}

export interface ParkedStream {
  readonly stream: string;
  /** The fact that could not be delivered. */
  readonly factId: string;
}

/**
 * Streams that deliveries set aside at a time: what is remembered of a receiver that refuses much is bounded. A fact can be skipped
 * where deliveries stand at it, so as many skipped ones, and one for the webhook as a whole, are enough to remember.
 */
export const MOST_ASIDE = 100;

export type Webhook = { readonly status: 'NONE' } | Subscription;

export const webhook = aggregate<Webhook>()({
  name: 'webhook',
  description: 'An address that public facts are sent to.',
  id: 'webhookId',
  stateVersion: 3,
  commands: {
    SubscribeWebhook,
    ReplayWebhook,
    ResumeWebhook,
    ReleaseWebhookStream,
    SkipWebhookFact,
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
    WebhookFactSkipped,
    WebhookSecretRotated,
    WebhookUnsubscribed,
  },
  initial: { status: 'NONE' },

  decide: {
    SubscribeWebhook: (command, webhook) => {
      if (webhook.status !== 'NONE')
        refuse('webhook-exists', 'A webhook with this id was subscribed before; take another id for another one.', 'webhookId');
      if (!URL.canParse(command.address))
        refuse('address-malformed', 'Nothing can be sent to this address; name an https:// address.', 'address');
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
      if (!isParked(subscribed(webhook), stream))
        refuse('stream-not-parked', 'No such stream of this webhook is parked; the view webhooks lists those that are.');
      return WebhookStreamReleased({ webhookId, stream });
    },
    SkipWebhookFact: ({ webhookId, factId, reason }, webhook) => {
      const { status, parkedStreams, parkedFor } = subscribed(webhook);
      const parked = parkedStreams.find((stream) => stream.factId === factId);
      if (!parked && (status !== 'PARKED' || parkedFor !== factId))
        refuse('fact-not-parked', 'Nothing is parked for this fact; the view webhooks names those that something is parked for.');
      return WebhookFactSkipped({ webhookId, factId, reason, ...(parked && { stream: parked.stream }) });
    },
    RotateWebhookSecret: ({ webhookId }, webhook) =>
      WebhookSecretRotated({ webhookId, secretNumber: subscribed(webhook).secretNumber + 1 }),
    UnsubscribeWebhook: ({ webhookId }, webhook) => {
      if (webhook.status === 'NONE')
        refuse('webhook-unknown', 'There is no such webhook; the view webhooks lists those that are.', 'webhookId');
      return webhook.status === 'ENDED' ? [] : WebhookUnsubscribed({ webhookId });
    },
    ParkWebhook: (command, webhook) => (webhook.status === 'ACTIVE' ? WebhookParked({ ...command }) : []),
    ParkWebhookStream: (command, webhook) =>
      webhook.status === 'ACTIVE' && !isParked(webhook, command.stream) ? WebhookStreamParked({ ...command }) : [],
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
      skipped: [],
    }),
    WebhookReplayed: (webhook, { after }) => ({
      ...known(webhook),
      status: 'ACTIVE',
      after,
      replays: known(webhook).replays + 1,
      parkedStreams: [],
      skipped: [],
    }),
    WebhookParked: (webhook, { factId }) => ({ ...known(webhook), status: 'PARKED', parkedFor: factId }),
    WebhookResumed: (webhook) => ({ ...known(webhook), status: 'ACTIVE', parkedStreams: [] }),
    WebhookStreamParked: (webhook, { stream, factId }) => ({
      ...known(webhook),
      parkedStreams: [...known(webhook).parkedStreams, { stream, factId }],
    }),
    WebhookStreamReleased: (webhook, { stream }) => ({ ...known(webhook), parkedStreams: without(webhook, stream) }),
    WebhookFactSkipped: (webhook, { factId, stream }) => ({
      ...known(webhook),
      skipped: [...known(webhook).skipped, factId].slice(-(MOST_ASIDE + 1)),
      // a webhook as a whole goes on by this alone; one stream of it does not wake the others
      ...(stream === undefined ? { status: 'ACTIVE' } : { parkedStreams: without(webhook, stream) }),
    }),
    WebhookSecretRotated: (webhook, { secretNumber }, { occurredAt }) => ({
      ...known(webhook),
      secretNumber,
      rotatedAt: occurredAt,
    }),
    WebhookUnsubscribed: (webhook) => ({ ...known(webhook), status: 'ENDED' }),
  },
});

const isParked = ({ parkedStreams }: Subscription, stream: string) => parkedStreams.some((parked) => parked.stream === stream);
const without = (webhook: Webhook, stream: string) => known(webhook).parkedStreams.filter((parked) => parked.stream !== stream);

function known(webhook: Webhook): Subscription {
  return webhook.status === 'NONE'
    ? refuse('webhook-unknown', 'There is no such webhook; the view webhooks lists those that are.', 'webhookId')
    : webhook;
}

function subscribed(webhook: Webhook): Subscription {
  const subscription = known(webhook);
  return subscription.status === 'ENDED'
    ? refuse('webhook-ended', 'Nothing is sent there any more; subscribe anew.')
    : subscription;
}
