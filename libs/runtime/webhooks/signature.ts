import { createHmac } from 'node:crypto';
import type { KeyStore } from '../ports.js';

/**
 * Secrets of webhooks derive from one of the installation, which the key store has: none is stored, none is in the log, and a
 * restored installation signs as before. In the form of Standard Webhooks: `whsec_` and Base64 of 32 bytes.
 */
export class WebhookSecrets {
  private constructor(private readonly secret: Uint8Array) {}

  static async open(keys: Pick<KeyStore, 'secret'>): Promise<WebhookSecrets> {
    return new WebhookSecrets(await keys.secret('webhook-signing'));
  }

  of(tenant: string, webhookId: string, number: number): string {
    const bytes = createHmac('sha256', this.secret).update(`${tenant}/${webhookId}/${number}`).digest('base64');
    return `${PREFIX}${bytes}`;
  }
}

const PREFIX = 'whsec_';

/** `webhook-signature` of Standard Webhooks 1: `v1,<Base64>` for each secret, with a space between. `timestamp` is seconds since 1970. */
export function signatures(secrets: readonly string[], id: string, timestamp: number, body: string): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}
