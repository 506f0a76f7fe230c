import type { Actor, Imported, Moment, Role } from '#kernel';

/** How urgent traffic is: somebody waits for it, a system does, or it is done when there is room. */
export type TrafficClass = 'interactive' | 'integration' | 'bulk';

/** Who calls, as established by the surface. */
export interface Caller {
  readonly tenant: string;
  readonly actor: Actor;
  readonly roles: ReadonlySet<Role>;
  /** The only customer whose documents it may see: its token is bound to that one. */
  readonly customerId?: string;
  /** What its token is for; interactive if left out. */
  readonly trafficClass?: TrafficClass;
}

export interface CommandRequest {
  readonly caller: Caller;
  /** Name of the command class. */
  readonly command: string;
  /** As parsed from JSON, path parameters merged in; not yet validated. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Same caller and key: same effect, same answer. Without one the runtime makes one. */
  readonly idempotencyKey?: string;
  /** The revision that the stream must have (`If-Match`). */
  readonly ifRevision?: number;
  /** Business time; needs the role `backdate` or `importer`. */
  readonly occurredAt?: Moment;
  /** Of a process: the business time is `occurredAt` even where the stream has gone on since. */
  readonly keepsMoment?: boolean;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  readonly onBehalfOf?: Actor;
  readonly imported?: Imported;
}

export interface CommandAnswer {
  readonly outcome: 'created' | 'done' | 'unchanged' | 'accepted';
  readonly commandId: string;
  /** Id of the thing, the last part of its stream. */
  readonly id: string;
  readonly stream: string;
  /** The stream's revision after the command. */
  readonly revision: number;
  /** Name it in a query (`minPosition`) to read your own write. */
  readonly position: string;
  /** Types of the facts recorded, in order. */
  readonly facts: readonly string[];
  /** Of the process that finishes it (`accepted`). */
  readonly process?: string;
}

/** What a command would do now. */
export interface DryRunAnswer {
  readonly dryRun: true;
  /** `repeated`: its key was used before, and it would get the answer of that time. */
  readonly outcome: CommandAnswer['outcome'] | 'repeated';
  readonly commandId: string;
  readonly id: string;
  readonly stream: string;
  /** The stream's revision now; -1 if there is none. */
  readonly revision: number;
  /** The facts that it would record, in order; personal fields are `{ sealed: true }`. */
  readonly facts: readonly { readonly type: string; readonly data: unknown }[];
}

/** What a query may ask of any view. All text as the surface received it; validated by the query parser. */
export interface ViewRequest {
  readonly caller: Caller;
  readonly view: string;
  /** One document. */
  readonly key?: string;
  /** `field` → value, or `field[gte]` → value; values of `in` separated by commas. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** What time it is in a sandbox; left out where the tenant follows the clock of the servers. */
  readonly present?: Moment;
}

/** What every answer about a view says of itself. */
export interface ViewMeta {
  readonly view: string;
  readonly version: number;
  readonly definition: string;
  /** Facts up to here are in; `position=` repeats the answer. */
  readonly position: string;
  readonly asOf?: Moment;
  readonly knownAt?: Moment;
  /** The view's new definition is being built: until then the old one serves, and stays at this position. */
  readonly frozen?: true;
}

/** Documents are the JSON text that is stored. They still carry sealed values; the surface opens them by role. */
export type ViewAnswer = {
  /** Seconds since the view was last known to have everything; left out while that is a moment ago, or where it changes nothing. */
  readonly age?: number;
} & (
  | { readonly kind: 'document'; readonly meta: ViewMeta; readonly key: string; readonly json: string | undefined }
  | {
      readonly kind: 'list';
      readonly meta: ViewMeta;
      readonly items: readonly { readonly key: string; readonly json: string }[];
      readonly next?: string;
    }
  | {
      readonly kind: 'groups';
      readonly meta: ViewMeta;
      readonly groups: readonly Readonly<Record<string, string | number | boolean | null>>[];
    }
);
