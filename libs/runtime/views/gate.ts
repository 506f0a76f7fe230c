/** Many may look at a view at once, or one may change it: an answer made of several reads is then of one position. */
export class Gate {
  #readers = 0;
  #writing = false;
  readonly #writersWaiting: (() => void)[] = [];
  readonly #readersWaiting: (() => void)[] = [];

  async read<T>(work: () => Promise<T>): Promise<T> {
    if (this.#writing || this.#writersWaiting.length > 0) await new Promise<void>((go) => this.#readersWaiting.push(go));
    else this.#readers += 1;
    try {
      return await work();
    } finally {
      this.#readers -= 1;
      this.#next();
    }
  }

  async write<T>(work: () => Promise<T>): Promise<T> {
    if (this.#writing || this.#readers > 0) await new Promise<void>((go) => this.#writersWaiting.push(go));
    else this.#writing = true;
    try {
      return await work();
    } finally {
      this.#writing = false;
      this.#admitReaders();
      this.#next();
    }
  }

  #admitReaders(): void {
    for (const go of this.#readersWaiting.splice(0)) {
      this.#readers += 1;
      go();
    }
  }

  #next(): void {
    if (this.#writing || this.#readers > 0) return;
    const writer = this.#writersWaiting.shift();
    if (!writer) {
      this.#admitReaders();
      return;
    }
    this.#writing = true;
    writer();
  }
}
