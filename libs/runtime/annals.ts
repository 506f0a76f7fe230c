import type { Moment, Recorded, Role, SealedValue } from '#kernel';
import type { Leaving } from './leaving.js';
import type { GenerationInfo, ParkedFact } from './ports.js';
import type { Registry } from './registry.js';
import type { Caller, CommandAnswer, CommandRequest, DryRunAnswer, TrafficClass, ViewAnswer, ViewRequest } from './requests.js';

/** The running system as every surface (HTTP, CLI, import, tests) sees it. Refusals are thrown as `Problem`. */
export interface Annals {
  readonly registry: Registry;
  readonly commands: {
    execute(request: CommandRequest): Promise<CommandAnswer>;
    /** What `execute` would do now; refused in the same way. Writes nothing. */
    dryRun(request: CommandRequest): Promise<DryRunAnswer>;
  };
  readonly views: ViewService;
  readonly facts: FactService;
  readonly history: HistoryService;
  readonly access: AccessService;
  readonly clock: {
    /** What time it is for a tenant. */
    of(tenant: string): Promise<ClockState>;
  };
  readonly processes: {
    state(tenant: string, id: string): Promise<ProcessState | undefined>;
    settled(tenant: string, id: string, milliseconds: number): Promise<ProcessState | undefined>;
    /** Streams of which a process could not take a fact; it and those behind it wait. None while another server runs processes. */
    parked(): readonly ParkedProcessStream[];
    /** The same, also of another server, as far as it stored them. */
    listParked(): Promise<readonly ParkedProcessStream[]>;
    /** Runs that a refused command stopped, over all tenants, by process; undefined while another server runs processes. */
    stopped(): ReadonlyMap<string, number> | undefined;
    /** Tries such a stream again, its facts in order. Throws Problem 404 where it is not parked, 503 while another server runs processes. */
    release(process: string, stream: string): Promise<{ readonly released: number; readonly error?: string }>;
  };
  readonly webhooks: {
    /** How far deliveries are; undefined where there is no such webhook. */
    state(tenant: string, id: string): Promise<WebhookState | undefined>;
    /** With which they are signed (Standard Webhooks); undefined where there is no such webhook. */
    secret(tenant: string, id: string): Promise<string | undefined>;
  };
  health(): Promise<Health>;
  /** What an operator watches beside the readers. Never throws: what cannot be reached is said to be so. */
  vitals(): Promise<Vitals>;
  /** Online copy of log and state to `folder`, of keys to `keysFolder` (never the same place). Throws Problem 422 where an engine has its own tools. */
  backup(target: { readonly folder: string; readonly keysFolder: string }): Promise<BackupReport>;
  /** Refuses new work, finishes what is in flight, stores positions, closes; bounded by `milliseconds`. */
  close(milliseconds?: number): Promise<void>;
}

export interface ViewService {
  /** Throws Problem 400 (unknown filter, malformed date), 403, 404 (no such view), 410 (foreign position), 503 (not yet there). */
  query(request: ViewRequest): Promise<ViewAnswer>;
  generations(): Promise<readonly GenerationInfo[]>;
  /** Builds the view anew beside the live one, compares, switches. One line a report. */
  rebuild(view: string, options?: { readonly switch?: boolean }): AsyncIterable<RebuildProgress>;
  parked(view?: string): Promise<readonly (ParkedFact & { readonly view: string })[]>;
  /** Folds the parked facts of a key again, in order. */
  release(view: string, tenant: string, key: string): Promise<{ readonly released: number; readonly error?: string }>;
}

export interface RebuildProgress {
  readonly view: string;
  readonly facts: number;
  readonly position: string;
  readonly factsPerSecond: number;
  readonly secondsLeft: number | undefined;
  readonly state: 'reading' | 'comparing' | 'switched' | 'identical' | 'differs' | 'refused';
  readonly documents?: number;
  readonly differing?: number;
  readonly parked?: number;
}

export interface FactQuery {
  readonly tenant: string;
  readonly stream?: string;
  readonly aggregates?: readonly string[];
  readonly types?: readonly string[];
  /** Business time, both inclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly after?: string;
  readonly limit: number;
  /** Only what leaves the system, as topics give it. */
  readonly leaving?: Leaving;
}

