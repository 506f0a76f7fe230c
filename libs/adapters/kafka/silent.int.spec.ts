import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import { TopicsUnavailable } from '#runtime/ports';
import { openKafkaTopics } from './topics.js';

it('a broker that takes connections and answers nothing is given up in the time that was set', async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket.resume())).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const broker = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const began = performance.now();
  const opening = openKafkaTopics({ brokers: [broker], partitions: 1, timeoutMilliseconds: 500 });
  await expect(opening).rejects.toBeInstanceOf(TopicsUnavailable);
  // the default would take 15 seconds
  expect(performance.now() - began).toBeLessThan(8_000);
  expect(sockets.size).toBeGreaterThan(0);
  const ended = [...sockets].map((socket) => socket.destroyed || once(socket, 'close'));
  await Promise.all(ended);
  silent.close();
});
