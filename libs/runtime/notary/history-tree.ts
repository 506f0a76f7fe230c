import { randomInt } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isOf, type Log, LogUnavailable, type Notes, StaleWriter, type StoredFact } from '../ports.js';
import { Signal } from '../views/signal.js';
import { leafOfStored } from './leaf.js';
import { consistencyProof, GrowingTree, HASH_BYTES, type Hash, inclusionProof, leafHash, rootOf } from './merkle.js';

/** Facts whose hashes are kept as one: the hashes below are computed again from the log when somebody asks. A power of two. */
export const BLOCK = 256;
/** Blocks of one note. */
const BLOCKS_OF_NOTE = 512;
/** Facts that are hashed in one piece, under a millisecond: commands are decided on this thread too. */
const PIECE = 64;
/** How many times as long as it works it rests while nobody waits. */
const RESTS = 4;
/** Facts between two notes of how far the tree is. */
const NOTE_EVERY = 8_192;

/** The log no longer holds what was hashed when it was recorded. */
export class HistoryChanged extends Error {}

/** As it is noted. */
interface Standing {
  readonly position: string;
  readonly blocks: number;
  /** Hashes of the leaves behind the last whole block, Base64. */
  readonly tail: string;
  /** Position behind which they lie. */
  readonly tailFrom: string;
}

/**
 * The tree over all facts of a tenant, in the order of the log, as far as somebody asked for it. Of each whole block of facts it keeps a
 * hash and where in the log the block begins. What it has read it notes, so that a server that starts goes on there.
 */
export class HistoryTree {
  #position: string;
  /** Hash of each whole block, and the position behind which it begins. */
  #blocks: { readonly hash: Hash; readonly from: string }[] = [];
  #tail: Hash[] = [];
  #tailFrom: string;
  /** Of the notes: version, and how many blocks they hold. */
  readonly #versions = new Map<string, number>();
  #noted = 0;
  #loaded = false;
  #reading: Promise<void> | undefined;
  /** Somebody waits for what is being read. */
  #inHurry = false;
  readonly #hurry = new Signal();

  constructor(
    private readonly options: { readonly log: Log; readonly notes: Notes; readonly ending: AbortSignal },
    readonly tenant: string,
  ) {
    this.#position = this.#tailFrom = options.log.start;
  }

  /** Facts that it holds. */
  get size(): number {
    return this.#blocks.length * BLOCK + this.#tail.length;
  }

