import { Type } from 'typebox';
import { Count, fact, Id, Text } from '#kernel';

const webhookId = Id('the webhook');
const internal = { visibility: 'internal' } as const;

export const WebhookSubscribed = fact(
  'WebhookSubscribed',
  'Public facts are sent to an address from now on.',
  {
    webhookId,
    address: Text('where they are sent', 2000),
    aggregates: Type.Optional(
      Type.Array(Type.String(), { description: 'only facts of these aggregates; all topics if left out' }),
    ),
    types: Type.Optional(Type.Array(Type.String(), { description: 'only facts of these types; all public ones if left out' })),
    imported: Type.Optional(
      Type.Boolean({ description: 'whether facts of imported history are sent too; they are not if left out' }),
    ),
    after: Type.Optional(Text('only facts after this position of the log; those recorded later if left out', 40)),
  },
  internal,
);

export const WebhookReplayed = fact(
  'WebhookReplayed',
  'Everything after a position is sent again.',
  { webhookId, after: Type.Optional(Text('position of the log; its beginning if left out', 40)) },
  internal,
);

export const WebhookParked = fact(
  'WebhookParked',
  'Deliveries stopped after too many attempts; they go on where they stopped when somebody says so.',
  {
    webhookId,
    factId: Id('the fact that could not be delivered'),
    attempts: Count('number of attempts'),
    reason: Text('what the last attempt came to', 100),
  },
  internal,
);

export const WebhookResumed = fact('WebhookResumed', 'A parked webhook goes on where it stopped.', { webhookId }, internal);

const stream = Text('the stream, <aggregate>-<tenant>.<id>', 200);

export const WebhookStreamParked = fact(
  'WebhookStreamParked',
  'Facts of one stream wait after too many attempts; those of others are delivered.',
  {
    webhookId,
    stream,
    factId: Id('the fact that could not be delivered'),
    attempts: Count('number of attempts'),
    reason: Text('what the last attempt came to', 100),
  },
  internal,
);

export const WebhookStreamReleased = fact(
  'WebhookStreamReleased',
  'Facts of a parked stream are delivered again, in their order.',
  { webhookId, stream },
  internal,
);

export const WebhookFactSkipped = fact(
  'WebhookFactSkipped',
  'A fact that could not be delivered never will be; those behind it are.',
  {
    webhookId,
    factId: Id('the fact that is not delivered'),
    stream: Type.Optional(Text('the stream that was parked for it; left out where the whole webhook was', 200)),
    reason: Text('why, in the words of who decided it', 500),
  },
  internal,
);

export const WebhookSecretRotated = fact(
  'WebhookSecretRotated',
  'Deliveries are signed with a new secret; for a day with the one before too.',
  { webhookId, secretNumber: Count('number of the new secret, from 1; the key store has what it derives from') },
  internal,
);

export const WebhookUnsubscribed = fact('WebhookUnsubscribed', 'Nothing is sent there any more.', { webhookId }, internal);
