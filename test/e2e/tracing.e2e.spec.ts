import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TopicMessage, Topics } from '#runtime';
import { type OpenSpan, tracedTopics } from '#runtime/tracing/index';
import { loadConfig } from '../../apps/server/config.js';
import { type RunningServer, startServer } from '../../apps/server/start.js';
import { eventually, temporaryFolder } from '../support/house.js';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}
interface Export {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

/** A collector: takes OTLP over HTTP and keeps the spans. */
const spans: Span[] = [];
let collector: Server;
let server: RunningServer;
let token: string;

beforeAll(async () => {
  collector = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString()) as Export;
    if (request.url === '/v1/traces')
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const folder = temporaryFolder();
  server = await startServer(
    loadConfig({
      ANNALS_DATA: path.join(folder, 'data'),
      ANNALS_SECRETS: path.join(folder, 'secrets'),
      ANNALS_PORT: '0',
      ANNALS_LOG_LEVEL: 'silent',
      ANNALS_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      ANNALS_TRACE_PERCENT: '0',
    }),
  );
  token = readFileSync(server.adminTokenFile, 'utf8').trim();
}, 60_000);
afterAll(async () => {
  await server?.close();
  collector?.closeAllConnections();
  collector?.close();
}, 60_000);

const register = (headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${server.url}/v1/customers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ kind: 'PERSON', name: 'Ada Example', email: `${crypto.randomUUID()}@example.org` }),
  });

describe('a trace', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

  it('goes from the request of a caller through the append to every view of its facts, and names nobody', async () => {
    const answer = await register({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
    expect(answer.status).toBe(201);
    const { stream } = (await answer.json()) as { stream: string };
    const own = await eventually(async () => {
      const found = spans.filter((span) => span.traceId === traceId);
      const names = new Set(found.map(({ name }) => name));
      const wanted = ['POST /v1/customers', 'append', 'view customer360', 'view timeline'];
      return wanted.every((name) => names.has(name)) ? found : undefined;
    });
    const request = own.find(({ name }) => name === 'POST /v1/customers');
    expect(request?.parentSpanId).toBe('00f067aa0ba902b7');
    const rest = own.filter((span) => span !== request);
    expect(rest.map(({ parentSpanId }) => parentSpanId)).toEqual(rest.map(() => request?.spanId));
    const { facts } = await server.house.facts.page({ tenant: 'main', stream, limit: 10 });
    expect(facts.map(({ traceparent }) => traceparent)).toEqual(facts.map(() => `00-${traceId}-${request?.spanId}-01`));
    expect(JSON.stringify(own)).not.toMatch(/Ada|example\.org|annals_main/);
  }, 60_000);

  it('of a caller that does not record it is not sent, and a malformed context begins none', async () => {
    const other = '0af7651916cd43dd8448eb211c80319c';
    for (const traceparent of [`00-${other}-b7ad6b7169203331-00`, 'nonsense', ''])
      expect((await register({ traceparent })).status).toBe(201);
    const before = spans.length;
    expect((await register({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` })).status).toBe(201);
    await eventually(async () => (spans.length > before + 2 ? true : undefined));
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  }, 60_000);

  it('is begun by nobody whose token is not good', async () => {
    const forced = 'a3ce929d0e0e47364bf92f3577b34da6';
    const traceparent = `00-${forced}-00f067aa0ba902b7-01`;
    for (const authorization of ['', 'Basic YTpi', 'Bearer annals_main_0190c2f4-5b1e-7c3a-9d0e-6c1b7f0a2c31_wrong'])
      expect((await register({ traceparent, authorization })).status).toBe(401);
    const before = spans.length;
    expect((await register({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` })).status).toBe(201);
    await eventually(async () => (spans.length > before + 2 ? true : undefined));
    expect(spans.filter((span) => span.traceId === forced)).toEqual([]);
  }, 60_000);

  it('reaches the topic: each message is a span of the trace that it carries, failed where the transaction failed', async () => {
    const told: { name: string; parent: string | undefined; failed: boolean | undefined }[] = [];
    const tracing = {
      begin: (name: string, { parent }: { readonly parent?: string | undefined }): OpenSpan => ({
        traceparent: '',
        end: (result) => void told.push({ name, parent, failed: result?.failed }),
      }),
      close: async () => {},
    };
    const publish = (messages: readonly TopicMessage[]) =>
      messages.length > 2 ? Promise.reject(new Error('Fenced.')) : Promise.resolve();
    const writer = { checkpoint: undefined, ensure: async () => {}, publish, close: async () => {} };
    const topics: Topics = { generations: [], writer: async () => writer, retire: async () => {}, close: async () => {} };
    const message = (traceparent?: string): TopicMessage => ({
      tenant: 'main',
      aggregate: 'customer',
      stream: 'customer-main.1',
      headers: {},
      value: JSON.stringify({ specversion: '1.0', ...(traceparent && { traceparent }) }),
    });
    const parent = `00-${traceId}-00f067aa0ba902b7-01`;
    const traced = await tracedTopics(topics, tracing).writer(1, 0);
    await traced.publish([message(parent), message()], 'x');
    expect(told).toEqual([{ name: 'topic customer', parent, failed: false }]);
    await expect(traced.publish([message(parent), message(), message()], 'x')).rejects.toThrow('Fenced.');
    expect(told[1]).toEqual({ name: 'topic customer', parent, failed: true });
  });
});
