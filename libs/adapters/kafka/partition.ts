const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/**
 * The partition of a key as the Java client chooses it. Our own: that of kafkajs gives the same, in BigInt arithmetic and
 * again for every attempt of a request, which took a fifth of the relay's time.
 */
export const partitionOf = (key: string, partitions: number): number => (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;

/** MurmurHash2 in 32 bits, as in `org.apache.kafka.common.utils.Utils`. */
function murmur2(data: Buffer): number {
  const whole = data.length & ~3;
  let hash = SEED ^ data.length;
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(data.readInt32LE(at), M);
    word = Math.imul(word ^ (word >>> 24), M);
    hash = Math.imul(hash, M) ^ word;
  }
  if (whole < data.length) hash = Math.imul(hash ^ data.readUIntLE(whole, data.length - whole), M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}
