import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { Reader } from '../source.js';
import { httpSource } from './http.js';

describe('the HTTP source', () => {
  it('comes back with growing pauses where something in between ends each stream at once', async () => {
    const came: number[] = [];
    const fourth = new AbortController();
    const server = createServer((request, response) => {
      if (request.headers.accept === 'text/event-stream') {
        came.push(performance.now());
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end();
        if (came.length === 4) fourth.abort();
      } else response.end(JSON.stringify({ events: [], position: 'abcdefgh.0000000000000000', atHead: true }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const failures: unknown[] = [];
    const reader: Reader = {
      position: async () => undefined,
      handle: async () => true,
      putAside: async () => true,
      failed: (error) => failures.push(error),
    };
    const { port } = server.address() as AddressInfo;
    try {
      await httpSource({ url: `http://127.0.0.1:${port}`, token: 'x', topics: ['customer'] }).read(reader, fourth.signal);
    } finally {
      server.close();
      server.closeAllConnections();
    }
    const pauses = came.slice(1).map((at, index) => at - (came[index] as number));
    // a random half is taken off of 500, 1,000 and 2,000 milliseconds
    for (const [index, least] of [250, 500, 1_000].entries()) expect(pauses[index]).toBeGreaterThanOrEqual(least - 5);
    expect(failures).toEqual([]);
  }, 30_000);
});
