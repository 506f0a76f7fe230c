// Fuzzes a server of its own from its OpenAPI document: no answer of 5xx, no answer outside the document.
//   npm run test:fuzz [-- --seed 7]   further arguments go to schemathesis
// The seed is printed; the same one gives the same requests.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensure, root } from './ensure.mjs';

const found = spawnSync(path.join(root, '.ci/fuzz/schemathesis.sh'), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
if (found.status !== 0) {
  console.log('skipped: no Python with schemathesis can be had here');
  process.exit(0);
}
await ensure({ build: true });
const folder = mkdtempSync(path.join(tmpdir(), 'annals-fuzz-'));
const data = path.join(folder, 'data');
const secrets = path.join(folder, 'secrets');
// settings of whoever runs this are not those of the server
const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ANNALS_')));
const server = spawn(process.execPath, [path.join(root, 'dist/apps/server/main.js')], {
  env: { ...clean, ANNALS_DATA: data, ANNALS_SECRETS: secrets, ANNALS_PORT: '0', ANNALS_LOG_LEVEL: 'error' },
  stdio: ['ignore', 'ignore', 'inherit'],
});
let code = 1;
try {
  const url = await listening();
  const tokens = await tokensOf(url);
  await seed(url, tokens[0].token);
  const st = spawnSync(
    found.stdout.trim(),
    [
      'run',
      `${url}/openapi.json`,
      // it names folders of this machine, and copies into them
      '--exclude-operation-id=backup',
      '--checks=not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance',
      '--phases=examples,coverage,fuzzing',
      '--max-examples=3',
      '--seed=1',
      '--max-time=45',
      '--no-shrink',
      '--continue-on-failure',
      '--request-timeout=10',
      '--warnings=off',
      '--no-color',
      ...process.argv.slice(2),
    ],
    {
      cwd: folder,
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: path.join(root, '.ci/fuzz/hooks.py'),
        ANNALS_FUZZ_TOKENS: JSON.stringify(tokens),
      },
      stdio: 'inherit',
    },
  );
  code = st.status ?? 1;
} finally {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  if (server.exitCode === null) server.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
process.exit(code);

async function listening() {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    if (server.exitCode !== null) break;
    try {
      const { url } = JSON.parse(readFileSync(path.join(data, 'server.json'), 'utf8'));
      // One whose start takes long answers before it is ready.
      if ((await fetch(`${url}/health/ready`)).ok) return url;
    } catch {
      // not there yet
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The server did not start.');
}

/** The administrator's token, and one for each duty that it does not hold. */
async function tokensOf(url) {
  const token = readFileSync(path.join(secrets, 'admin.token'), 'utf8').trim();
  const { roles } = await asked(url, token, 'GET', '/v1/whoami');
  const others = ['operator', 'privacy', 'auditor', 'consumer', 'analyst'].filter((role) => !roles.includes(role));
  const issued = others.map(async (role) => ({
    roles: [role],
    token: (await asked(url, token, 'POST', '/v1/admin/tokens', { label: role, roles: [role], holder: crypto.randomUUID() }))
      .token,
  }));
  return [{ roles, token }, ...(await Promise.all(issued))];
}

/** Something to find: views that stay empty show little of their shape. */
async function seed(url, token) {
  const send = (route, body) => asked(url, token, 'POST', `/v1/${route}`, body);
  const { id: customerId } = await send('customers', { kind: 'PERSON', name: 'Ada Example', email: 'ada@example.org' });
  await send('leads', { name: 'Bea Example', email: 'bea@example.org', source: 'WEB_SITE' });
  await send('opportunities', { customerId, amount: 1_250_000, currency: 'EUR' });
}

async function asked(url, token, method, route, body) {
  const response = await fetch(`${url}${route}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${route} was answered ${response.status}: ${answer.detail}`);
  return answer;
}
