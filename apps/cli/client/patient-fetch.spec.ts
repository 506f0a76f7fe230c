import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { patientFetch } from './patient-fetch.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serving(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
const post = (url: string, signal: AbortSignal = new AbortController().signal) =>
  patientFetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, signal, body: '{"to":"/a"}' });

describe('a request whose answer may begin late', () => {
  it('brings what was sent, and the answer with its status', async () => {
    const url = await serving(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      setTimeout(() => response.writeHead(422).end(JSON.stringify({ body, method: request.method })), 50);
    });
    const response = await post(url);
    expect([response.status, response.ok, await response.json()]).toEqual([422, false, { body: '{"to":"/a"}', method: 'POST' }]);
  });
  it('is ended by its signal, with the reason', async () => {
    const silence = new AbortController();
    const url = await serving(() => silence.abort(new Error('no answer within 1 s')));
    await expect(post(url, silence.signal)).rejects.toThrow('no answer within 1 s');
  });
  it('fails where the connection does, before the answer or within it', async () => {
    const broken = await serving((request) => request.socket.destroy());
    await expect(post(broken)).rejects.toThrow();
    server?.close();
    const cut = await serving((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{', () => request.socket.destroy());
    });
    await expect(post(cut)).rejects.toThrow();
  });
});
