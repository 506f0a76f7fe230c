import { expect, it } from '@jest/globals';
import { Patience } from './patience.js';
import { LogUnavailable } from './ports.js';

const before = { known: 'before' };
const never = () => new Promise<string>(() => {});

it('waits for an answer where none is known from before', async () => {
  await expect(new Patience().ask(() => Promise.reject(new LogUnavailable('Away.')), undefined)).rejects.toThrow('Away');
  expect(await new Patience().ask(async () => 'new', undefined)).toBe('new');
});

it('gives the new answer where there is one, and never hides a fault of ours', async () => {
  const patience = new Patience();
  expect(await patience.ask(async () => 'new', before)).toBe('new');
  await expect(patience.ask(() => Promise.reject(new TypeError('A bug.')), before)).rejects.toThrow('A bug');
});

it('waits a moment once for a log that is frozen, and then for nobody until it answers', async () => {
  const patience = new Patience();
  let answer = (_: string) => {};
  const began = performance.now();
  expect(await patience.ask(() => new Promise<string>((resolve) => (answer = resolve)), before)).toBe('before');
  expect(performance.now() - began).toBeGreaterThan(400);
  const next = performance.now();
  for (let times = 0; times < 100; times++) expect(await patience.ask(never, before)).toBe('before');
  expect(performance.now() - next).toBeLessThan(400);
  answer('late');
  await new Promise((resolve) => setImmediate(resolve));
  expect(await patience.ask(async () => 'new', before)).toBe('new');
});

it('leaves a log that is away alone for a while', async () => {
  const patience = new Patience();
  let asked = 0;
  const away = () => {
    asked++;
    return Promise.reject(new LogUnavailable('Away.'));
  };
  for (let times = 0; times < 10; times++) expect(await patience.ask(away, before)).toBe('before');
  expect(asked).toBe(1);
});
