import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { run } from '../program.js';

const folder = mkdtempSync(path.join(tmpdir(), 'annals-asking-'));
const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Asked {
  readonly path: string;
  readonly body: unknown;
}

/** Runs a command line against a server that gives everybody this answer; what it was asked, beside whether it lives. */
async function asking(args: readonly string[], answer: object) {
  const asked: Asked[] = [];
  globalThis.fetch = async (address, { body } = {}) => {
    const { pathname } = new URL(String(address));
    if (pathname !== '/health/live') asked.push({ path: pathname, body: JSON.parse(String(body)) });
    return new Response(JSON.stringify(answer));
  };
  const token = path.join(folder, 'own.token');
  writeFileSync(token, 'annals_main_x\n');
  let text = '';
  const keep = (part: string) => {
    text += part;
  };
  const line = [...args, '--url', 'http://127.0.0.1:1', '--token-file', token];
  const code = await run(line, { out: keep, note: keep, env: {}, isInteractive: false });
  return { asked, code, text };
}

describe('the secret of a new token', () => {
  const issue = (out: string) => ['tokens', 'issue', '--label', 'reports', '--roles', 'analyst', '--out', out];
  const issued = { tokenId: 't1', token: 'annals_main_secret' };

  it('is asked for once there is a file for it: nothing else keeps it', async () => {
    const { asked, code, text } = await asking(issue(path.join(folder, 'nowhere', 'reports.token')), issued);
    expect({ asked, code }).toEqual({ asked: [], code: 2 });
    expect(text).toContain('nowhere/reports.token');
  });

  it('is in that file, and there is none where the token is refused', async () => {
    const file = path.join(folder, 'reports.token');
    expect((await asking(issue(file), issued)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('annals_main_secret\n');
    const other = path.join(folder, 'other.token');
    globalThis.fetch = real;
    const token = path.join(folder, 'own.token');
    const line = [...issue(other), '--url', 'http://127.0.0.1:1', '--token-file', token];
    expect(await run(line, { out: () => {}, note: () => {}, env: {}, isInteractive: false })).toBe(3);
    expect(existsSync(other)).toBe(false);
  });
});

describe('a list', () => {
  it.each([
    ['webhooks', ['webhooks', 'list']],
    ['tokens', ['tokens', 'list']],
    ['tenants', ['tenants', 'list']],
    ['openings', ['openings']],
  ])('of %s goes on to its last page', async (view, args) => {
    globalThis.fetch = async (address) => {
      const { pathname, searchParams } = new URL(String(address));
      if (!pathname.startsWith('/v1/views/')) return new Response(JSON.stringify({ aside: [] }));
      const page = Number(searchParams.get('cursor') ?? 0);
      const items = [{ key: `k${page}`, document: { address: `https://${page}.example`, label: `l${page}` } }];
      return new Response(JSON.stringify({ items, ...(page < 2 && { next: String(page + 1) }) }));
    };
    const token = path.join(folder, 'own.token');
    writeFileSync(token, 'annals_main_x\n');
    let text = '';
    const line = [...args, '--json', '--url', 'http://127.0.0.1:1', '--token-file', token];
    const out = (part: string) => {
      text += part;
    };
    expect(await run(line, { out, note: () => {}, env: {}, isInteractive: false })).toBe(0);
    expect((JSON.parse(text) as Record<string, unknown[]>)[view]).toHaveLength(3);
  });
});

describe('a list of what was just changed', () => {
  it.each([
    ['waits until the view has what was answered before', false, ['s.7']],
    ['of a view that is far behind gives what it has', true, ['s.7', null]],
  ])('%s', async (_, isBehind, asked) => {
    const positions: (string | null)[] = [];
    globalThis.fetch = async (address) => {
      const { pathname, searchParams } = new URL(String(address));
      if (pathname === '/health/ready') return new Response(JSON.stringify({ head: 's.7' }));
      if (!pathname.startsWith('/v1/views/')) return new Response('{}');
      const minPosition = searchParams.get('minPosition');
      positions.push(minPosition);
      if (isBehind && minPosition !== null)
        return new Response(JSON.stringify({ type: '/problems/view-behind', status: 503 }), { status: 503 });
      return new Response(JSON.stringify({ items: [{ key: 'k', document: { label: 'reports' } }] }));
    };
    const token = path.join(folder, 'own.token');
    writeFileSync(token, 'annals_main_x\n');
    let text = '';
    const keep = (part: string) => {
      text += part;
    };
    const line = ['tokens', 'list', '--url', 'http://127.0.0.1:1', '--token-file', token];
    expect([await run(line, { out: keep, note: keep, env: {}, isInteractive: false }), positions]).toEqual([0, asked]);
    expect(text).toContain('reports');
  });
});

describe('the list of webhooks', () => {
  it('asks how far they are side by side, eight at a time, and keeps their order', async () => {
    const items = Array.from({ length: 30 }, (_, number) => ({
      key: `k${number}`,
      document: { address: `https://${number}.example` },
    }));
    let open = 0;
    let most = 0;
    globalThis.fetch = async (address) => {
      const { pathname } = new URL(String(address));
      if (!pathname.startsWith('/v1/admin/webhooks/')) return new Response(JSON.stringify({ items }));
      most = Math.max(most, ++open);
      const number = Number(pathname.slice(pathname.lastIndexOf('k') + 1));
      await new Promise((resolve) => setTimeout(resolve, number % 3));
      open--;
      return new Response(JSON.stringify({ id: `k${number}`, failures: number, aside: [] }));
    };
    const token = path.join(folder, 'own.token');
    writeFileSync(token, 'annals_main_x\n');
    let text = '';
    const out = (part: string) => {
      text += part;
    };
    const line = ['webhooks', 'list', '--json', '--url', 'http://127.0.0.1:1', '--token-file', token];
    expect(await run(line, { out, note: () => {}, env: {}, isInteractive: false })).toBe(0);
    const { webhooks } = JSON.parse(text) as { readonly webhooks: readonly object[] };
    expect(webhooks).toEqual(items.map(({ key, document }, failures) => ({ webhookId: key, ...document, failures, aside: [] })));
    expect(most).toBe(8);
  });
});

describe('the release of parked facts', () => {
  it('is asked for in the tenant of the token where no other one is named', async () => {
    const release = ['parked', 'release', '--view', 'pipeline', '--key', 'k'];
    const { asked } = await asking(release, { released: 1 });
    expect(asked).toEqual([{ path: '/v1/admin/parked/release', body: { view: 'pipeline', key: 'k' } }]);
    const { asked: named } = await asking([...release, '--tenant', 'north'], { released: 1 });
    expect(named).toMatchObject([{ body: { tenant: 'north' } }]);
  });
});

describe('an answer that the server takes its time for', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('a backup is waited for, also for longer than fetch would', async () => {
    const server = createServer((request, response) => {
      const answer = request.url === '/v1/admin/backup' ? { files: [], position: 'p' } : {};
      setTimeout(() => response.end(JSON.stringify(answer)), 100);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    globalThis.fetch = async (address) => {
      if (String(address).endsWith('/health/live')) return new Response('{}');
      throw new TypeError('HeadersTimeoutError');
    };
    const token = path.join(folder, 'own.token');
    writeFileSync(token, 'annals_main_x\n');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    let text = '';
    const keep = (part: string) => {
      text += part;
    };
    const line = ['backup', '--to', '/a', '--keys-to', '/b', '--url', url, '--token-file', token];
    const code = await run(line, { out: keep, note: keep, env: {}, isInteractive: false });
    server.close();
    expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining('complete up to position p') });
  });

  it.each([
    [
      'what is to be waited for',
      100,
      ['send', 'convert-lead', '--lead-id', 'x', '--wait', '60'],
      { outcome: 'accepted', facts: [] },
    ],
  ])('%s is waited for', async (_, seconds, args, answer) => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const token = path.join(folder, 'own.token');
    writeFileSync(token, 'annals_main_x\n');
    let signal: AbortSignal | null | undefined;
    let done = () => {};
    globalThis.fetch = async (address, options = {}) => {
      if (String(address).endsWith('/health/live')) return new Response('{}');
      ({ signal } = options);
      return new Promise((resolve) => {
        done = () => resolve(new Response(JSON.stringify(answer)));
      });
    };
    const line = [...args, '--url', 'http://127.0.0.1:1', '--token-file', token];
    const running = run(line, { out: () => {}, note: () => {}, env: {}, isInteractive: false });
    while (!signal) await new Promise((next) => setImmediate(next));
    jest.advanceTimersByTime(seconds * 1_000 - 1);
    expect(signal.aborted).toBe(false);
    done();
    expect(await running).toBe(0);
  });
});
