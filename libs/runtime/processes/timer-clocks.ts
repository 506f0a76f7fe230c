/** Whose clock a timer follows; that of the servers where nothing of it is so. */
export interface TimerClock {
  readonly tenant: string;
  /** The tenant has a clock of its own. */
  readonly sandbox: boolean;
  /** Of imported history, whose clock waits while an import is under way. */
  readonly imported: boolean;
}

/** How a clock is named where timers are kept; undefined for that of the servers. Tenants have no dot in their names. */
export function nameOfClock({ tenant, sandbox, imported }: TimerClock): string | undefined {
  if (imported) return `${sandbox ? 'sandbox-import' : 'import'}.${tenant}`;
  return sandbox ? tenant : undefined;
}

export function clockOfName(name: string): TimerClock {
  const [kind, tenant] = name.split('.');
  if (tenant === undefined) return { tenant: name, sandbox: true, imported: false };
  return { tenant, sandbox: kind === 'sandbox-import', imported: true };
}