/** Topics and replays: the stored, sealed form, in log order. */
export interface FactService {
  page(query: FactQuery): Promise<{ readonly facts: readonly Recorded[]; readonly position: string; readonly atHead: boolean }>;
  /** Resolves when the log has moved beyond the position, or after the milliseconds. */
  moved(after: string, milliseconds: number): Promise<boolean>;
  head(): Promise<string>;
}

/**
 * What the history of a tenant is, for whoever wants to tell later whether any of it was changed: a Merkle tree (RFC 9162, SHA-256) over
 * all of its facts in the order of the log. Hashes are Base64 of 32 bytes. Throws Problem 500 `history-changed` where the log no longer
 * holds what was hashed.
 */
export interface HistoryService {
  /** Whether this server found, since it started, that the log no longer holds what was hashed. */
  readonly hasChanged: boolean;
  /** Over all facts up to now. */
  head(tenant: string): Promise<SignedHead>;
  /** That a fact is among the first `size`, or among all up to now. Throws Problem 404 `fact-unknown`. */
  prove(tenant: string, place: { readonly stream: string; readonly revision: number }, size?: number): Promise<FactProof>;
  /** That the history begins with the first `size` facts as they were. */
  since(tenant: string, size: number): Promise<SignedHead & { readonly path: readonly string[] }>;
  /** Records a head as a public fact, unless nothing but the last one was recorded since. */
  publish(tenant: string): Promise<SignedHead & { readonly isNew: boolean }>;
}

export interface SignedHead {
  readonly tenant: string;
  /** Facts that it covers. */
  readonly size: number;
  readonly root: string;
  /** A checkpoint of C2SP, signed: three lines, an empty one, the signature. */
  readonly note: string;
  /** That verifies it, in the form of C2SP's signed notes. */
  readonly publicKey: string;
}

export interface FactProof extends SignedHead {
  /** Number of the fact among those of the tenant, from 0. */
  readonly index: number;
  /** What was hashed: canonical JSON of the fact as a replay gives it, without its position. */
  readonly leaf: string;
  /** Lowest first. */
  readonly path: readonly string[];
}

export interface AccessService {
  /** The caller of a token, undefined for an unknown, expired or revoked one. */
  authenticate(token: string): Promise<Caller | undefined>;
  /** Whether a tenant is open: main, or one that was opened from there. */
  knowsTenant(tenant: string): Promise<boolean>;
  /**
   * Has the duty among the roles of a caller of an identity provider on record before it counts. Throws Problem 403 `duties-apart`
   * where the same person came with another one before and nobody released it.
   */
  takeDuty(caller: Caller): Promise<void>;
  /**
   * A copy of the value with every sealed value in it replaced: opened for a caller with the role `personal` (the opening is
   * on disk before this returns), `{ "sealed": true }` for others, `{ "erased": true }` where the key is destroyed.
   */
  present<T>(caller: Caller, value: T, purpose: string): Promise<T>;
  /** The same of texts of JSON, each in its place; one in which nothing is sealed is given back as it is. */
  presentTexts(caller: Caller, texts: readonly string[], purpose: string): Promise<readonly string[]>;
  /**
   * Opens sealed values that another system read in a topic, each answered in its place. What was opened is recorded, on disk before
   * this returns. Throws Problem 403 without the role `opener`.
   */
  open(caller: Caller, values: readonly SealedValue[], purpose: string): Promise<readonly OpenedValue[]>;
  /**
   * Makes a token; the secret is in the answer and nowhere else. Throws Problem 422 `duties-apart` where the token, or the person
   * that `holder` names (an internal id), would hold two of operator, privacy and auditor, `holder-needed` where one of them is
   * asked for and nobody is named.
   */
  issueToken(
    caller: Caller,
    token: {
      readonly label: string;
      readonly roles: readonly Role[];
      readonly expiresAt?: string;
      readonly tenant?: string;
      readonly trafficClass?: TrafficClass;
      readonly holder?: string;
      /** The customer whose documents alone it may see; with the role `customer`, which goes with no other one. */
      readonly customer?: string;
      /** Makes one token however often it is sent: the second time is Problem 409 `token-issued-before`. */
      readonly idempotencyKey?: string;
    },
  ): Promise<{ readonly tokenId: string; readonly token: string }>;
}

/** A value in the open; erased where its key was destroyed; invalid where this tenant never sealed it so. */
export type OpenedValue = { readonly value: unknown } | { readonly erased: true } | { readonly invalid: true };

