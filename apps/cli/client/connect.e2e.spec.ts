import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/house.js';
import { loadConfig } from '../../server/config.js';
import { startServer } from '../../server/start.js';
import { run } from '../program.js';

it('a server that is started for one command serves it, whatever TLS and roles the settings name', async () => {
  const root = temporaryFolder();
  const [data, secrets] = [path.join(root, 'data'), path.join(root, 'secrets')];
  const first = await startServer(
    loadConfig({ ANNALS_DATA: data, ANNALS_SECRETS: secrets, ANNALS_PORT: '0', ANNALS_LOG_LEVEL: 'silent' }),
  );
  await first.close();
  const file = path.join(root, 'annals.json');
  writeFileSync(
    file,
    JSON.stringify({ data, secrets, tlsCert: '/nowhere/cert.pem', tlsKey: '/nowhere/key.pem', roles: ['views'] }),
  );
  let text = '';
  const keep = (part: string) => {
    text += part;
  };
  const code = await run(['query', 'pipeline'], { out: keep, note: keep, env: { ANNALS_CONFIG: file }, isInteractive: false });
  expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining('Nothing') });
}, 60_000);

it('sends the token of this machine to no other one, unless it is named', async () => {
  const root = temporaryFolder();
  const token = path.join(root, 'admin.token');
  writeFileSync(token, 'annals_main_of_this_machine\n');
  let text = '';
  const keep = (part: string) => {
    text += part;
  };
  const code = await run(['query', 'pipeline', '--url', 'http://crm.example:7070'], {
    out: keep,
    note: keep,
    env: { ANNALS_SECRETS: root },
    isInteractive: false,
  });
  expect({ code, text }).toEqual({ code: 2, text: expect.stringContaining('Name a token for http://crm.example:7070') });
});
