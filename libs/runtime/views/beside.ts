import type { Fellow, FoldedPart } from './fellow.js';
import { type Changes, type ParkedKeys, Unwritable } from './fold.js';
import type { LinkedFacts } from './linked.js';

/** A fellow that folds one part after the other: it has the next one as soon as one was taken from it. */
export class Beside {
  #asked: number | undefined;
  #answer: { readonly folded: FoldedPart } | { readonly error: unknown } | undefined;
  /** Resolves when the part that it has is folded, or was not. */
  settled: Promise<void> = Promise.resolve();

  constructor(
    private fellow: Fellow | undefined,
    /** Parts that nobody has; one that it failed at goes back there. */
    private readonly left: number[],
    private readonly parked: ParkedKeys,
    private readonly apart: LinkedFacts,
  ) {
    this.#ask();
  }

  get isBusy(): boolean {
    return this.#asked !== undefined;
  }

  /** What it folded, if it has. Throws Unwritable. */
  *arrived(): Generator<Changes> {
    const [part, answer] = [this.#asked, this.#answer];
    if (part === undefined || answer === undefined) return;
    this.#asked = undefined;
    if ('folded' in answer) {
      this.#ask();
      const { changes, apart } = answer.folded;
      for (const { tenant, key } of changes.park) this.parked.set(tenant, key, true);
      this.apart.add(apart);
      yield changes;
      return;
    }
    if (answer.error instanceof Unwritable) throw answer.error;
    this.fellow = undefined;
    this.left.push(part);
  }

  #ask(): void {
    this.#answer = undefined;
    this.#asked = this.fellow && this.left.pop();
    if (!this.fellow || this.#asked === undefined) return;
    this.settled = this.fellow.fold(this.#asked).then(
      (folded) => {
        this.#answer = { folded };
      },
      (error: unknown) => {
        this.#answer = { error };
      },
    );
  }
}
