import type { ProblemAnswer } from './problems.js';

/** What came of a command. */
export interface CommandAnswer {
  readonly outcome: 'created' | 'done' | 'unchanged' | 'accepted';
  /** The same for the same key. */
  readonly commandId: string;
  /** Id of the thing. */
  readonly id: string;
  readonly stream: string;
  /** The stream's revision after the command; `ifRevision` of the next one. */
  readonly revision: number;
  /** Later queries of this client wait for it by themselves. */
  readonly position: string;
  /** Types of the facts recorded, in order. */
  readonly facts: readonly string[];
  /** Of the process that finishes it (`accepted`). */
  readonly process?: string;
}

/** What a command would do now; nothing was recorded. */
export interface DryRunAnswer {
  readonly dryRun: true;
  /** `repeated`: its key was used before, and it would get the answer of that time. */
  readonly outcome: CommandAnswer['outcome'] | 'repeated';
  readonly commandId: string;
  readonly id: string;
  readonly stream: string;
  /** The stream's revision now; -1 if there is none. */
  readonly revision: number;
  /** Personal fields are `{ sealed: true }`. */
  readonly facts: readonly { readonly type: string; readonly data: Readonly<Record<string, unknown>> }[];
}

/** One of many commands in one request. */
export interface CommandLine {
  /** Name of the command, such as OpenOpportunity. */
  readonly command: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly key?: string;
  readonly ifRevision?: number;
  readonly occurredAt?: string;
  /** `user:`, `service:` or `customer:` and an internal id. */
  readonly onBehalfOf?: string;
}

/** What came of one of many commands, or why it was refused. */
export interface LineAnswer {
  /** Number of the line, from 1. */
  readonly line: number;
  readonly key?: string;
  /** Of what the command alone would have been answered. */
  readonly status: number;
  readonly answer?: CommandAnswer;
  readonly problem?: ProblemAnswer;
}

/** What one of many commands would do now, or why it would be refused. */
export interface DryRunLine {
  /** Number of the line, from 1. */
  readonly line: number;
  readonly key?: string;
  /** Of what the command alone would be answered. */
  readonly status: number;
  readonly answer?: DryRunAnswer;
  readonly problem?: ProblemAnswer;
}

export interface CommandOptions {
  /** Chosen by you: the command takes effect once also if your own process dies and sends it again. A random one if left out. */
  readonly idempotencyKey?: string;
  /** Refused with 412 unless the thing is at this revision. */
  readonly ifRevision?: number;
  /** When it happened in the business; needs the role `backdate` or `importer`. */
  readonly occurredAt?: string | Date;
  /** `user:`, `service:` or `customer:` and the internal id of whom it is done for. */
  readonly onBehalfOf?: string;
  readonly traceparent?: string;
  /** For commands that a process finishes: seconds to wait until it has, at most 60. */
  readonly settle?: number;
  readonly signal?: AbortSignal;
}

/** What spans several things and takes a while. */
export interface ProcessState {
  readonly id: string;
  readonly process: string;
  /** STOPPED: a step was refused; it needs a person. ENDED: one gave it up. */
  readonly status: 'RUNNING' | 'DONE' | 'STOPPED' | 'ENDED';
  readonly trigger: string;
  readonly steps: readonly {
    readonly command: string;
    readonly outcome: 'PENDING' | 'DONE' | 'REFUSED';
    readonly code?: string;
    readonly stream?: string;
  }[];
}

/** What every answer of a view says of itself. */
export interface ViewAnswer {
  readonly view: string;
  readonly version: number;
  /** Hash of its definition. */
  readonly definition: string;
  /** Facts up to here are in; `position` repeats the answer. */
  readonly position: string;
  readonly asOf?: string;
  readonly knownAt?: string;
}

export interface ListAnswer<D> extends ViewAnswer {
  readonly items: readonly { readonly key: string; readonly document: D }[];
  /** `cursor` of the next page; absent on the last one. */
  readonly next?: string;
}

export interface DocumentAnswer<D> extends ViewAnswer {
  readonly key: string;
  readonly document: D;
}

/** The grouping fields, `count`, and each sum with its `currency`. */
export interface GroupsAnswer extends ViewAnswer {
  readonly groups: readonly Readonly<Record<string, string | number | boolean | null>>[];
}

/** A personal value: open for tokens with the role `personal`, else marked; gone for good once its person is erased. */
export type Personal<T> = T | { readonly sealed: true } | { readonly erased: true };
