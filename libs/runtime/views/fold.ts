import type { Recorded } from '#kernel';
import type { DocumentKey, ParkedFact, Space, StoredDocument, ViewChange } from '../ports.js';
import { documentJson } from './canonical.js';
import { Forest, linkJson } from './identity.js';
import { mergeKey } from './merge-key.js';
import type { ViewPlan } from './plan.js';
import { TenantMap } from './tenant-map.js';
import { faultOf, NONE, type Touch } from './touch.js';

/** What facts made of the documents: all that a commit needs, its checkpoint apart. */
export type Changes = Pick<ViewChange, 'put' | 'remove' | 'park' | 'release'>;

/** The keys of a view at which folding has stopped. */
export type ParkedKeys = TenantMap<true>;

/** A document's value cannot be written as JSON. Fold again with `careful`, which finds the fact that made it so. */
export class Unwritable extends Error {}

interface ViewKey {
  readonly tenant: string;
  readonly key: string;
}

interface Own {
  readonly tenant: string;
  readonly key: string;
  /** Null: there is none. */
  document: unknown;
  position: string;
  /** Where the store has it, if it has. */
  stored: Space | undefined;
  changed: boolean;
}

/** Documents in memory while facts are folded into them. The owner loads what a batch touches, folds it, takes the changes. */
export class Folding {
  readonly forest = new Forest();
  readonly #own = new TenantMap<Own>();
  readonly #changed: Own[] = [];
  /** Key under which a document is shown → position of the last fact that touched it, since changes were last taken. */
  readonly #shown = new TenantMap<string>();
  #parked: ParkedFact[] = [];
  /** Facts folded and bytes of their data, for whoever bounds the memory. */
  facts = 0;
  bytes = 0;

  constructor(
    readonly plan: ViewPlan,
    private readonly parked: ParkedKeys,
    /**
     * `fresh`: what is not in memory does not exist. `careful`: each document is written out after each fact. `apart`: merges
     * are followed elsewhere.
     */
    private readonly options: { readonly fresh?: boolean; readonly careful?: boolean; readonly apart?: boolean } = {},
  ) {}

  get documents(): number {
    return this.#own.size;
  }

  knows(tenant: string, key: string): boolean {
    return this.options.fresh === true || this.#own.has(tenant, key);
  }

