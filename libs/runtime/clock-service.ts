import type { Moment } from '#kernel';
import type { ClockState } from './annals.js';
import type { Clock } from './clock.js';
import type { CommandPipeline } from './commands/pipeline.js';
import { Patience } from './patience.js';
import { LogUnavailable } from './ports.js';
import type { ProcessRunner } from './processes/runner.js';

export interface ClockService {
  /** What time it is for a tenant. */
  of(tenant: string): Promise<ClockState>;
  /** What time queries of a tenant take for now; undefined where that is the time of the servers. */
  presentOf(tenant: string): Promise<Moment | undefined>;
}

/** What time it is, as the surfaces ask. */
export function clockService(
  { clocks }: Pick<CommandPipeline, 'clocks'>,
  runner: Pick<ProcessRunner, 'settled'>,
  clock: Clock,
): ClockService {
  const patience = new Patience();
  return {
    async of(tenant) {
      const now = await clocks.own(tenant);
      const imports = await clocks.imports(tenant);
      if (now === undefined) return { tenant, sandbox: false, now: clock.now(), imports };
      const settled = await runner.settled(tenant);
      return { tenant, sandbox: true, now, ...(settled !== undefined && { settled }), imports };
    },
    // Views are read while the log is away, too.
    async presentOf(tenant) {
      if (clocks.follows(tenant)) return undefined;
      const known = clocks.lastSeen(tenant);
      try {
        return await patience.ask(() => clocks.own(tenant), known === undefined ? undefined : { known });
      } catch (error) {
        if (error instanceof LogUnavailable) return undefined;
        throw error;
      }
    },
  };
}
