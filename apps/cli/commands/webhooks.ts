import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { currentDocuments } from '../client/current.js';
import { usage } from '../client/problems.js';
import { sideBySide } from '../client/side-by-side.js';
import { cellsOf, table } from '../output/table.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { connected, examples, type ServerFlags, withServer } from './shared.js';

type Fields = Readonly<Record<string, unknown>>;

/** `annals webhooks`: how far deliveries are. They are changed with `annals send subscribe-webhook` and its like. */
export function webhooksCommand(terminal: Terminal): Command {
  const webhooks = new Command('webhooks')
    .description(
      'Webhooks: addresses that public facts are sent to. Change them with annals send subscribe-webhook, replay-webhook, resume-webhook, release-webhook-stream, skip-webhook-fact, rotate-webhook-secret, unsubscribe-webhook.',
    )
    .addHelpText(
      'after',
      examples('annals webhooks list', 'annals send subscribe-webhook --address https://receiver.example/annals'),
    );

  webhooks.addCommand(
    withServer(new Command('list').description('List them, with how far deliveries are.'))
      .addHelpText('after', examples('annals webhooks list', 'annals webhooks list --json'))
      .action((flags: ServerFlags) =>
        connected(terminal, flags, async ({ client }) => {
          const webhooks = await currentDocuments(client, 'webhooks', { 'status[ne]': 'ENDED' });
          const rows = await sideBySide(webhooks, async ({ key, document }): Promise<Fields> => {
            const { id: _, ...state } = await client.get<Fields>(`/v1/admin/webhooks/${key}`);
            return { webhookId: key, address: document.address, ...state };
          });
          const shown = rows.map(({ aside, ...row }: Fields) => cellsOf({ ...row, aside: (aside as readonly unknown[]).length }));
          if (flags.json) printJson(terminal, { webhooks: rows });
          else printText(terminal, rows.length === 0 ? 'None.' : table(shown));
        }),
      ),
  );

  webhooks.addCommand(
    withServer(
      new Command('secret')
        .description('Write the secret that deliveries are signed with into a file that only you can read.')
        .argument('<webhook-id>', 'its id'),
    )
      .option('--out <file>', 'the file; otherwise ./<webhook-id>.secret')
      .option('--show', 'print the secret instead')
      .addHelpText('after', examples('annals webhooks secret 8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10 --out shop.secret'))
      .action((id: string, flags: ServerFlags & { readonly out?: string; readonly show?: boolean }) => {
        const file = path.resolve(flags.out ?? `${id}.secret`);
        if (!flags.show && existsSync(file)) throw usage(`${file} exists; name another file with --out.`);
        return connected(terminal, flags, async ({ client }) => {
          const { secret } = await client.get<{ secret: string }>(`/v1/admin/webhooks/${encodeURIComponent(id)}/secret`);
          if (!flags.show) writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: 'wx' });
          if (flags.json) printJson(terminal, flags.show ? { secret } : { file });
          else printText(terminal, flags.show ? secret : `The secret is in ${file}`);
        });
      }),
  );
  return webhooks;
}
