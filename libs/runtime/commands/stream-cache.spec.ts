import { describe, expect, it } from '@jest/globals';
import { StreamCache } from './stream-cache.js';
import type { Stream } from './streams.js';

const stream = (name: string, commands: number, revision = 0, size = 0): Stream => ({
  name,
  aggregate: {} as Stream['aggregate'],
  state: {},
  size,
  revision,
  changedAt: revision,
  position: undefined,
  lastOccurredAt: undefined,
  lastToldAt: undefined,
  commands: new Map(Array.from({ length: commands }, (_, index) => [`${name} ${index}`, index])),
});

describe('the cache of streams', () => {
  it('has what was put in last', () => {
    const cache = new StreamCache<Stream>(40_000);
    cache.set(stream('one', 1));
    cache.set(stream('one', 1, 7));
    expect(cache.get('one')?.revision).toBe(7);
    cache.delete('one');
    expect(cache.get('one')).toBeUndefined();
  });

  it('keeps what is used and forgets what is not', () => {
    const cache = new StreamCache<Stream>(40_000);
    cache.set(stream('used', 1));
    cache.set(stream('left alone', 1));
    for (let number = 0; number < 200; number++) {
      cache.set(stream(`other ${number}`, 1));
      expect(cache.get('used')).toBeDefined();
    }
    expect(cache.get('left alone')).toBeUndefined();
  });

  it('is bounded by commands and by data, not by streams alone', () => {
    const cache = new StreamCache<Stream>(40_000);
    cache.set(stream('small', 1));
    cache.set(stream('large', 210));
    cache.set(stream('larger', 220));
    expect(cache.get('small')).toBeUndefined();
    expect(cache.get('larger')).toBeDefined();
    cache.set(stream('wide', 1, 0, 12_000));
    cache.set(stream('wider', 1, 0, 13_000));
    expect(cache.get('larger')).toBeUndefined();
    expect(cache.get('wider')).toBeDefined();
  });
});
