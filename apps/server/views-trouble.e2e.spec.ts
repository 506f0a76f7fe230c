import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Database } from '../../libs/adapters/sqlite/database.js';
import { describeEmbedded } from '../../test/support/engines.js';
import { eventually, temporaryFolder } from '../../test/support/house.js';
import { loadConfig } from './config.js';
import { type RunningServer, startServer } from './start.js';

let server: RunningServer | undefined;
afterEach(() => server?.close());

describeEmbedded('the thread that writes the views', () => {
  it('has its troubles in the log of the server: which view, and why, with nothing of what it was about', async () => {
    const folder = temporaryFolder();
    const lines: { readonly event?: string; readonly reader?: string; readonly reason?: string }[] = [];
    const logger = pino({ level: 'error' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    const env = { ANNALS_DATA: join(folder, 'data'), ANNALS_SECRETS: join(folder, 'secrets'), ANNALS_PORT: '0' };
    server = await startServer(loadConfig(env), { logger });
    const token = readFileSync(server.adminTokenFile, 'utf8').trim();
    const register = (name: string) =>
      fetch(`${server?.url}/v1/customers`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'PERSON', name }),
      });
    expect((await register('Ada Example')).status).toBe(201);

    const file = new Database(join(folder, 'data', 'views.db'), { durability: 'normal' });
    const tables = file.sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'documents%'").all();
    for (const [name] of tables) file.exec(`DROP TABLE ${String(name)}`);
    file.close();
    expect(tables.length).toBeGreaterThan(0);
    expect((await register('Bo Example')).status).toBe(201);

    const told = await eventually(async () =>
      lines.find(({ event, reader }) => event === 'reader.failed' && reader === 'customer360'),
    );
    expect(told.reason).toMatch(/[A-Za-z]{4}/);
    expect(JSON.stringify(lines)).not.toContain('Example');
  }, 60_000);
});
