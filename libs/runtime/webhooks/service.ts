import { streamName } from '#kernel';
import type { Annals } from '../annals.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import type { Notes } from '../ports.js';
import type { Webhook } from '../system/webhook/webhook.js';
import { noteOf, progressIn } from './progress.js';
import type { WebhookSecrets } from './signature.js';

/** What can be asked of webhooks, on every server of the installation. */
export function webhookService(
  { streams }: Pick<CommandPipeline, 'streams'>,
  notes: Pick<Notes, 'read'>,
  secrets: WebhookSecrets,
): Annals['webhooks'] {
  const load = async (tenant: string, id: string) => (await streams.load(streamName('webhook', tenant, id))).state as Webhook;
  return {
    async state(tenant, id) {
      const { status } = await load(tenant, id);
      if (status === 'NONE') return undefined;
      const {
        replays: _,
        aside = {},
        ...progress
      } = progressIn((await notes.read(noteOf(streamName('webhook', tenant, id))))?.value);
      const waiting = Object.entries(aside).map(([stream, { failures, lastFailure, parked = false }]) => ({
        stream,
        failures,
        lastFailure,
        parked,
      }));
      return { id, status, ...progress, aside: waiting };
    },
    async secret(tenant, id) {
      const webhook = await load(tenant, id);
      return webhook.status === 'NONE' ? undefined : secrets.of(tenant, id, webhook.secretNumber);
    },
  };
}