  /** Reads on to where the log ends now. `gently`: resting longer than it works, unless somebody comes who waits for it. */
  async readOn({ gently = false } = {}): Promise<void> {
    const head = await this.options.log.head();
    while (this.#position < head || !this.#loaded) {
      this.#inHurry ||= !gently;
      if (this.#inHurry) this.#hurry.give();
      this.#reading ??= this.#catchUp().finally(() => {
        this.#reading = undefined;
        this.#inHurry = false;
      });
      await this.#reading;
    }
  }

  root(size = this.size): Promise<Hash> {
    return rootOf(this.#known, 0, size);
  }

  inclusion(index: number, size: number): Promise<readonly Hash[]> {
    return inclusionProof(this.#known, index, size);
  }

  consistency(earlier: number, size: number): Promise<readonly Hash[]> {
    return consistencyProof(this.#known, earlier, size);
  }

  /** Where a fact lies among those of the tenant; undefined behind the end of the tree. Throws HistoryChanged. */
  async indexOf({ stream, revision, position }: StoredFact): Promise<number | undefined> {
    if (position > this.#position) return undefined;
    let [low, high] = [0, this.#blocks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#fromOf(middle + 1) < position) low = middle + 1;
      else high = middle;
    }
    const facts = await this.#factsOf(low);
    const at = facts.findIndex((fact) => fact.stream === stream && fact.revision === revision);
    if (at < 0) throw new HistoryChanged(`The log of ${this.tenant} has facts elsewhere than when they were recorded.`);
    return low * BLOCK + at;
  }

  /** Holds one block of facts, whichever, against what it was when it was hashed. Throws HistoryChanged. */
  async checkOne(): Promise<void> {
    await this.#load();
    if (this.#blocks.length === 0) return;
    this.#read = undefined;
    await this.#leavesOf(randomInt(this.#blocks.length));
  }

  readonly #known = async (from: number, to: number): Promise<Hash | undefined> => {
    const block = Math.floor(from / BLOCK);
    if (to - from === BLOCK && from % BLOCK === 0) return this.#blocks[block]?.hash;
    if (to - from !== 1) return undefined;
    if (block === this.#blocks.length) return this.#tail[from % BLOCK];
    return (await this.#leavesOf(block))[from % BLOCK];
  };

  #fromOf(block: number): string {
    return this.#blocks[block]?.from ?? (block > this.#blocks.length ? this.#position : this.#tailFrom);
  }

  #read: { readonly block: number; readonly leaves: readonly Hash[] } | undefined;

  /** Of a whole block, once more from the log. Throws HistoryChanged. */
  async #leavesOf(block: number): Promise<readonly Hash[]> {
    if (this.#read?.block !== block) {
      const leaves = (await this.#factsOf(block)).map((fact) => leafHash(leafOfStored(fact)));
      if (!rootOfAll(leaves).equals(this.#blocks[block]?.hash ?? Buffer.of()))
        throw new HistoryChanged(
          `The log of ${this.tenant} no longer holds what facts ${block * BLOCK} to ${(block + 1) * BLOCK - 1} were when they were recorded.`,
        );
      this.#read = { block, leaves };
    }
    return this.#read.leaves;
  }

  async #factsOf(block: number): Promise<readonly StoredFact[]> {
    const facts: StoredFact[] = [];
    for (let after = this.#fromOf(block), atHead = false; facts.length < BLOCK && !atHead; ) {
      const page = await this.options.log.readAll(after, {
        limit: BLOCK - facts.length,
        tenant: this.tenant,
        upTo: this.#position,
      });
      facts.push(...page.facts);
      [after, atHead] = [page.position, page.atHead || page.position >= this.#position];
    }
    return facts;
  }

  async #catchUp(): Promise<void> {
    const { log, ending } = this.options;
    await this.#load();
    const head = await log.head();
    // Ahead of the end: an older copy of the log took its place.
    if (this.#position > head) this.#beginAgain();
    for (let [unnoted, began] = [0, performance.now()]; this.#position < head; began = performance.now()) {
      if (ending.aborted) throw new LogUnavailable('The server is stopping.');
      const page = await log.readAll(this.#position, { limit: PIECE, tenant: this.tenant, upTo: head });
      for (const fact of page.facts) this.#add(fact);
      unnoted += page.facts.length;
      this.#position = page.atHead && !page.away ? head : page.position;
      if (page.away) throw new LogUnavailable('The log does not answer: only the first facts of it are known here.');
      if (unnoted >= NOTE_EVERY || (unnoted > 0 && this.#position >= head)) {
        await this.#note();
        unnoted = 0;
      }
      if (this.#inHurry) await nextTurn();
      else await this.#hurry.taken(RESTS * (performance.now() - began));
    }
  }

  #add(fact: StoredFact): void {
    this.#tail.push(leafHash(leafOfStored(fact)));
    if (this.#tail.length < BLOCK) return;
    this.#blocks.push({ hash: rootOfAll(this.#tail), from: this.#tailFrom });
    this.#tail = [];
    this.#tailFrom = fact.position;
  }

  #beginAgain(): void {
    this.#position = this.#tailFrom = this.options.log.start;
    [this.#blocks, this.#tail, this.#noted, this.#read] = [[], [], 0, undefined];
  }

  // ---- notes ----

  get #name(): string {
    return `history ${this.tenant}`;
  }

  async #load(): Promise<void> {
    if (this.#loaded) return;
    const standing = await this.#readNote<Standing>(this.#name);
    if (standing && isOf(this.options.log, standing.position)) {
      const blocks: { hash: Hash; from: string }[] = [];
      for (let first = 0; first < standing.blocks; first += BLOCKS_OF_NOTE)
        blocks.push(...blocksIn(await this.#readNote<NotedBlocks>(`${this.#name} ${first}`)));
      if (blocks.length >= standing.blocks) {
        this.#blocks = blocks.slice(0, standing.blocks);
        this.#tail = hashesIn(standing.tail);
        [this.#position, this.#tailFrom, this.#noted] = [standing.position, standing.tailFrom, standing.blocks];
      }
    }
    this.#loaded = true;
  }

  /** Blocks first: the standing tells how many of them count. Of several servers that note the same, whoever is second leaves it. */
  async #note(): Promise<void> {
    try {
      for (let first = this.#noted - (this.#noted % BLOCKS_OF_NOTE); first < this.#blocks.length; first += BLOCKS_OF_NOTE) {
        const blocks = this.#blocks.slice(first, first + BLOCKS_OF_NOTE);
        const noted: NotedBlocks = { hashes: textOf(blocks.map(({ hash }) => hash)), from: blocks.map(({ from }) => from) };
        await this.#writeNote(`${this.#name} ${first}`, noted);
      }
      await this.#writeNote(this.#name, {
        position: this.#position,
        blocks: this.#blocks.length,
        tail: textOf(this.#tail),
        tailFrom: this.#tailFrom,
      } satisfies Standing);
      this.#noted = this.#blocks.length;
    } catch (error) {
      if (!(error instanceof StaleWriter)) throw error;
      this.#versions.clear();
    }
  }

  async #readNote<T>(name: string): Promise<T | undefined> {
    const note = await this.options.notes.read(name);
    this.#versions.set(name, note?.version ?? 0);
    return note && (JSON.parse(note.value) as T);
  }

  async #writeNote(name: string, value: object): Promise<void> {
    const version = this.#versions.get(name) ?? (await this.options.notes.read(name))?.version ?? 0;
    await this.options.notes.write(name, JSON.stringify(value), version);
    this.#versions.set(name, version + 1);
  }
}

interface NotedBlocks {
  /** Base64, one after the other. */
  readonly hashes: string;
  readonly from: readonly string[];
}

const blocksIn = (noted: NotedBlocks | undefined) =>
  hashesIn(noted?.hashes ?? '').map((hash, index) => ({ hash, from: noted?.from[index] as string }));

const textOf = (hashes: readonly Hash[]): string => Buffer.concat(hashes).toString('base64');

function hashesIn(text: string): Hash[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, index) =>
    bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
}

function rootOfAll(leaves: readonly Hash[]): Hash {
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root;
}
