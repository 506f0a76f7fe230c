import type { AnyView, Recorded } from '#kernel';
import { canonicalJson } from '#kernel';
import { recordedOf } from '../../envelope.js';
import type { Condition, GroupQuery, ListQuery, StoredFact } from '../../ports.js';
import type { Registry } from '../../registry.js';
import { identity } from './deals.js';

export interface Day {
  readonly tenant: string;
  readonly asOf?: string | undefined;
  readonly knownAt?: string | undefined;
  readonly position?: string | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: documents of any view
type Document = any;

/** What a view should show, made from the whole log in the plainest way: the judge of the engine. */
export class Naive {
  readonly shown = new Map<string, Document>();
  readonly #survivors = new Map<string, string>();

  constructor(view: AnyView, registry: Registry, log: readonly StoredFact[], day: Day) {
    const documents = new Map<string, Document>();
    let latest = '';
    for (const stored of log) {
      if (stored.recordedAt > latest) latest = stored.recordedAt;
      if (day.knownAt !== undefined && latest > day.knownAt) break;
      if (day.position !== undefined && stored.position > day.position) break;
      if (day.asOf !== undefined && stored.occurredAt > day.asOf) continue;
      const recorded = recordedOf(stored, registry);
      if (recorded.tenant !== day.tenant) continue;
      this.#relate(recorded);
      if (!Object.hasOwn(view.facts, recorded.type)) continue;
      for (const key of [view.key(recorded as never)].flat()) {
        const before = documents.get(key) ?? view.initial(key);
        const next = view.apply[recorded.type]?.(before, recorded as never, key);
        for (const [left, document] of Object.entries(view.leaves?.(before, recorded as never, key) ?? {}))
          documents.set(left, document);
        if (next === null) documents.delete(key);
        else documents.set(key, next);
      }
    }
    if (!view.merge) {
      this.shown = new Map([...documents].filter(([, document]) => view.shows?.(document) !== false));
      return;
    }
    const roots = new Set([...documents.keys()].map((key) => this.root(key)));
    for (const root of roots) {
      const others = [...documents.keys()].filter((key) => key !== root && this.root(key) === root).sort();
      const parts = [root, ...others].flatMap((key) => documents.get(key) ?? []);
      this.shown.set(root, this.together(root).length === 1 ? parts[0] : view.merge(parts, root));
    }
  }

  root(key: string): string {
    const survivor = this.#survivors.get(key);
    return survivor === undefined ? key : this.root(survivor);
  }

  together(key: string): readonly string[] {
    const all = new Set([key, ...this.#survivors.keys(), ...this.#survivors.values()]);
    return [...all].filter((other) => this.root(other) === this.root(key));
  }

  json(): ReadonlyMap<string, string> {
    return new Map([...this.shown].map(([key, document]) => [key, canonicalJson(document)]));
  }

  list(where: readonly Condition[], sort: ListQuery['sort']): readonly { readonly key: string; readonly document: Document }[] {
    const found = [...this.shown]
      .map(([key, document]) => ({ key, document }))
      .filter(({ document }) => where.every((condition) => this.#meets(document, condition)));
    const turn = sort?.descending ? -1 : 1;
    const order = (one: Document, other: Document) =>
      one === other ? 0 : one === null ? -1 : other === null ? 1 : one < other ? -1 : 1;
    return found.sort(
      (one, other) =>
        turn * ((sort ? order(one.document[sort.field], other.document[sort.field]) : 0) || order(one.key, other.key)),
    );
  }

  groups({ where, by, sums }: GroupQuery, currency: string | undefined): readonly Document[] {
    const groups = new Map<string, Document>();
    for (const { document } of this.list(where, undefined)) {
      const named: Document = {};
      for (const { field, period } of by)
        named[field] = period === undefined ? document[field] : periodOf(document[field], period);
      if (currency !== undefined && sums.includes('amount')) named.currency = document[currency];
      const name = canonicalJson(named);
      const group = groups.get(name) ?? { ...named, count: 0, ...Object.fromEntries(sums.map((sum) => [sum, 0])) };
      group.count += 1;
      for (const sum of sums) group[sum] += document[sum];
      groups.set(name, group);
    }
    return [...groups.values()];
  }

  #meets(document: Document, { field, operator, values }: Condition): boolean {
    const value = document[field];
    const [wanted] = values;
    const same = (one: unknown) => (field === 'customerId' ? this.root(value) === this.root(String(one)) : value === one);
    if (operator === 'empty') return value === null;
    if (operator === 'set') return value !== null;
    if (operator === 'ne') return !same(wanted);
    if (operator === 'eq' || operator === 'in') return values.some(same);
    if (value === null || wanted === undefined) return false;
    return { lt: value < wanted, lte: value <= wanted, gt: value > wanted, gte: value >= wanted }[operator];
  }

  #relate({ type, data }: Recorded): void {
    const { customerId, survivorId } = data as { readonly customerId: string; readonly survivorId: string };
    if (type === identity.unmerged) this.#survivors.delete(customerId);
    if (type !== identity.merged) return;
    for (let key: string | undefined = survivorId; key !== undefined; key = this.#survivors.get(key))
      if (key === customerId) return;
    this.#survivors.set(customerId, survivorId);
  }
}

function periodOf(moment: string | null, period: 'day' | 'month' | 'quarter' | 'year'): string | null {
  if (moment === null) return null;
  const [year = '', month = ''] = moment.split('-');
  return { day: moment.slice(0, 10), month: moment.slice(0, 7), quarter: `${year}-Q${Math.ceil(Number(month) / 3)}`, year }[
    period
  ];
}