  /** `document` undefined: the store has none. */
  learn(tenant: string, key: string, document: StoredDocument | undefined): void {
    this.#own.set(tenant, key, {
      tenant,
      key,
      document: document ? JSON.parse(document.json) : null,
      position: document?.position ?? '',
      stored: document?.space,
      changed: false,
    });
  }

  fold(touches: readonly Touch[]): void {
    for (const touch of touches) {
      const { stored, tenant, recorded } = touch;
      this.facts += 1;
      this.bytes += stored.data.length;
      if (this.parked.size > 0 && this.parked.has(tenant, stored.stream)) {
        this.#park(touch, stored.stream);
        continue;
      }
      if (touch.error !== undefined || recorded === undefined) {
        this.#park(touch, stored.stream, touch.error);
        continue;
      }
      this.#relate(recorded, tenant);
      for (const key of touch.keys) {
        if (this.parked.size > 0 && this.parked.has(tenant, key)) this.#park(touch, key);
        else {
          const error = this.#apply(recorded, tenant, key);
          if (error !== undefined) this.#park(touch, key, error);
        }
      }
    }
  }

  /** Folds parked facts of one key again, in order, up to the first that fails. */
  retry(touches: readonly Touch[], parkedKey: string): { readonly released: number; readonly error?: string } {
    for (const [index, touch] of touches.entries()) {
      const { stored, tenant, recorded } = touch;
      const ofStream = parkedKey === stored.stream;
      let error = touch.error;
      if (recorded && error === undefined) {
        if (ofStream) this.#relate(recorded, tenant);
        for (const key of ofStream ? touch.keys : [parkedKey]) {
          if (key !== parkedKey && this.parked.has(tenant, key)) this.#park(touch, key);
          else {
            const fault = this.#apply(recorded, tenant, key);
            if (fault !== undefined && ofStream) this.#park(touch, key, fault);
            else error = fault;
          }
        }
      }
      if (error !== undefined) {
        this.parked.delete(tenant, parkedKey);
        for (const [behind, waiting] of touches.slice(index).entries())
          this.#park(waiting, parkedKey, behind === 0 ? error : undefined);
        return { released: index, error };
      }
    }
    return { released: touches.length };
  }

  /** Makes the document shown for a tree anew. */
  showAgain(tenant: string, root: string, position: string): void {
    this.#shown.set(tenant, root, position);
  }

  /** Documents that changed and were not taken yet. */
  get untaken(): number {
    return this.#changed.length;
  }

  /**
   * What is to be written since the last call, of at most so many keys; only the piece that has the last of them (`untaken` is
   * then 0) holds what merges, parked facts and links need. Throws Unwritable.
   */
  take(most = Number.POSITIVE_INFINITY): Changes {
    const put: StoredDocument[] = [];
    const remove: DocumentKey[] = [];
    const release: ViewKey[] = [];
    for (const own of this.#changed.splice(0, most)) this.#write(own, put, remove, release);
    if (this.#changed.length > 0) return { put, remove, park: [], release };
    for (const [tenant, root, position] of this.#shown.entries()) {
      const shown = this.#merged(tenant, root, position, release);
      if (shown) put.push(shown);
      else remove.push({ tenant, space: 'shown', key: root });
    }
    this.#shown.clear();
    for (const [tenant, key, link] of this.forest.takeChanged())
      put.push({ tenant, space: 'link', key, json: linkJson(link), position: link.position });
    const park = this.#parked;
    this.#parked = [];
    return { put, remove, park, release };
  }

  /** The document of one key, under which it is shown if it stands alone, else as a part of what is shown. */
  #write(own: Own, put: StoredDocument[], remove: DocumentKey[], release: ViewKey[]): void {
    const { tenant, key, document, position } = own;
    const merges = this.plan.view.merge !== undefined && this.plan.identity !== undefined;
    const kept = document !== null && this.plan.view.shows?.(document as Record<string, unknown>) === false;
    const space: Space = kept || (merges && this.forest.isLinked(tenant, key)) ? 'part' : 'shown';
    if (document !== null) put.push({ tenant, space, key, json: written(document), position });
    else if (own.stored === space || (merges && space === 'shown')) remove.push({ tenant, space, key });
    if (own.stored === 'part' && space === 'shown') remove.push({ tenant, space: 'part', key });
    if (own.stored === 'shown' && kept) remove.push({ tenant, space: 'shown', key });
    if (merges && space === 'shown') {
      this.#shown.delete(tenant, key);
      this.#freeMerge(tenant, key, release);
    }
    own.stored = document === null ? undefined : space;
    own.changed = false;
  }

  #apply(recorded: Recorded, tenant: string, key: string): string | undefined {
    const { view } = this.plan;
    const own = this.#ownOf(tenant, key);
    try {
      const before = (own.document ?? view.initial(key)) as Record<string, unknown>;
      const next: unknown = view.apply[recorded.type]?.(before, recorded, key);
      if (next === undefined || typeof next !== 'object') throw new TypeError(`apply.${recorded.type} gave no document.`);
      if (this.options.careful) documentJson(next);
      if (view.leaves) this.#leave(view.leaves(before, recorded, key), tenant, recorded.position);
      own.document = next;
      if (recorded.position > own.position) own.position = recorded.position;
      this.#touch(own);
      if (this.plan.view.merge) this.#show(tenant, key, recorded.position);
      return undefined;
    } catch (error) {
      return faultOf(error);
    }
  }

  /** Documents that nothing folds into, so what the store has of them need not be known. */
  #leave(left: Readonly<Record<string, unknown>>, tenant: string, position: string): void {
    for (const [key, document] of Object.entries(left)) {
      if (this.options.careful) documentJson(document);
      const own: Own = { tenant, key, document, position, stored: undefined, changed: false };
      this.#own.set(tenant, key, own);
      this.#touch(own);
    }
  }

  /** Follows a merge or unmerge, whatever the view itself makes of the fact. */
  #relate(recorded: Recorded, tenant: string): void {
    const { identity, view } = this.plan;
    if (
      this.options.apart ||
      identity === undefined ||
      (recorded.type !== identity.merged && recorded.type !== identity.unmerged)
    )
      return;
    const { customerId, survivorId } = recorded.data as { readonly customerId?: unknown; readonly survivorId?: unknown };
    if (typeof customerId !== 'string') return;
    const { position } = recorded;
    const before = this.forest.survivor(tenant, customerId);
    if (recorded.type === identity.merged && typeof survivorId !== 'string') return;
    const changed =
      recorded.type === identity.merged
        ? this.forest.merge(tenant, customerId, survivorId as string, position)
        : this.forest.unmerge(tenant, customerId, position);
    if (!view.merge || changed.length === 0) return;
    for (const key of changed) {
      const own = this.#ownOf(tenant, key);
      own.position = position;
      this.#touch(own);
    }
    this.#show(tenant, before, position);
    this.#show(tenant, customerId, position);
  }

  #ownOf(tenant: string, key: string): Own {
    let own = this.#own.get(tenant, key);
    if (!own) {
      if (!this.options.fresh) throw new Error('A document was folded before it was loaded.');
      own = { tenant, key, document: null, position: '', stored: undefined, changed: false };
      this.#own.set(tenant, key, own);
    }
    return own;
  }

  #touch(own: Own): void {
    if (own.changed) return;
    own.changed = true;
    this.#changed.push(own);
  }

  /** The document shown for this key has to be made anew; if the key is merged away, the survivor's too. */
  #show(tenant: string, key: string, position: string): void {
    if (!this.plan.identity) return;
    if (!this.forest.isLinked(tenant, key)) return;
    this.#shown.set(tenant, key, position);
    const root = this.forest.survivor(tenant, key);
    if (root !== key) this.#shown.set(tenant, root, position);
  }

  /** The document that the members of a tree make together; none if the key is merged away or nobody has a document. */
  #merged(tenant: string, root: string, position: string, release: ViewKey[]): StoredDocument | undefined {
    const parkedKey = mergeKey(root);
    const parts = this.forest.survivor(tenant, root) === root ? this.#parts(tenant, root) : NONE;
    try {
      const json =
        parts.length === 0 ? undefined : documentJson(this.plan.view.merge?.(parts as readonly Record<string, unknown>[], root));
      this.#freeMerge(tenant, root, release);
      return json === undefined ? undefined : { tenant, space: 'shown', key: root, json, position };
    } catch (error) {
      if (!this.parked.has(tenant, parkedKey)) {
        this.parked.set(tenant, parkedKey, true);
        this.#parked.push({ tenant, key: parkedKey, position, stream: '', type: '', error: faultOf(error) });
      }
      return undefined;
    }
  }

  #freeMerge(tenant: string, root: string, release: ViewKey[]): void {
    const key = mergeKey(root);
    if (!this.parked.has(tenant, key)) return;
    this.parked.delete(tenant, key);
    release.push({ tenant, key });
  }

  #parts(tenant: string, root: string): readonly unknown[] {
    return this.forest.members(tenant, root).flatMap((key) => this.#own.get(tenant, key)?.document ?? []);
  }

  #park({ stored, tenant }: Touch, key: string, error?: string): void {
    this.parked.set(tenant, key, true);
    const { position, stream, type } = stored;
    this.#parked.push({ tenant, key, position, stream, type, ...(error === undefined ? {} : { error }) });
  }
}

function written(document: unknown): string {
  try {
    return documentJson(document);
  } catch (error) {
    throw new Unwritable(faultOf(error));
  }
}
