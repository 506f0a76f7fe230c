import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { AddressRefused } from '#runtime/webhooks/sending';
import { isOpenInternet } from './addresses.js';
import { webhookSender } from './send.js';

describe('the open Internet', () => {
  it.each(['93.184.215.14', '8.8.8.8', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'])('has %s', (address) =>
    expect(isOpenInternet(address)).toBe(true),
  );
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::7f00:1',
    'localhost',
  ])('does not have %s', (address) => expect(isOpenInternet(address)).toBe(false));
});

describe('a delivery', () => {
  const send = webhookSender({ toPrivate: false, timeout: 5_000 });
  it.each([
    'http://shop.example/hook',
    'https://127.0.0.1/hook',
    'https://2130706433/hook',
    'https://0x7f.1/hook',
    'https://[::1]/hook',
    'https://[::ffff:10.0.0.1]/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/hook',
  ])('never goes to %s', async (url) => {
    await expect(send({ url, headers: {}, body: '{}', signal: new AbortController().signal })).rejects.toBeInstanceOf(
      AddressRefused,
    );
  });
});

describe('an answer', () => {
  it.each([
    ['switches to another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'],
    ['is none', ''],
    ['is no HTTP', 'hello\r\n\r\n'],
  ])('that %s is a delivery that failed, not one that never ends', async (_, answer) => {
    const receiver = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(answer)));
    await once(receiver.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    const send = webhookSender({ toPrivate: true, timeout: 1_000 });
    try {
      await expect(send({ url, headers: {}, body: '{}', signal: new AbortController().signal })).rejects.toThrow();
    } finally {
      receiver.close();
    }
  });
});
