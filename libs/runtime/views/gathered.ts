import type { DocumentKey, ParkedFact, StoredDocument } from '../ports.js';
import type { Changes } from './fold.js';

/** Changes on their way to one commit or message. */
export class Gathered implements Changes {
  readonly put: StoredDocument[] = [];
  readonly remove: DocumentKey[] = [];
  readonly park: ParkedFact[] = [];
  readonly release: { readonly tenant: string; readonly key: string }[] = [];
  readonly #enough: { readonly documents: number; readonly characters: number };
  #characters = 0;

  constructor(enough: { readonly documents: number; readonly characters: number }) {
    this.#enough = enough;
  }

  add({ put, remove, park, release }: Changes): void {
    for (const document of put) {
      this.put.push(document);
      this.#characters += document.json.length;
    }
    for (const key of remove) this.remove.push(key);
    for (const fact of park) this.park.push(fact);
    for (const key of release) this.release.push(key);
  }

  get isEnough(): boolean {
    return this.put.length >= this.#enough.documents || this.#characters >= this.#enough.characters;
  }
}
