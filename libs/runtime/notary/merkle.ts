import { hash } from 'node:crypto';

/**
 * Merkle trees of RFC 9162, section 2.1, with SHA-256: a leaf is hashed with 0x00 before it, two subtrees with 0x01 before them.
 * A hash is 32 bytes.
 */
export type Hash = Buffer;

export const HASH_BYTES = 32;

/** Of the text in UTF-8. */
export const leafHash = (leaf: string): Hash => hash('sha256', `\0${leaf}`, 'buffer');

const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);
function nodeHash(left: Hash, right: Hash): Hash {
  left.copy(pair, 1);
  right.copy(pair, 1 + HASH_BYTES);
  return hash('sha256', pair, 'buffer');
}

/** Root of the tree without leaves. */
const EMPTY: Hash = hash('sha256', '', 'buffer');

/** Gives the hashes of one leaf, or of leaves that make a complete subtree, from one (inclusive) to another (exclusive); or nothing: ask for its halves. */
export type KnownHash = (from: number, to: number) => Promise<Hash | undefined>;

/** The root over the leaves from one (inclusive) to another (exclusive). */
export async function rootOf(known: KnownHash, from: number, to: number): Promise<Hash> {
  if (from === to) return EMPTY;
  const whole = await known(from, to);
  if (whole) return whole;
  const middle = from + halfOf(to - from);
  return nodeHash(await rootOf(known, from, middle), await rootOf(known, middle, to));
}

/** The hashes that lead from a leaf to the root of the first `size` leaves (2.1.3.1), lowest first. */
export async function inclusionProof(known: KnownHash, index: number, size: number): Promise<readonly Hash[]> {
  const path: Hash[] = [];
  for (let [from, to] = [0, size]; to - from > 1; ) {
    const middle = from + halfOf(to - from);
    path.unshift(index < middle ? await rootOf(known, middle, to) : await rootOf(known, from, middle));
    [from, to] = index < middle ? [from, middle] : [middle, to];
  }
  return path;
}

/** The hashes that show that the first `size` leaves begin with the first `earlier` of them (2.1.4.1), lowest first. */
export async function consistencyProof(known: KnownHash, earlier: number, size: number): Promise<readonly Hash[]> {
  if (earlier === 0 || earlier === size) return [];
  const path: Hash[] = [];
  let [from, to] = [0, size];
  while (earlier !== to) {
    const middle = from + halfOf(to - from);
    path.unshift(earlier <= middle ? await rootOf(known, middle, to) : await rootOf(known, from, middle));
    [from, to] = earlier <= middle ? [from, middle] : [middle, to];
  }
  // Whoever has the earlier root has this one too, if it is the whole of it.
  return from === 0 ? path : [await rootOf(known, from, to), ...path];
}

/** The largest power of two below a number from 2 on. */
function halfOf(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

/** Whether a leaf lies at an index under the root of `size` leaves (2.1.3.2). */
export function includes(root: Hash, size: number, index: number, leaf: Hash, path: readonly Hash[]): boolean {
  if (index < 0 || index >= size) return false;
  let [node, last] = [index, size - 1];
  let top = leaf;
  for (const step of path) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      top = nodeHash(step, top);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else top = nodeHash(top, step);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && top.equals(root);
}

/** Whether the tree of `size` leaves begins with the one of `earlier` leaves (2.1.4.2). */
export function isContinued(
  before: { readonly size: number; readonly root: Hash },
  now: { readonly size: number; readonly root: Hash },
  path: readonly Hash[],
): boolean {
  if (before.size > now.size) return false;
  if (before.size === now.size) return path.length === 0 && before.root.equals(now.root);
  if (before.size === 0) return path.length === 0 && before.root.equals(EMPTY);
  const steps = isPowerOfTwo(before.size) ? [before.root, ...path] : path;
  const [first, ...rest] = steps;
  if (!first) return false;
  let [node, last] = [before.size - 1, now.size - 1];
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  let [old, current] = [first, first];
  for (const step of rest) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      [old, current] = [nodeHash(step, old), nodeHash(step, current)];
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else current = nodeHash(current, step);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && old.equals(before.root) && current.equals(now.root);
}

// Without operators of 32 bits: a log may have more facts.
const isOdd = (number: number) => number % 2 === 1;
const half = (number: number) => Math.floor(number / 2);
const isPowerOfTwo = (number: number) => Number.isInteger(Math.log2(number));

/** The root of leaves that come one after the other, in memory for the logarithm of their number. */
export class GrowingTree {
  /** Roots of complete subtrees, the largest first. */
  readonly #peaks: { readonly size: number; readonly top: Hash }[] = [];
  size = 0;

  add(leaf: Hash): void {
    let [top, size] = [leaf, 1];
    for (let last = this.#peaks.at(-1); last?.size === size; last = this.#peaks.at(-1)) {
      this.#peaks.pop();
      [top, size] = [nodeHash(last.top, top), size * 2];
    }
    this.#peaks.push({ size, top });
    this.size += 1;
  }

  get root(): Hash {
    const [smallest, ...larger] = this.#peaks.map(({ top }) => top).reverse();
    return smallest ? larger.reduce((right, left) => nodeHash(left, right), smallest) : EMPTY;
  }
}