export interface ClockState {
  readonly tenant: string;
  /** Whether it can be set. */
  readonly sandbox: boolean;
  readonly now: string;
  /** Of a sandbox: whether all that was due by now has happened. Left out by a server that does not run the processes. */
  readonly settled?: boolean;
  /** Imports that have begun and not ended: so long what is due by the clock of imported history waits. */
  readonly imports: readonly { readonly name: string; readonly since: string }[];
}

export interface BackupReport {
  readonly files: readonly { readonly file: string; readonly bytes: number }[];
  /** The log was copied up to here. */
  readonly position: string;
  /** Set where the state of processes is in another engine, whose own tools copy it. */
  readonly state?: 'elsewhere';
}

export interface ProcessState {
  readonly id: string;
  readonly process: string;
  readonly status: 'RUNNING' | 'DONE' | 'STOPPED' | 'ENDED';
  readonly trigger: string;
  readonly steps: readonly {
    readonly command: string;
    readonly outcome: 'PENDING' | 'DONE' | 'REFUSED';
    readonly code?: string;
    readonly stream?: string;
  }[];
}

export interface WebhookState {
  readonly id: string;
  readonly status: 'ACTIVE' | 'PARKED' | 'ENDED';
  /** Everything up to here was delivered or is not for it; absent before the first look. */
  readonly position?: string;
  /** Attempts in a row that failed. */
  readonly failures: number;
  /** What the last failed attempt came to, while nothing was delivered since. */
  readonly lastFailure?: string;
  readonly deliveredAt?: string;
  /** Streams whose facts wait while those of others are delivered. */
  readonly aside: readonly {
    readonly stream: string;
    /** Attempts in a row that failed. */
    readonly failures: number;
    readonly lastFailure: string;
    /** Nobody tries any more until somebody releases it. */
    readonly parked: boolean;
  }[];
  /** Until the next replay: the log did not have the position `from`, so deliveries went on with what came after `at`. */
  readonly displaced?: { readonly from: string; readonly at: Moment };
}

/** Of all webhooks of the installation. */
export interface WaitingWebhooks {
  /** Webhooks that deliver nothing until somebody looks at them. */
  readonly parked: number;
  /** Webhooks whose receiver did not take the fact that is next; it is tried on, and what is behind it waits. */
  readonly failing: number;
  /** Streams whose facts wait while a delivery is tried on. */
  readonly streamsAside: number;
  /** Streams whose facts wait until somebody releases them. */
  readonly streamsParked: number;
}

export interface ParkedProcessStream {
  readonly process: string;
  readonly tenant: string;
  readonly stream: string;
  /** Of the fact that could not be taken. */
  readonly position: string;
  /** How many facts wait. */
  readonly facts: number;
  /** Class or code of what was thrown, never its text. */
  readonly error: string;
}

export interface Vitals {
  readonly version: string;
  /** Of the file system of the data folder; undefined where it cannot be asked. */
  readonly disk: { readonly freeBytes: number; readonly sizeBytes: number } | undefined;
  /** When the last backup through this server ended. */
  readonly lastBackupAt: string | undefined;
  /** Whether backups are taken through this server; where an engine is not embedded, its own tools take them. */
  readonly backsUp: boolean;
  /** Whether a store answers within two seconds. */
  readonly engines: readonly { readonly engine: 'log' | 'views' | 'keys'; readonly reachable: boolean }[];
  readonly clock: string;
}

export interface Health {
  /** Whether commands can be taken, whatever state the readers are in. */
  readonly ready: boolean;
  /** The last one known while the log does not answer. */
  readonly head: string;
  /** Why no command can be taken; left out where they can. */
  readonly failure?: string;
  readonly readers: readonly {
    readonly name: string;
    /** All webhooks are one reader, as far as the slowest of those that deliver. */
    readonly kind: 'view' | 'process' | 'relay' | 'webhook';
    readonly position: string | undefined;
    /** Facts between the reader and the head; counted up to 1,000 where positions of the log do not count facts. */
    readonly lagFacts: number;
    /** Since when it has been behind. */
    readonly lagSeconds: number;
    /** The head moved and this reader did not, for longer than the limit. */
    readonly stalled: boolean;
    readonly parked: number;
    /** Why it does not get on, as far as its engine says. */
    readonly failure?: string;
  }[];
  /** Left out by a server that does not deliver: of several on one log, one does. */
  readonly webhooks?: WaitingWebhooks;
}
