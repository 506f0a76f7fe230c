import type { Generation } from '../ports.js';
import { TenantMap } from './tenant-map.js';

/** Who was merged into a customer, and into whom it was merged itself. Kept, empty, after an unmerge. */
export interface Link {
  readonly survivorId: string | null;
  /** Customers merged into this one directly, sorted. */
  readonly merged: readonly string[];
  /** Position of the last fact that changed it. */
  readonly position: string;
}

/** The links of some customers: a forest, since a merge that would close a circle is ignored. */
export class Forest {
  readonly #links = new TenantMap<Link | undefined>();
  readonly #changed = new TenantMap<true>();

  /** Whether it is known that a customer has this link or none. */
  knows(tenant: string, customer: string): boolean {
    return this.#links.has(tenant, customer);
  }

  learn(tenant: string, customer: string, link: Link | undefined): void {
    this.#links.set(tenant, customer, link);
  }

  link(tenant: string, customer: string): Link | undefined {
    return this.#links.get(tenant, customer);
  }

  /** True when the customer belongs together with another one. */
  isLinked(tenant: string, customer: string): boolean {
    const link = this.#links.get(tenant, customer);
    return link !== undefined && (link.survivorId !== null || link.merged.length > 0);
  }

  survivor(tenant: string, customer: string): string {
    let root = customer;
    for (let next = this.#links.get(tenant, root)?.survivorId; next; next = this.#links.get(tenant, root)?.survivorId)
      root = next;
    return root;
  }

  /** The customer and all merged into it, however indirectly: itself first, the others in order. */
  members(tenant: string, root: string): readonly string[] {
    const below: string[] = [];
    const waiting = [...(this.#links.get(tenant, root)?.merged ?? [])];
    for (let customer = waiting.pop(); customer !== undefined; customer = waiting.pop()) {
      below.push(customer);
      waiting.push(...(this.#links.get(tenant, customer)?.merged ?? []));
    }
    return [root, ...below.sort()];
  }

  /** Gives the customers whose link changed; none if the merge changes nothing. */
  merge(tenant: string, customer: string, survivor: string, position: string): readonly string[] {
    const former = this.#links.get(tenant, customer)?.survivorId ?? null;
    if (this.#leadsTo(tenant, survivor, customer)) return [];
    const changed = former === null || former === survivor ? [] : this.#leave(tenant, customer, former, position);
    this.#change(tenant, customer, { survivorId: survivor }, position);
    const merged = this.#links.get(tenant, survivor)?.merged ?? [];
    this.#change(tenant, survivor, { merged: merged.includes(customer) ? merged : [...merged, customer].sort() }, position);
    return [customer, survivor, ...changed];
  }

  unmerge(tenant: string, customer: string, position: string): readonly string[] {
    const former = this.#links.get(tenant, customer)?.survivorId ?? null;
    if (former === null) return [];
    this.#change(tenant, customer, { survivorId: null }, position);
    return [customer, ...this.#leave(tenant, customer, former, position)];
  }

  /** The links changed since the last call. */
  takeChanged(): readonly (readonly [tenant: string, customer: string, link: Link])[] {
    const taken: (readonly [string, string, Link])[] = [];
    for (const [tenant, customer] of this.#changed.entries()) {
      const link = this.#links.get(tenant, customer);
      if (link) taken.push([tenant, customer, link]);
    }
    this.#changed.clear();
    return taken;
  }

  #leadsTo(tenant: string, from: string, customer: string): boolean {
    for (let next: string | null | undefined = from; next; next = this.#links.get(tenant, next)?.survivorId)
      if (next === customer) return true;
    return false;
  }

  #leave(tenant: string, customer: string, survivor: string, position: string): readonly string[] {
    const merged = this.#links.get(tenant, survivor)?.merged ?? [];
    this.#change(tenant, survivor, { merged: merged.filter((one) => one !== customer) }, position);
    return [survivor];
  }

  #change(tenant: string, customer: string, change: Partial<Link>, position: string): void {
    const link = this.#links.get(tenant, customer) ?? { survivorId: null, merged: [], position };
    this.#links.set(tenant, customer, { ...link, ...change, position });
    this.#changed.set(tenant, customer, true);
  }
}

export const linkJson = ({ survivorId, merged }: Link): string => JSON.stringify({ merged, survivorId });

/** Reads the links of customers and of everybody they belong together with. Gives the customers looked at. */
export async function loadLinks(
  generation: Pick<Generation, 'load'>,
  forest: Forest,
  tenant: string,
  customers: Iterable<string>,
): Promise<readonly string[]> {
  const seen = new Set<string>();
  let next = new Set(customers);
  while (next.size > 0) {
    const unknown = [...next].filter((key) => !forest.knows(tenant, key));
    const stored = unknown.length === 0 ? [] : await generation.load(unknown.map((key) => ({ tenant, space: 'link', key })));
    const found = new Map(
      stored.map(({ key, json, position }) => [key, { ...(JSON.parse(json) as Omit<Link, 'position'>), position }]),
    );
    for (const key of unknown) forest.learn(tenant, key, found.get(key));
    for (const key of next) seen.add(key);
    const beside = new Set<string>();
    for (const key of next) {
      const link = forest.link(tenant, key);
      for (const other of [...(link?.merged ?? []), link?.survivorId]) if (other && !seen.has(other)) beside.add(other);
    }
    next = beside;
  }
  return [...seen];
}
