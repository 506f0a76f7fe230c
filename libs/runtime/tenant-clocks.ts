import { derivedId, type Moment, streamName } from '#kernel';
import type { Clock } from './clock.js';
import type { Streams } from './commands/streams.js';
import { clockId, type TenantClock } from './system/clock/clock.js';
import { type Imports, importsId } from './system/imports/imports.js';
import type { Reservation } from './system/reservation/reservation.js';
import type { Tenant } from './system/tenant/tenant.js';

const BEFORE_ALL: Moment = '0000-01-01T00:00:00.000Z';

/**
 * What time it is for a tenant: that of the servers, or, in a sandbox, that of its own clock. Whether it is a sandbox was decided
 * when it was opened, so that is remembered; how far its clock was set is read from its stream each time, since another server may
 * have set it.
 */
export class TenantClocks {
  readonly #followers = new Set(['main']);
  readonly #sandboxes = new Set<string>();
  readonly #lastAhead = new Map<string, number>();

  constructor(
    private readonly streams: Streams,
    private readonly clock: Clock,
  ) {}

  /** What the clock of a sandbox shows; undefined where the tenant follows the servers. Throws LogUnavailable. */
  async own(tenant: string, now: Moment = this.clock.now()): Promise<Moment | undefined> {
    return (await this.isSandbox(tenant)) ? later(now, await this.#ahead(tenant)) : undefined;
  }

  /** The same without the log where that is away: by how it was last seen, if ever. */
  lastSeen(tenant: string): Moment | undefined {
    const ahead = this.#lastAhead.get(tenant);
    return ahead === undefined ? undefined : later(this.clock.now(), ahead);
  }

  /** True where it is known, without a look at the log, that the tenant goes by the clock of the servers. */
  follows(tenant: string): boolean {
    return this.#followers.has(tenant);
  }

  async now(tenant: string): Promise<Moment> {
    const now = this.clock.now();
    return (await this.own(tenant, now)) ?? now;
  }

  /** The time for what follows from imported history: it stands still, before all of it, while an import is under way. */
  async ofImported(tenant: string): Promise<Moment> {
    return (await this.imports(tenant)).length > 0 ? BEFORE_ALL : this.now(tenant);
  }

  /** Imports that have begun and not ended. */
  async imports(tenant: string): Promise<Imports['open']> {
    return ((await this.streams.load(streamName('imports', tenant, importsId))).state as Imports).open;
  }

  async isSandbox(tenant: string): Promise<boolean> {
    if (this.#followers.has(tenant)) return false;
    if (this.#sandboxes.has(tenant)) return true;
    const opened = await openedAs(this.streams, tenant);
    if (opened === undefined) return false;
    const known = opened.sandbox ? this.#sandboxes : this.#followers;
    known.add(tenant);
    return opened.sandbox;
  }

  async #ahead(tenant: string): Promise<number> {
    const { ahead } = (await this.streams.load(streamName('clock', tenant, clockId))).state as TenantClock;
    this.#lastAhead.set(tenant, ahead);
    return ahead;
  }
}

/** How a tenant was opened; undefined for one that nobody opened. */
async function openedAs(streams: Streams, tenant: string): Promise<{ readonly sandbox: boolean } | undefined> {
  const name = streamName('reservation', 'main', derivedId('reservation', 'main', 'tenant', tenant));
  const held = (await streams.load(name)).state as Reservation;
  if (held.status !== 'HELD') return undefined;
  const opened = (await streams.load(held.target)).state as Tenant;
  return opened.status === 'OPEN' ? opened : undefined;
}

const later = (now: Moment, milliseconds: number): Moment => new Date(Date.parse(now) + milliseconds).toISOString();
