/** Values by tenant and key. Facts come tenant by tenant more often than not, so the last tenant's map is kept at hand. */
export class TenantMap<T> {
  readonly #tenants = new Map<string, Map<string, T>>();
  #tenant: string | undefined;
  #keys: Map<string, T> | undefined;

  get(tenant: string, key: string): T | undefined {
    return this.#of(tenant)?.get(key);
  }

  has(tenant: string, key: string): boolean {
    return this.#of(tenant)?.has(key) ?? false;
  }

  set(tenant: string, key: string, value: T): void {
    let keys = this.#of(tenant);
    if (!keys) {
      keys = new Map();
      this.#tenants.set(tenant, keys);
      this.#keys = keys;
    }
    keys.set(key, value);
  }

  delete(tenant: string, key: string): void {
    this.#of(tenant)?.delete(key);
  }

  clear(): void {
    this.#tenants.clear();
    this.#tenant = undefined;
    this.#keys = undefined;
  }

  get size(): number {
    let size = 0;
    for (const keys of this.#tenants.values()) size += keys.size;
    return size;
  }

  *entries(): IterableIterator<readonly [string, string, T]> {
    for (const [tenant, keys] of this.#tenants) for (const [key, value] of keys) yield [tenant, key, value];
  }

  #of(tenant: string): Map<string, T> | undefined {
    if (tenant !== this.#tenant) {
      this.#tenant = tenant;
      this.#keys = this.#tenants.get(tenant);
    }
    return this.#keys;
  }
}
