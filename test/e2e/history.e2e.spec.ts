import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../apps/cli/program.js';
import { temporaryFolder } from '../support/house.js';
import { type Served, served } from '../support/served.js';

let surface: Served;
let env: Record<string, string>;
const folder = temporaryFolder();
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  surface = await served();
  const { access, admin } = surface.house;
  const { token } = await access.issueToken(admin, {
    label: 'all',
    roles: ['admin', 'care', 'analyst', 'operator'],
    holder: crypto.randomUUID(),
  });
  env = { ANNALS_URL: surface.web.url, ANNALS_TOKEN: token };
}, 60_000);
afterAll(() => surface?.close(), 60_000);

async function annals(...args: readonly string[]) {
  let [out, notes] = ['', ''];
  const terminal = { out: (text: string) => (out += text), note: (text: string) => (notes += text), env, isInteractive: false };
  return { code: await run(args, terminal), out, notes };
}
const register = (name: string) => surface.house.send('RegisterCustomer', { kind: 'PERSON', name });
const check = (...more: readonly string[]) =>
  annals('history', 'check', '--head', file('old.head'), '--key', file('annals.key'), ...more);

describe('who keeps a signed head', () => {
  let stream: string;
  beforeAll(async () => {
    for (let number = 0; number < 5; number++) ({ stream } = await register(`Person ${number}`));
    const { code } = await annals('history', 'head', '--out', file('old.head'), '--key-out', file('annals.key'));
    expect(code).toBe(0);
    expect(await annals('history', 'prove', stream, '0', '--out', file('fact.proof'))).toMatchObject({ code: 0 });
    await register('Somebody else');
    const { out } = await annals('replay');
    writeFileSync(file('facts.ndjson'), out);
  }, 60_000);

  it('sees that what the server has now goes on from it', async () => {
    const { code, out } = await check();
    expect(out).toMatch(/^The \d+ facts of main begin with the \d+ of this head, unchanged\.\n$/);
    expect(code).toBe(0);
    const { tenant, covers } = JSON.parse((await check('--json')).out);
    expect({ tenant, covers }).toEqual({ tenant: 'main', covers: Number(readFileSync(file('old.head'), 'utf8').split('\n')[1]) });
  });

  it('checks a proof and all facts of a replay without a server', async () => {
    env = { ...env, ANNALS_URL: 'http://127.0.0.1:9' };
    try {
      expect(await check('--proof', file('fact.proof'))).toMatchObject({
        code: 0,
        out: expect.stringContaining('CustomerRegistered, number 0 of'),
      });
      expect(await check('--facts', file('facts.ndjson'))).toMatchObject({ code: 0, out: expect.stringContaining('unchanged') });

      writeFileSync(file('changed.proof'), readFileSync(file('fact.proof'), 'utf8').replace('PERSON', 'ORGANISATION'));
      expect(await check('--proof', file('changed.proof'))).toMatchObject({
        code: 1,
        notes: expect.stringContaining('was changed'),
      });
      const facts = readFileSync(file('facts.ndjson'), 'utf8');
      writeFileSync(file('changed.ndjson'), facts.replace('"kind":"PERSON"', '"kind":"ORGANISATION"'));
      expect(await check('--facts', file('changed.ndjson'))).toMatchObject({
        code: 1,
        notes: expect.stringContaining('some were changed'),
      });
      writeFileSync(file('short.ndjson'), facts.split('\n').slice(0, 3).join('\n'));
      expect(await check('--facts', file('short.ndjson'))).toMatchObject({
        code: 1,
        notes: expect.stringContaining('has 3 facts'),
      });
      writeFileSync(file('broken.ndjson'), facts.replace('\n', '\nhello\n'));
      expect(await check('--facts', file('broken.ndjson'))).toMatchObject({
        code: 1,
        notes: expect.stringContaining('Line 2 of'),
      });
    } finally {
      env = { ...env, ANNALS_URL: surface.web.url };
    }
  });

  const hasPython = spawnSync('python3', ['--version']).status === 0;
  (hasPython ? it : it.skip)('gets the same root from code that is not ours', () => {
    const script = fileURLToPath(new URL('../../samples/history/check.py', import.meta.url));
    const told = (facts: string) => spawnSync('python3', [script, file('old.head'), file(facts)], { encoding: 'utf8' });
    expect(told('facts.ndjson')).toMatchObject({ status: 0, stdout: expect.stringContaining('are those of this head') });
    expect(told('changed.ndjson')).toMatchObject({ status: 1, stdout: expect.stringContaining('does not begin') });
  });

  it('is told what is wrong with head, key, proof or the command line', async () => {
    writeFileSync(file('changed.head'), readFileSync(file('old.head'), 'utf8').replace(/\n\d+\n/, '\n1\n'));
    expect(await annals('history', 'check', '--head', file('changed.head'), '--key', file('annals.key'))).toMatchObject({
      code: 1,
      notes: expect.stringContaining('changed after it was signed'),
    });
    expect((await check('--proof', file('fact.proof'), '--facts', '-')).code).toBe(2);
    for (const option of ['--proof', '--facts'])
      expect(await check(option, file('missing'))).toMatchObject({
        code: 2,
        notes: expect.stringContaining('missing cannot be read: it does not exist'),
      });
    expect(await check('--facts', folder)).toMatchObject({ code: 2, notes: expect.stringContaining('it is a folder') });
    expect(await annals('history', 'head', '--out', file('old.head'))).toMatchObject({
      code: 2,
      notes: expect.stringContaining('exists'),
    });
    expect((await annals('history', 'prove', stream, '0', '--out', file('later.proof'))).code).toBe(0);
    expect(await check('--proof', file('later.proof'))).toMatchObject({ code: 1, notes: expect.stringContaining('--size') });
    expect(await annals('history', 'prove', stream, '99')).toMatchObject({
      code: 1,
      notes: expect.stringContaining('fact-unknown'),
    });
  });

  it('publishes one, which reaches the topic of heads', async () => {
    expect((await surface.call(['operator'], 'POST /v1/admin/history/publish')).status).toBe(201);
    expect((await surface.call(['operator'], 'POST /v1/admin/history/publish')).status).toBe(200);
    await register('One more');
    const { code, out } = await annals('history', 'publish');
    expect(code).toBe(0);
    const { json } = await surface.call(['consumer'], 'GET /v1/topics/head');
    expect(`${json.events.at(-1).data.note}`).toBe(out);
  });
});

describe('the routes of the history', () => {
  it('are for those who check it, and refuse what they do not know', async () => {
    expect((await surface.call(['sales'], 'GET /v1/history/head')).status).toBe(403);
    expect((await surface.call(['operator'], 'GET /v1/history/proof?stream=x&revision=0')).status).toBe(403);
    expect((await surface.call(['auditor'], 'POST /v1/admin/history/publish')).status).toBe(403);
    for (const route of [
      'head?since=-1',
      'head?since=99999999',
      'head?size=1',
      'proof',
      'proof?stream=x',
      'proof?stream=x&revision=0',
    ])
      expect(await surface.call(['auditor'], `GET /v1/history/${route}`)).toMatchObject({
        status: 400,
        json: { type: '/problems/invalid-query' },
      });
  });
});
