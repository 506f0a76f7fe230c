import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

it('looks at another machine without the token of this one', async () => {
  const root = temporaryFolder();
  writeFileSync(path.join(root, 'admin.token'), 'annals_main_of_this_machine\n', { mode: 0o600 });
  const sent: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    sent.push(request.headers.authorization);
    const isOpen = request.url?.startsWith('/health/');
    response.writeHead(isOpen ? 200 : 401, { 'content-type': 'application/json' }).end('{"ready":true}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // no name of this machine, although Linux takes it for one
  const url = `http://0.0.0.0:${(server.address() as AddressInfo).port}`;
  let text = '';
  const keep = (part: string) => {
    text += part;
  };
  try {
    await run(['doctor', '--url', url], { out: keep, note: keep, env: { ANNALS_SECRETS: root }, isInteractive: false });
  } finally {
    server.close();
  }
  expect(sent.length).toBeGreaterThan(0);
  expect(new Set(sent)).toEqual(new Set([undefined]));
  expect(text).toContain(`Name a token for ${url}`);
});

it.each(['nonsense', 'ftp://127.0.0.1', 'http://'])('an address that is none, %s, is a usage error', async (url) => {
  let text = '';
  const note = (part: string) => {
    text += part;
  };
  const code = await run(['query', 'pipeline'], { out: note, note, env: { ANNALS_URL: url }, isInteractive: false });
  expect({ code, text }).toEqual({ code: 2, text: expect.stringContaining('ANNALS_URL') });
});
