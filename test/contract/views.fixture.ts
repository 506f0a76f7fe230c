import { afterEach, beforeEach } from '@jest/globals';
import type {
  Condition,
  DocumentKey,
  Generation,
  GenerationSpec,
  Lease,
  ListQuery,
  StoredDocument,
  ViewChange,
  ViewStore,
} from '#runtime/ports';

/** A fresh, empty engine for one test. */
export interface ViewEngine {
  /** The store; after it was closed, the same store again. */
  open(): Promise<ViewStore>;
  /** A second connection to the open store, as another worker has. */
  openBeside?(): Promise<ViewStore>;
  /** False where nothing outlives closing. */
  readonly durable: boolean;
  dispose(): Promise<void>;
}

export const SPEC: GenerationSpec = {
  view: 'deals',
  version: 1,
  hash: 'hash-1',
  filters: [
    { field: 'name', kind: 'text' },
    { field: 'size', kind: 'integer' },
    { field: 'rate', kind: 'number' },
    { field: 'closedAt', kind: 'moment' },
    { field: 'won', kind: 'flag' },
    { field: 'currency', kind: 'text' },
  ],
  sums: { amount: 'currency', hours: null },
};

export type Deal = Readonly<Record<string, string | number | boolean | null>>;

/** One view of deals in a store, its writer, and short ways to write and ask. Made anew for each test of the suite that it is made in. */
export function viewFixture(start: () => Promise<ViewEngine>) {
  let clock = 0;
  const fixture = {
    engine: undefined as unknown as ViewEngine,
    store: undefined as unknown as ViewStore,
    deals: undefined as unknown as Generation,
    lease: undefined as unknown as Lease,

    /** Closes the store and opens the same one again. */
    async reopen(): Promise<void> {
      await fixture.store.close();
      fixture.store = await fixture.engine.open();
      fixture.deals = await fixture.store.generation(SPEC);
    },

    /** Writes documents of the tenant at the next position, which it gives. */
    async write(documents: Readonly<Record<string, Deal>>, over: Partial<ViewChange> = {}, tenant = 'acme'): Promise<string> {
      const { deals, lease } = fixture;
      const to = at(++clock);
      const put = Object.entries(documents).map(([key, deal]) => shown(key, deal, to, tenant));
      await deals.commit({ ...nothing, from: await deals.checkpoint(), to, token: lease.token, put, ...over });
      return to;
    },

    async keysOf(query: Partial<ListQuery>, tenant = 'acme'): Promise<readonly string[]> {
      return (await fixture.deals.list(tenant, { where: [], limit: 1000, ...query })).map(({ key }) => key);
    },

    matching: (...where: Condition[]): Promise<readonly string[]> => fixture.keysOf({ where }),
  };

  beforeEach(async () => {
    clock = 0;
    fixture.engine = await start();
    fixture.store = await fixture.engine.open();
    fixture.deals = await fixture.store.generation(SPEC);
    fixture.lease = await leased(fixture.store, 'views');
  });
  afterEach(() => fixture.engine.dispose());
  return fixture;
}

export type ViewFixture = ReturnType<typeof viewFixture>;

export const nothing = { put: [], remove: [], park: [], release: [] } as const;

export const at = (number: number) => `abcdefgh.${String(number).padStart(16, '0')}`;

export const shown = (key: string, deal: Deal, position: string, tenant = 'acme'): StoredDocument => ({
  tenant,
  space: 'shown',
  key,
  json: JSON.stringify(deal),
  position,
});

export const parkedFact = (key: string, position: string, error?: string) => ({
  tenant: 'acme',
  key,
  position,
  stream: 'order-acme.1',
  type: 'OrderPlaced',
  ...(error === undefined ? {} : { error }),
});

export const ofAcme = (key: string): DocumentKey => ({ tenant: 'acme', space: 'shown', key });

export async function leased(store: ViewStore, name: string, holder = 'me', milliseconds = 60_000): Promise<Lease> {
  const lease = await store.lease(name, holder, milliseconds);
  if (!lease) throw new Error(`${name} is held by somebody else.`);
  return lease;
}

export const byCodeUnits = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
