import { request as httpRequest } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { ALL, type Call, givenSurface, type Told } from '../../../test/support/surface.js';

const surface = givenSurface();
const { call, post, product, productId, tokenWith } = surface;

describe('many commands as lines', () => {
  const send = (lines: readonly (object | string)[], more: Call = {}) =>
    call('/v1/commands', {
      method: 'POST',
      raw: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
      headers: { 'content-type': 'application/x-ndjson' },
      ...more,
    });
  const answersOf = ({ text }: Told) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; status: number; key?: string; answer?: { revision: number } });

  it('are not read when the request says in headers or parameters what each has to say for itself', async () => {
    const headers = { 'content-type': 'application/x-ndjson', 'if-match': '"7"' };
    expect(await send([], { headers })).toMatchObject({
      status: 400,
      json: { errors: [{ field: 'If-Match', message: 'belongs into each line, as "ifRevision":7' }] },
    });
    const told = await call('/v1/commands?key=k', {
      method: 'POST',
      raw: '',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(told).toMatchObject({ status: 400, json: { errors: [{ field: 'key' }] } });
  });

  it('are answered one by one, bad ones too', async () => {
    const told = await send([
      { command: 'DefineProduct', key: 'l1', payload: product() },
      '{"command":',
      { command: 'DefineProduct', key: 'l3', payload: { name: 'x' } },
      '',
      { command: 'PlaceOrders', payload: {} },
      { command: 'DefineProduct', key: 'l6', payload: product() },
    ]);
    expect(told.status).toBe(200);
    expect(told.headers.get('content-type')).toContain('application/x-ndjson');
    const byLine = answersOf(told).sort((one, other) => one.line - other.line);
    expect(byLine.map(({ line, status }) => [line, status])).toEqual([
      [1, 201],
      [2, 400],
      [3, 400],
      [5, 400],
      [6, 201],
    ]);
    expect(byLine[0]?.key).toBe('l1');
  });

  it('of one stream take effect in their order', async () => {
    const ids = await Promise.all([productId(), productId(), productId()]);
    const lines = Array.from({ length: 300 }, (_, index) => ({
      command: 'PriceProduct',
      key: `p${index}`,
      payload: { productId: ids[index % 3], amount: index + 1, currency: 'EUR' },
    }));
    const answers = answersOf(await send(lines));
    expect(answers).toHaveLength(300);
    for (let third = 0; third < 3; third++) {
      const revisions = answers
        .filter(({ line }) => (line - 1) % 3 === third)
        .sort((one, other) => one.line - other.line)
        .map(({ answer }) => answer?.revision);
      expect(revisions).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    }
    const head = await surface.house.facts.head();
    const { json } = await call(`/v1/views/products/${ids[2]}?minPosition=${head}`);
    expect(json.document.prices).toEqual({ EUR: 300 });
  }, 30_000);

  it('with one longer than 1 MiB refuse that one only, in a body of any size', async () => {
    const answers = answersOf(
      await send([
        { command: 'DefineProduct', payload: product() },
        'x'.repeat(3_000_000),
        { command: 'DefineProduct', payload: product() },
      ]),
    );
    expect(answers.sort((one, other) => one.line - other.line).map(({ status }) => status)).toEqual([201, 413, 201]);
  });

  it('are refused line by line for a missing role', async () => {
    const lines = [
      { command: 'DefineProduct', payload: product() },
      { command: 'DefineProduct', payload: product(), imported: { cutOver: '2026-01-01T00:00:00.000Z', clock: false } },
    ];
    expect(answersOf(await send(lines, { roles: ['care'] })).map(({ status }) => status)).toEqual([403, 403]);
    expect(answersOf(await send(lines.slice(1), { roles: ['sales'] })).map(({ status }) => status)).toEqual([403]);
  });

  it('of another content type are refused as a whole', async () => {
    expect((await send([], { headers: { 'content-type': 'application/json' } })).status).toBe(415);
  });

  it('are answered while more are sent', async () => {
    const authorization = `Bearer ${await tokenWith(ALL)}`;
    const got: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const sent = httpRequest(
        `${surface.web.url}/v1/commands`,
        { method: 'POST', headers: { authorization, 'content-type': 'application/x-ndjson' } },
        (response) => {
          response.on('data', (part: Buffer) => {
            got.push(...part.toString().trim().split('\n'));
            if (got.length < 5) sent.write(`${JSON.stringify({ command: 'DefineProduct', payload: product() })}\n`);
            else sent.end();
          });
          response.on('end', resolve);
        },
      );
      sent.on('error', reject);
      sent.write(`${JSON.stringify({ command: 'DefineProduct', payload: product() })}\n`);
    });
    expect(got).toHaveLength(5);
  });

  it('are taken no more once the token is revoked, however long the request goes on', async () => {
    const { token, tokenId } = await surface.house.access.issueToken(surface.house.admin, { label: 'short', roles: ['sales'] });
    const line = () => `${JSON.stringify({ command: 'DefineProduct', payload: product() })}\n`;
    const statuses: number[] = [];
    await new Promise<void>((resolve, reject) => {
      const sent = httpRequest(
        `${surface.web.url}/v1/commands`,
        { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' } },
        (response) => {
          response.on('data', async (part: Buffer) => {
            const { status } = JSON.parse(part.toString()) as { readonly status: number };
            statuses.push(status);
            if (status !== 201) return sent.end();
            if (statuses.length === 1) await post(`/v1/tokens/${tokenId}/revoke`);
            // well before that many lines the token is looked at again
            else if (statuses.length === 100) return sent.end();
            setTimeout(() => sent.write(line()), 20);
          });
          response.on('end', resolve);
        },
      );
      sent.on('error', reject);
      sent.write(line());
    });
    expect(statuses.length).toBeLessThan(100);
    expect(statuses.at(-1)).toBe(401);
  }, 30_000);
});
