import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Client } from './client.js';
import { Unreachable } from './problems.js';

describe('the client of the command line', () => {
  it('says that the server is gone when an answer breaks off', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"facts":[', () => response.destroy());
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    try {
      await expect(new Client(`http://127.0.0.1:${port}`, undefined).get('/v1/facts')).rejects.toBeInstanceOf(Unreachable);
    } finally {
      server.close();
    }
  });
});
