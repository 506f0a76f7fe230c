import type { Role } from './roles.js';

// biome-ignore lint/suspicious/noExplicitAny: command classes have no constructor arguments and any fields
export type CommandClass<C extends object = any> = new () => C;

export interface CommandOptions {
  /** `POST /opportunities/:opportunityId/advance`, below `/v1`. Without a route only processes and the runtime send it. */
  readonly route?: string;
  readonly roles?: readonly Role[];
  /** One sentence in the imperative; heads its documentation page and its `--help`. */
  readonly summary: string;
  /** Ids of `capabilities.md` that it serves. */
  readonly capabilities?: readonly string[];
  /** Starts a new stream. The id may be left out: it then derives from tenant, caller and Idempotency-Key. */
  readonly creates?: boolean;
  /** A process finishes it: answered 202 with the process's address. Names the process. */
  readonly continues?: string;
  /**
   * All its facts are corrections, and report what happened elsewhere: where a process sends it, they keep the moment of what
   * they follow from, even if the stream has gone on since.
   */
  readonly keepsMoment?: boolean;
}

export interface FieldOptions {
  /** Under its person's key from the first fact on; reaches the decision as `Sealed`. */
  readonly personal?: boolean;
  readonly unit?: string;
  /** The class of the elements (lists) or of the value (objects). */
  readonly of?: () => CommandClass;
  /**
   * Where the caller brings no id: true for one that derives from the command, a text for the only one there can be, a function for one
   * that follows from other fields.
   */
  // biome-ignore lint/suspicious/noExplicitAny: called with the command whose field it is
  readonly assigned?: boolean | string | ((command: any) => string);
  readonly example?: unknown;
}

export interface CommandField extends FieldOptions {
  readonly description: string;
}

const commands = new WeakMap<CommandClass, CommandOptions>();
const fields = new WeakMap<CommandClass, Map<string, CommandField>>();

/** Declares a command; everything outside (route, documentation, CLI verb, validator, handler) follows from it. */
export const Command =
  (options: CommandOptions) =>
  (target: CommandClass): void => {
    commands.set(target, options);
  };

/** Declares a field; its shape comes from the class-validator decorators beside it. */
export const Field =
  (description: string, options: FieldOptions = {}) =>
  (target: object, name: string): void => {
    const owner = target.constructor as CommandClass;
    const known = fields.get(owner) ?? new Map<string, CommandField>();
    known.set(name, { description, ...options });
    fields.set(owner, known);
  };

export function commandOptions(command: CommandClass): CommandOptions {
  const options = commands.get(command);
  if (!options) throw new Error(`${command.name} lacks @Command({ summary: … }).`);
  return options;
}

export const commandFields = (command: CommandClass): ReadonlyMap<string, CommandField> => fields.get(command) ?? new Map();
