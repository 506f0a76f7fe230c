import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { isRole, roles } from '#kernel';
import type { Client, CommandAnswer } from '../client/client.js';
import { dataFolderOf, secretsFolderOf } from '../client/connect.js';
import { currentDocuments } from '../client/current.js';
import { keptIn } from '../client/files.js';
import { exitCodes, Failure, usage } from '../client/problems.js';
import { cellsOf, table } from '../output/table.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { connected, dayOrMoment, examples, type ServerFlags, wholeNumber, withServer } from './shared.js';

interface IssueFlags extends ServerFlags {
  readonly label: string;
  readonly roles: string;
  readonly expires?: string;
  readonly tenant?: string;
  readonly class?: string;
  readonly out?: string;
  readonly show?: boolean;
  readonly holder?: string;
  readonly customer?: string;
}

/** `annals tokens`: who may call. */
export function tokensCommand(terminal: Terminal): Command {
  const tokens = new Command('tokens')
    .description('Tokens: who may call, and what they may do.')
    .addHelpText(
      'after',
      examples('annals tokens list', "annals tokens issue --label 'order service' --roles sales,orders --out service.token"),
    );

  tokens.addCommand(
    withServer(
      new Command('issue').description(
        'Issue a token. Its secret goes into a file that only you can read; it is shown nowhere again.',
      ),
    )
      .requiredOption('--label <text>', 'what it is for')
      .requiredOption('--roles <roles>', 'roles, separated by commas')
      .option('--expires <day>', 'refused from then on', dayOrMoment)
      .option('--tenant <tenant>', 'for another tenant')
      .addOption(
        new Option('--class <class>', 'how urgent its traffic is: somebody waits, a system does, or when there is room')
          .choices(['interactive', 'integration', 'bulk'])
          .default('interactive'),
      )
      .option(
        '--holder <id>',
        'internal id of the person who gets it: needed for operator, privacy and auditor, of which a person has one',
      )
      .option('--customer <id>', 'the customer whose documents alone it may see: with the role customer and no other one')
      .option('--out <file>', 'file for the secret; otherwise ./<label>.token')
      .option('--show', 'print the secret instead of writing a file')
      .addHelpText(
        'after',
        `\nRoles:\n${Object.entries(roles)
          .map(([name, may]) => `  ${name.padEnd(9)} ${may}`)
          .join('\n')}\n${examples(
          'annals tokens issue --label reports --roles analyst --out reports.token',
          'annals tokens issue --label portal --roles customer --customer 8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10',
        )}`,
      )
      .action((flags: IssueFlags) => {
        const { label, tenant } = flags;
        const wanted = flags.roles.split(',').map((role) => role.trim());
        const unknown = wanted.find((role) => !isRole(role));
        if (unknown !== undefined) throw usage(`There is no role ${unknown}; allowed: ${Object.keys(roles).join(', ')}.`);
        const file = path.resolve(flags.out ?? `${label.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.token`);
        if (!flags.show && existsSync(file)) throw usage(`${file} exists; name another file with --out.`);
        const expiresAt = flags.expires === undefined ? undefined : new Date(flags.expires).toISOString();
        return connected(terminal, flags, async ({ client }) => {
          const issue = () =>
            client.post<{ tokenId: string; token: string }>('/v1/admin/tokens', {
              label,
              roles: wanted,
              expiresAt,
              tenant,
              trafficClass: flags.class === 'interactive' ? undefined : flags.class,
              holder: flags.holder,
              customer: flags.customer,
            });
          const { tokenId, token } = await (flags.show ? issue() : keptIn(file, issue, (issued) => issued.token));
          if (flags.json) printJson(terminal, flags.show ? { tokenId, token } : { tokenId, file });
          else printText(terminal, flags.show ? `${tokenId}\n${token}` : `Token ${tokenId}: its secret is in ${file}`);
        });
      }),
  );

  tokens.addCommand(recoverCommand(terminal));

  tokens.addCommand(
    withServer(new Command('list').description('List the tokens; secrets are not kept anywhere.'))
      .addHelpText('after', examples('annals tokens list'))
      .action((flags: ServerFlags) => connected(terminal, flags, ({ client }) => list(terminal, client, 'tokens', flags))),
  );

  tokens.addCommand(
    withServer(new Command('revoke').description('Refuse a token from now on.').argument('<token-id>', 'its id'))
      .addHelpText('after', examples('annals tokens revoke 8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10'))
      .action((tokenId: string, flags: ServerFlags) =>
        connected(terminal, flags, async ({ client }) => {
          const answer = await client.post<CommandAnswer>(`/v1/tokens/${encodeURIComponent(tokenId)}/revoke`, {});
          if (flags.json) printJson(terminal, answer);
          else printText(terminal, answer.outcome === 'unchanged' ? 'It was revoked before.' : `Token ${tokenId} is revoked.`);
        }),
      ),
  );
  return tokens;
}

