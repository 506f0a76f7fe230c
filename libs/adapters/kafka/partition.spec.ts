import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { partitionOf } from './partition.js';

describe('the partition of a key', () => {
  // hashes from UtilsTest.testMurmur2 of Apache Kafka
  it.each([
    ['21', -973_932_308],
    ['foobar', -790_332_482],
    ['a-little-bit-long-string', -985_981_536],
    ['a-little-bit-longer-string', -1_486_304_829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
    ['abc', 479_470_107],
  ])('of %s is what the Java client chooses', (key, hash) => {
    for (const partitions of [1, 7, 12, 1_000_003]) expect(partitionOf(key, partitions)).toBe((hash & 0x7fffffff) % partitions);
  });

  it('is what the partitioner of kafkajs chooses', () => {
    const partitioner = kafkajs.Partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (key, count) => {
        const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 1 }));
        const message = { key, value: '' };
        expect(partitionOf(key, count)).toBe(
          partitioner({ topic: 't', message, partitionMetadata } as unknown as Parameters<typeof partitioner>[0]),
        );
      }),
    );
  });
});
