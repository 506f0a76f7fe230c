import type { CommandClass } from './commands.js';
import type { RecordedAs } from './envelope.js';
import type { Facts } from './facts.js';
import type { Moment } from './time.js';

/** One command that a process sends. Its id derives from process, trigger and index, so that it takes effect once. */
export interface Step {
  readonly command: CommandClass;
  readonly payload: Readonly<Record<string, unknown>>;
  /** A refusal is noted and the process goes on; otherwise it stops there, visibly. */
  readonly optional: boolean;
  /** Sent for imported facts too: it completes what they say here, and nothing leaves the system by it. */
  readonly alsoImported?: boolean;
  /** A refusal by which there is nothing left to do: it ends the run, with another command in the place of all that would follow. Not of timers. */
  readonly overBy?: { readonly code: string; readonly instead: Step };
  /** Sent no earlier than this; its business time is this moment. */
  readonly due?: Moment;
}

export interface Process<F extends Facts> {
  readonly name: string;
  readonly description: string;
  readonly capabilities: readonly string[];
  /** `now`: reacts to facts recorded after it was first deployed. `zero`: to all there are. */
  readonly startsFrom: 'now' | 'zero';
  readonly facts: F;
  /** Pure: the steps that a fact asks for, in order. */
  readonly react: { readonly [K in keyof F]: (recorded: RecordedAs<F[K]>) => readonly Step[] };
}

export const process = <F extends Facts>(definition: Process<F>): Process<F> => definition;

export const send = <C extends object>(
  command: CommandClass<C>,
  payload: C,
  { optional = false, ...more }: { optional?: boolean } & Pick<Step, 'alsoImported' | 'overBy'> = {},
): Step => ({
  command,
  payload: payload as Readonly<Record<string, unknown>>,
  optional,
  ...more,
});

/** A timer: the command goes out when `due` has come, and decides itself whether there is still something to do. */
export const at = (due: Moment, step: Step): Step => ({ ...step, due });

// biome-ignore lint/suspicious/noExplicitAny: the runner runs processes of any shape
export type AnyProcess = Process<any>;
