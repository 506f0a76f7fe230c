import type { Recorded } from '#kernel';
import type { Clock } from '../clock.js';
import { cloudEvent } from '../cloud-events.js';
import type { Subscription } from '../system/webhook/webhook.js';
import { failureOf, retryAfterOf } from './outcomes.js';
import type { SendWebhook } from './sending.js';
import { signatures, type WebhookSecrets } from './signature.js';

export interface AttemptOptions {
  readonly secrets: WebhookSecrets;
  readonly send: SendWebhook;
  readonly clock: Clock;
}

export interface Attempt {
  /** `delivered`, or the code of what went wrong. */
  readonly outcome: string;
  /** Milliseconds that the receiver asks us to wait. */
  readonly retryAfter?: number | undefined;
}

export const DELIVERED = 'delivered';
/** The receiver says that it will never take anything again. */
export const GONE = 'status 410';

/** For so long after its secret changed a webhook is signed with the one before too, so that its receiver can change it without a gap. */
const BOTH_SECRETS = 86_400_000;

/** Sends a fact to a webhook once, signed. Never throws: what went wrong is the outcome. */
export async function attempt(
  fact: Recorded,
  { tenant, id }: { readonly tenant: string; readonly id: string },
  { address, secretNumber, rotatedAt }: Subscription,
  { secrets, send, clock }: AttemptOptions,
  signal: AbortSignal,
): Promise<Attempt> {
  const body = JSON.stringify(cloudEvent(fact));
  const now = Date.parse(clock.now());
  const timestamp = Math.floor(now / 1_000);
  const both = rotatedAt !== undefined && now - Date.parse(rotatedAt) < BOTH_SECRETS;
  const numbers = both ? [secretNumber, secretNumber - 1] : [secretNumber];
  const keys = numbers.map((number) => secrets.of(tenant, id, number));
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'Annals',
    'webhook-id': fact.id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures(keys, fact.id, timestamp, body),
  };
  try {
    const { status, retryAfter } = await send({ url: address, headers, body, signal });
    if (status >= 200 && status < 300) return { outcome: DELIVERED };
    return { outcome: `status ${status}`, retryAfter: retryAfterOf(retryAfter, now) };
  } catch (error) {
    return { outcome: failureOf(error) };
  }
}
