import { describe, expect, it } from '@jest/globals';
import { Arrivals } from './arrivals.js';

const at = (n: number) => `aaaaaaaa.${String(n).padStart(16, '0')}`;

describe('when facts came', () => {
  it('is known for each position under steady writes, however long nobody asks', () => {
    const arrivals = new Arrivals(at(0), at(0), 0);
    for (let n = 1; n <= 36_000; n++) arrivals.saw(at(n), n * 100);
    const late = (n: number) => 3_600_000 - (arrivals.behindSince(at(n)) as number);
    expect(late(35_999)).toBeLessThanOrEqual(1_000);
    expect(late(35_700)).toBeGreaterThanOrEqual(29_900);
    expect(late(35_700)).toBeLessThanOrEqual(31_000);
  });

  it('is unknown where nothing lies behind a position', () => {
    const arrivals = new Arrivals(at(0), at(7), 0);
    expect(arrivals.behindSince(at(7))).toBeUndefined();
    arrivals.saw(at(7), 50);
    expect(arrivals.behindSince(at(7))).toBeUndefined();
  });

  it('is that of the new fact after a quiet night', () => {
    const arrivals = new Arrivals(at(0), at(7), 0);
    arrivals.saw(at(8), 30_000_000);
    expect(arrivals.behindSince(at(7))).toBe(30_000_000);
  });

  it('counts from the start for what was there before', () => {
    expect(new Arrivals(at(0), at(7), 5).behindSince(at(3))).toBe(5);
  });

  it('takes bounded memory, and is less exact the longer ago it was', () => {
    const arrivals = new Arrivals(at(0), at(0), 0);
    for (let n = 1; n <= 100_000; n++) arrivals.saw(at(n), n * 1_000);
    for (const n of [99_990, 99_000, 90_000]) {
      const late = 100_000_000 - (arrivals.behindSince(at(n)) as number);
      const truth = 100_000_000 - (n + 1) * 1_000;
      expect(late).toBeGreaterThanOrEqual(truth);
      expect(late).toBeLessThanOrEqual(truth * 1.1 + 1_000);
    }
  });
});
