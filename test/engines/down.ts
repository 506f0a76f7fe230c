import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, temporaryFolder } from '../support/house.js';
import type { TcpProxy, WayState } from '../support/proxy.js';
import { type ServerProcess, ServerRefused, startServer } from '../support/server.js';
import type { EnginesBehindProxies } from './behind-proxies.js';

/** Milliseconds: the deadline of a call to the log or the keys, and time for a busy machine. */
const BOUNDED = 8_000;
/** A half-open way to Kafka shows when a request has waited for its time; then it is tried again after pauses that grow. */
const COMES_BACK_WITHIN = 90_000;
/** Milliseconds that a query waits for a position; as long as one may. */
const WAIT = 10_000;

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
  readonly milliseconds: number;
}

/** Engines that are cut off, or answer nothing. */
export function downEngines(given: () => EnginesBehindProxies): void {
  let engines: EnginesBehindProxies;
  let server: ServerProcess;
  let readerToken: string;
  const folder = temporaryFolder();
  // Keys are embedded here: those in MongoDB have a test of their own below.
  const settings = (of = folder) => engines.settings(join(of, 'data'), { keys: false });

  beforeAll(async () => {
    engines = given();
    server = await startServer(folder, { env: settings() });
    // Who may open personal fields leaves a record of it in the log with each query; who may not reads without the log.
    readerToken = (
      await ask('/v1/admin/tokens', { body: { label: 'reader', roles: ['sales', 'operator'], holder: crypto.randomUUID() } })
    ).body.token as string;
  }, 120_000);
  afterAll(() => server?.stop('SIGKILL'));
  afterEach(() => Promise.all([engines.log, engines.views, engines.topics].map((way) => way.set('open'))));

  async function ask(path: string, { body, token = server.token }: { body?: object; token?: string } = {}): Promise<Answer> {
    const began = performance.now();
    const answer = await fetch(`${server.url}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    return {
      status: answer.status,
      body: (await answer.json()) as Answer['body'],
      headers: answer.headers,
      milliseconds: performance.now() - began,
    };
  }
  const open = (opportunityId = randomUUID()) =>
    ask('/v1/opportunities', { body: { opportunityId, amount: 100_00, currency: 'EUR' } });
  const query = (parameters = '') => ask(`/v1/views/pipeline${parameters}`, { token: readerToken });
  const health = () => ask('/health/ready');

  describe.each<[WayState]>([['cut'], ['silent']])('on a way that is %s:', (state) => {
    const down = (way: TcpProxy) => way.set(state);

    it('topics never stop commands, and come along later', async () => {
      await down(engines.topics);
      const opened = await Promise.all(Array.from({ length: 10 }, () => open()));
      expect(opened.map(({ status }) => status)).toEqual(Array(10).fill(201));
      expect(Math.max(...opened.map(({ milliseconds }) => milliseconds))).toBeLessThan(BOUNDED);
      expect((await query(`?minPosition=${opened[9]?.body.position}&wait=${WAIT}`)).status).toBe(200);
      await engines.topics.set('open');
      await eventually(async () => {
        const { readers } = (await health()).body as { readers: { kind: string; lagFacts: number }[] };
        return readers.some(({ kind, lagFacts }) => kind === 'relay' && lagFacts === 0) || undefined;
      }, COMES_BACK_WITHIN);
    }, 150_000);

    it('views never stop commands; queries are refused in bounded time, and answered when they are back', async () => {
      await down(engines.views);
      const opened = await Promise.all(Array.from({ length: 10 }, () => open()));
      expect(opened.map(({ status }) => status)).toEqual(Array(10).fill(201));
      expect(Math.max(...opened.map(({ milliseconds }) => milliseconds))).toBeLessThan(BOUNDED);
      const refused = query();
      await Promise.race([refused, new Promise((over) => setTimeout(over, 3_000))]);
      await engines.views.set('open');
      const { status, headers } = await refused;
      // one that was under way may still be answered
      expect([200, 503]).toContain(status);
      if (status === 503) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      await eventually(async () => {
        const answer = await query(`?minPosition=${opened[9]?.body.position}`);
        return answer.status === 200 ? true : undefined;
      }, COMES_BACK_WITHIN);
    }, 150_000);

    it('the log is said to be down within seconds, queries say how old they are, and it comes back by itself', async () => {
      const { body } = await open();
      const fresh = await query(`?minPosition=${body.position}&wait=${WAIT}`);
      expect([fresh.status, fresh.headers.get('annals-age')]).toEqual([200, null]);
      await down(engines.log);
      const opportunityId = randomUUID();
      const refused = await open(opportunityId);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
      expect(refused.milliseconds).toBeLessThan(2 * BOUNDED);
      const aged = await eventually(async () => {
        const answer = await query();
        expect([answer.status, answer.headers.get('annals-position')]).toEqual([200, fresh.headers.get('annals-position')]);
        return answer.headers.get('annals-age') === null ? undefined : answer;
      });
      expect(Number(aged.headers.get('annals-age'))).toBeGreaterThanOrEqual(3);
      expect(aged.milliseconds).toBeLessThan(BOUNDED);
      const past = await query(`?asOf=${new Date().toISOString()}`);
      expect([past.status, past.headers.get('annals-age')]).toEqual([200, expect.stringMatching(/^\d+$/)]);
      const missing = await query(`/${randomUUID()}`);
      expect([missing.status, missing.headers.get('annals-age')]).toEqual([404, expect.stringMatching(/^\d+$/)]);
      const ready = await health();
      expect([ready.status, ready.body.ready]).toEqual([503, false]);
      expect(ready.body.failure).toContain('EventStoreDB');
      await engines.log.set('open');
      await eventually(async () => ((await open(opportunityId)).status < 300 ? true : undefined), COMES_BACK_WITHIN);
      await eventually(async () => {
        const answer = await query();
        return answer.status === 200 && answer.headers.get('annals-age') === null ? true : undefined;
      }, COMES_BACK_WITHIN);
    }, 120_000);
  });

  describe('keys in MongoDB', () => {
    const other = temporaryFolder();
    let before: ServerProcess;
    beforeEach(async () => {
      before = server;
      server = await startServer(other, { env: engines.settings(join(other, 'data'), { topics: false }) });
    }, 60_000);
    afterEach(async () => {
      await server.stop('SIGKILL');
      server = before;
    });

    it('stop only commands that need them, with 503 in bounded time', async () => {
      await engines.views.set('silent');
      const [named, unnamed] = await Promise.all([
        ask('/v1/customers', { body: { kind: 'PERSON', name: 'Ada Lovelace' } }),
        open(),
      ]);
      expect([named.status, named.body.type, named.headers.get('retry-after')]).toEqual([
        503,
        '/problems/store-unavailable',
        '2',
      ]);
      expect(named.milliseconds).toBeLessThan(BOUNDED);
      expect(unnamed.status).toBe(201);
    }, 60_000);
  });

  describe('when a server starts', () => {
    it.each([
      ['the log', 'EventStoreDB', 'log'],
      ['views', 'MongoDB', 'views'],
    ] as const)(
      '%s must be there: it says what is missing, and what to do',
      async (_what, name, which) => {
        await engines[which].set('cut');
        const began = performance.now();
        const other = temporaryFolder();
        const refused = await startServer(other, { env: settings(other) }).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(ServerRefused);
        const { code, said } = refused as ServerRefused;
        expect([code, said]).toEqual([1, expect.stringContaining(name)]);
        expect(said).toContain('start it, or mend its address');
        expect(said).not.toContain('    at ');
        expect(performance.now() - began).toBeLessThan(30_000);
      },
      60_000,
    );

    it('topics need not be there: it serves, and says so', async () => {
      await engines.topics.set('cut');
      const other = temporaryFolder();
      const before = server;
      server = await startServer(other, { env: settings(other) });
      try {
        expect((await open()).status).toBe(201);
        await eventually(async () => {
          const { readers } = (await health()).body as { readers: { kind: string; failure?: string }[] };
          return readers.find(({ kind }) => kind === 'relay')?.failure?.includes('Kafka') || undefined;
        }, COMES_BACK_WITHIN);
      } finally {
        await server.stop('SIGKILL');
        server = before;
      }
    }, 150_000);
  });
}
