import type { CommandClass } from './commands.js';
import type { Actor, Imported } from './envelope.js';
import type { DataOf, Fact, FactOf, Facts } from './facts.js';
import type { Sealed } from './personal.js';
import type { Moment } from './time.js';

/** All that a decision may know beside its command, its own stream and the references it declares. */
export interface Circumstances {
  /** The business time of the command; the facts will carry it. */
  readonly now: Moment;
  readonly actor: Actor;
  readonly tenant: string;
  /** What the tenant's own clock shows; only in a sandbox, whose clock can be set. */
  readonly clock?: Moment;
  /** An id for a thing that the decision brings about; the same label gives the same id when the command is sent again. */
  readonly newId: (label: string) => string;
  /** Ids of the claims that `reserve` asked for, in its order. */
  readonly reservations: readonly string[];
}

/** What `evolve` knows of a fact beside its data. */
export interface When {
  readonly occurredAt: Moment;
  /** Of imported history. */
  readonly imported?: Imported | undefined;
}

/** A claim on something that only one stream may hold. A personal value is kept as a keyed digest in the key store only. */
export interface Claim {
  readonly scope: string;
  readonly value: string;
  /** The person whose erasure frees the claim; left out for what is not personal (an order number). */
  readonly person?: string;
  /** How the refusal names what is taken. */
  readonly label: string;
  /** The field of the command that has the value. */
  readonly field?: string;
}

/** A stream that a decision reads beside its own: a pipeline definition, a price list. `undefined`: its initial state. */
export interface Reference<S, R> {
  /** The aggregate, or as much of it as who refers to it has to know: two that refer to each other need not import each other. */
  readonly aggregate: { readonly name: string; readonly initial: R };
  readonly id: (
    // biome-ignore lint/suspicious/noExplicitAny: called with each command of the aggregate
    command: any,
    state: S,
    /** `read`: the states of the references declared before this one, by name; a policy may so name its calendar. */
    given: { readonly tenant: string; readonly read: Readonly<Record<string, unknown>> },
  ) => string | undefined;
}

export type Commands = Readonly<Record<string, CommandClass>>;
/** The command as its sender wrote it: personal fields open. Only claims may look at it. */
export type Open<C> = {
  readonly [K in keyof C]: NonNullable<C[K]> extends Sealed<infer T>
    ? unknown extends T
      ? C[K]
      : T | Extract<C[K], undefined>
    : C[K];
};

export interface Aggregate<S, C extends Commands, F extends Facts, R = unknown> {
  readonly name: string;
  readonly description: string;
  /** The command field that names the stream. */
  readonly id: string;
  /** Raised when `evolve` or the state changes shape: older snapshots are then discarded. */
  readonly stateVersion?: number;
  readonly commands: C;
  readonly facts: F;
  readonly initial: S;
  /** Ids of what the aggregate belongs to, after the fact; stamped on it, so that views can key by them. */
  readonly refs?: (state: S) => Readonly<Record<string, string | undefined>>;
  readonly references?: { readonly [K in keyof R]: Reference<S, R[K]> };
  readonly reserve?: { readonly [K in keyof C]?: (command: Open<InstanceType<C[K]>>) => readonly Claim[] };
  readonly decide: {
    readonly [K in keyof C]: (
      command: InstanceType<C[K]>,
      state: S,
      given: Circumstances & R,
    ) => FactOf<F> | readonly FactOf<F>[];
  };
  readonly evolve: { readonly [K in keyof F]: (state: S, data: DataOf<F[K]>, when: When) => S };
}

/** `S` is the state; `R` the reference states that its decisions read. */
export const aggregate =
  <S, R = unknown>() =>
  <C extends Commands, F extends Facts>(definition: Aggregate<S, C, F, R>): Aggregate<S, C, F, R> =>
    definition;

// biome-ignore lint/suspicious/noExplicitAny: the runtime runs aggregates of any shape
export type AnyAggregate = Aggregate<any, any, any, any>;

/** The decision for a command, by name. */
export function decisionOf(
  aggregate: AnyAggregate,
  command: string,
): (command: object, state: unknown, given: Circumstances) => Fact | readonly Fact[] {
  return aggregate.decide[command] ?? missing(aggregate, 'decide', command);
}

/** The next state after a fact, by its type. */
export function evolved(
  aggregate: AnyAggregate,
  state: unknown,
  { type, data }: Fact,
  occurredAt: Moment,
  imported?: Imported,
): unknown {
  return (aggregate.evolve[type] ?? missing(aggregate, 'evolve', type))(state, data, { occurredAt, imported });
}

function missing({ name }: AnyAggregate, part: string, member: string): never {
  throw new Error(`${name} has no ${part}.${member}.`);
}
