import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from '../../apps/cli/client/client.js';
import { definitions } from '../../apps/cli/definitions.js';
import { readMapping } from '../../apps/cli/import/mapping.js';
import { planOf } from '../../apps/cli/import/plan.js';
import { RejectsFile } from '../../apps/cli/import/rejects.js';
import { runImport, type SourceSummary } from '../../apps/cli/import/run-import.js';
import { caughtUp } from '../../apps/demo/send-history.js';
import { loadConfig } from '../../apps/server/config.js';
import { type RunningServer, startServer } from '../../apps/server/start.js';
import { temporaryFolder } from './house.js';

/** A server of its own, with a data set that was imported into it. */
export interface ImportedData {
  readonly server: RunningServer;
  readonly client: Client;
  readonly summaries: readonly SourceSummary[];
  /** Everything that a list query gives, page by page; it waits until the view has all that was imported. */
  readonly all: <D>(view: string, query?: Readonly<Record<string, string>>) => Promise<readonly D[]>;
  readonly groups: (
    view: string,
    query: Readonly<Record<string, string>>,
  ) => Promise<readonly Readonly<Record<string, string | number>>[]>;
}

/** Imports a data set by its mapping, over HTTP as the command line does. `folder` has its files. */
export async function importData(mapping: string, folder: string): Promise<ImportedData> {
  const root = temporaryFolder();
  const server = await startServer(
    loadConfig({
      ANNALS_DATA: path.join(root, 'data'),
      ANNALS_SECRETS: path.join(root, 'secrets'),
      ANNALS_PORT: '0',
      ANNALS_LOG_LEVEL: 'error',
    }),
  );
  const client = new Client(server.url, readFileSync(server.adminTokenFile, 'utf8').trim());
  const file = `mappings/${mapping}.yml`;
  const rejects = new RejectsFile(path.join(root, 'rejects.ndjson'));
  const summaries = await runImport(planOf(readMapping(file), file, definitions()), { folder, client, rejects });
  const head = await caughtUp(client);

  const all = async <D>(view: string, query: Readonly<Record<string, string>> = {}): Promise<readonly D[]> => {
    const documents: D[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.get<{ readonly items: readonly { readonly document: D }[]; readonly next?: string }>(
        `/v1/views/${view}`,
        {
          ...query,
          limit: '500',
          minPosition: head,
          wait: '30000',
          cursor,
        },
      );
      documents.push(...page.items.map(({ document }) => document));
      cursor = page.next;
    } while (cursor !== undefined);
    return documents;
  };
  const groups: ImportedData['groups'] = async (view, query) =>
    (
      await client.get<{ readonly groups: readonly Readonly<Record<string, string | number>>[] }>(`/v1/views/${view}`, {
        ...query,
        minPosition: head,
        wait: '30000',
      })
    ).groups;
  return { server, client, summaries, all, groups };
}
