/** What the load generator's process is asked to do. */
export interface LoadOrder {
  readonly url: string;
  readonly token: string;
  readonly plan: PlanName;
  readonly connections: number;
  readonly milliseconds: number;
  /** Streams that exist, for the plans that change them. */
  readonly streams: readonly string[];
  /** Registered customers, with whom `open` opens opportunities. */
  readonly customers?: readonly string[];
  /** Moments of the past that `mixed` asks about. */
  readonly moments?: readonly string[];
  /** Requests a second, sent when they are due whatever the server does; left out: each connection sends as soon as it may. */
  readonly rate?: number;
}

/** `mixed` is reads and commands on the same connections, `reads` and `writes` its two halves alone. */
export type PlanName = 'open' | 'correct' | 'move' | 'register' | 'mixed' | 'reads' | 'writes';

export interface LoadReport {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds; with a rate they count from the moment at which the request was due. */
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** Status → how many; anything but 200 and 201 is a fault of the run. */
  readonly statuses: Readonly<Record<string, number>>;
  /** By kind of request, where a plan has several. */
  readonly kinds: Readonly<Record<string, KindReport>>;
}

export interface KindReport {
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
}