interface RecoverFlags {
  readonly data?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** `annals tokens recover`: for whoever has folder and master key, and no token; without a server. */
function recoverCommand(terminal: Terminal): Command {
  return new Command('recover')
    .description(
      'Make an administrator token where none is left, as after a restore: on the data folder itself, with its master key. Stop the server first. That it was made is on record.',
    )
    .option('--data <folder>', 'the data folder; otherwise ANNALS_DATA, else ./data')
    .option('--out <file>', 'file for the secret; otherwise admin.token in the secrets folder')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `${examples('annals tokens recover --data ./restored')}\nIt takes the settings of the server. The token has neither of the duties auditor and privacy.\n`,
    )
    .action(async ({ data, out, json }: RecoverFlags) => {
      const folder = dataFolderOf(data === undefined ? {} : { data }, terminal.env);
      const file = out === undefined ? path.join(secretsFolderOf(folder, terminal.env), 'admin.token') : path.resolve(out);
      if (existsSync(file)) throw usage(`${file} exists; use it, or name another file with --out.`);
      const { recoverToken } = await import('../../server/recover.js');
      try {
        await recoverToken(folder, { ...terminal.env, ANNALS_DATA: folder }, file);
      } catch (error) {
        throw new Failure(exitCodes.refused, (await import('../../server/serve.js')).refusedStart(error));
      }
      if (json) printJson(terminal, { file });
      else printText(terminal, `The secret of a new administrator token is in ${file}.`);
    });
}

/** `annals tenants`: companies whose facts never meet. */
export function tenantsCommand(terminal: Terminal): Command {
  const tenants = new Command('tenants')
    .description('Tenants: companies whose facts never meet.')
    .addHelpText('after', examples('annals tenants list', 'annals tenants open acme'));
  tenants.addCommand(
    withServer(
      new Command('open')
        .description('Open a tenant. Then issue a token for it: annals tokens issue --tenant …')
        .argument('<name>', '1 to 32 lower case letters and digits'),
    )
      .option('--sandbox', 'one to try things in, with a clock of its own that can be set forward: annals clock')
      .addHelpText('after', examples('annals tenants open north', 'annals tenants open trial --sandbox'))
      .action((name: string, flags: ServerFlags & { readonly sandbox?: boolean }) =>
        connected(terminal, flags, async ({ client }) => {
          const answer = await client.post<CommandAnswer>('/v1/tenants', { name, ...(flags.sandbox && { sandbox: true }) });
          if (flags.json) printJson(terminal, answer);
          else printText(terminal, `${flags.sandbox ? 'Sandbox' : 'Tenant'} ${name} is open.`);
        }),
      ),
  );
  tenants.addCommand(
    withServer(new Command('list').description('List the tenants.'))
      .addHelpText('after', examples('annals tenants list'))
      .action((flags: ServerFlags) => connected(terminal, flags, ({ client }) => list(terminal, client, 'tenants', flags))),
  );
  return tenants;
}

/** `annals openings`: who opened personal fields. */
export function openingsCommand(terminal: Terminal): Command {
  return withServer(new Command('openings').description('Who opened personal fields, of whom, when and what for.'))
    .option('--person <id>', 'only of this person')
    .option('--limit <number>', 'so many of the latest', wholeNumber)
    .addHelpText('after', examples('annals openings --person 8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10', 'annals openings --json'))
    .action((flags: ServerFlags & { readonly person?: string; readonly limit?: number }) =>
      connected(terminal, flags, ({ client }) =>
        list(terminal, client, 'openings', flags, {
          personId: flags.person,
          limit: flags.limit === undefined ? undefined : String(flags.limit),
        }),
      ),
    );
}

async function list(
  terminal: Terminal,
  client: Client,
  view: string,
  flags: ServerFlags,
  query: Readonly<Record<string, string | undefined>> = {},
): Promise<void> {
  const documents = (await currentDocuments(client, view, query)).map(({ document }) => document);
  if (flags.json) printJson(terminal, { [view]: documents });
  else printText(terminal, documents.length === 0 ? 'None.' : table(documents.map((document) => cellsOf(document))));
}
