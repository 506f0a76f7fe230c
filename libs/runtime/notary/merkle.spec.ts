import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  consistencyProof,
  GrowingTree,
  type Hash,
  includes,
  inclusionProof,
  isContinued,
  type KnownHash,
  leafHash,
  rootOf,
} from './merkle.js';

const leaves = (number: number): Hash[] => Array.from({ length: number }, (_, index) => leafHash(`fact ${index}`));
const leavesOnly =
  (all: readonly Hash[]): KnownHash =>
  async (from, to) =>
    to - from === 1 ? all[from] : undefined;
const size = fc.integer({ min: 1, max: 70 });

/** Word for word from RFC 9162, 2.1.1. */
function mth(texts: readonly string[]): Buffer {
  const sha = (...parts: (string | Buffer)[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
  if (texts.length === 0) return sha('');
  if (texts.length === 1) return sha(Buffer.of(0), texts[0] as string);
  let k = 1;
  while (k * 2 < texts.length) k *= 2;
  return sha(Buffer.of(1), mth(texts.slice(0, k)), mth(texts.slice(k)));
}

describe('a Merkle tree (RFC 9162)', () => {
  it('has the root that the RFC defines, whether it is computed at once or grows', async () => {
    for (let number = 0; number <= 40; number++) {
      const tree = new GrowingTree();
      for (const leaf of leaves(number)) tree.add(leaf);
      const expected = mth(Array.from({ length: number }, (_, index) => `fact ${index}`));
      expect(tree.root).toEqual(expected);
      expect(await rootOf(leavesOnly(leaves(number)), 0, number)).toEqual(expected);
    }
  });

  it('has the roots that other implementations have of the known test vector', async () => {
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const tree = new GrowingTree();
    for (const input of inputs) tree.add(leafHash(Buffer.from(input, 'hex').toString('latin1')));
    expect(tree.root.toString('hex')).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  it('proves each leaf, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), fc.nat(), async (number, some, other) => {
        const all = leaves(number);
        const [index, wrong] = [some % number, other % number];
        const root = await rootOf(leavesOnly(all), 0, number);
        const path = await inclusionProof(leavesOnly(all), index, number);
        expect(includes(root, number, index, all[index] as Hash, path)).toBe(true);
        expect(includes(root, number, index, leafHash('another'), path)).toBe(false);
        if (wrong !== index) {
          expect(includes(root, number, wrong, all[index] as Hash, path)).toBe(false);
          expect(includes(root, number, index, all[wrong] as Hash, path)).toBe(false);
        }
        expect(includes(root, number, index, all[index] as Hash, [...path, root])).toBe(false);
        if (path.length > 0) expect(includes(root, number, index, all[index] as Hash, path.slice(1))).toBe(false);
      }),
    );
  });

  it('proves that it begins with an earlier one, and with no other', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), async (number, some) => {
        const all = leaves(number);
        const earlier = some % (number + 1);
        const root = async (to: number, of = all) => ({ size: to, root: await rootOf(leavesOnly(of), 0, to) });
        const path = await consistencyProof(leavesOnly(all), earlier, number);
        const [before, now] = [await root(earlier), await root(number)];
        expect(isContinued(before, now, path)).toBe(true);
        if (earlier === 0) return;
        const changed = all.map((leaf, index) => (index === some % earlier ? leafHash('changed') : leaf));
        expect(isContinued(await root(earlier, changed), now, path)).toBe(false);
        const anew = await root(number, changed);
        expect(isContinued(before, anew, await consistencyProof(leavesOnly(changed), earlier, number))).toBe(false);
        expect(isContinued(before, now, [...path, now.root])).toBe(false);
      }),
    );
  });
});
