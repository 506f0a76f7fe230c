import { Carried, type CommandClass, type CommandField, commandFields, derivedId, isId, isSealed } from '#kernel';
import type { KeyStore } from '../ports.js';
import { Problem } from '../problem.js';
import type { RegisteredCommand } from '../registry.js';
import type { CommandRequest } from '../requests.js';
import { ERASED, openSealed } from '../sealing/sealing.js';
import { compileCommand } from './validation.js';

/** A command on its way to the decision. */
export interface Intake {
  /** Of the command class. */
  readonly name: string;
  readonly commandId: string;
  /** The stream's id. */
  readonly target: string;
  /** As the sender wrote it, ids filled in. */
  readonly open: Readonly<Record<string, unknown>>;
  /** What the decision gets: an instance of the class, personal fields carried. */
  readonly command: object;
  /** The body without personal fields, and those alone: each has its own digest. */
  readonly plain: Readonly<Record<string, unknown>>;
  readonly personal: Readonly<Record<string, unknown>>;
}

/**
 * A process carries sealed values from fact to command; they are opened here to be sealed again for the new fact. What was
 * erased meanwhile is left out. Never for anybody else: a caller would be shown what only the role `personal` may see.
 */
export async function unsealed(keys: KeyStore, request: CommandRequest): Promise<CommandRequest> {
  const { payload, caller } = request;
  if (!isObject(payload) || !Object.values(payload).some(isSealed)) return request;
  const open: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(payload)) {
    const opened = isSealed(value) ? await openSealed(keys, caller.tenant, value) : value;
    if (opened !== ERASED) open[field] = opened;
  }
  return { ...request, payload: open };
}

/** Ids, shape and personal fields of a request. Throws Problem 400 with one entry a field. */
export function takeIn(request: CommandRequest, { type, aggregate, options }: RegisteredCommand): Intake {
  const { payload, idempotencyKey } = request;
  const commandId = commandIdOf(request, idempotencyKey ?? crypto.randomUUID());
  const fields = commandFields(type);

  if (!isObject(payload))
    throw new Problem(400, 'invalid-command', `The body of ${type.name} must be a JSON object; send {} where it has no fields.`);
  const open: Record<string, unknown> = { ...(options.route === undefined ? payload : inShape(type, payload)) };
  for (const [field, { assigned }] of fields) {
    if (open[field] === undefined && (assigned || (options.creates && field === aggregate.id)))
      open[field] = assignedId(assigned, open) ?? derivedId('assigned', commandId, field);
  }

  const command = Object.create(type.prototype) as Record<string, unknown>;
  const target = targetOf(open, type, aggregate.id);
  if (allPlain(open, fields))
    return { name: type.name, commandId, target, open, command: Object.assign(command, open), plain: open, personal: NONE };
  const plain: Record<string, unknown> = {};
  const personal: Record<string, unknown> = {};
  for (const field in open) {
    const value = open[field];
    if (value === undefined) continue;
    if (fields.get(field)?.personal) {
      personal[field] = value;
      command[field] = new Carried(value);
    } else {
      plain[field] = value;
      command[field] = value;
    }
  }
  return { name: type.name, commandId, target, open, command, plain, personal };
}

const NONE: Readonly<Record<string, unknown>> = {};

/** Whether every field is there and in the open, so that nothing has to be told apart. */
function allPlain(open: Readonly<Record<string, unknown>>, fields: ReadonlyMap<string, CommandField>): boolean {
  for (const field in open) if (open[field] === undefined || fields.get(field)?.personal) return false;
  return true;
}

/** Whatever a definition lets through: nothing but an id names a stream. */
function targetOf(open: Readonly<Record<string, unknown>>, { name }: CommandClass, field: string): string {
  const target = open[field];
  if (typeof target === 'string' && isId(target)) return target;
  throw new Problem(400, 'invalid-command', `${name}: ${field} must be a UUID in lower case`, {
    errors: [{ field, message: 'must be a UUID in lower case' }],
  });
}

const isObject = (payload: unknown): payload is Readonly<Record<string, unknown>> =>
  typeof payload === 'object' && payload !== null && !Array.isArray(payload);

/** Same tenant, caller and key: same command, on every machine and after any crash. */
export const commandIdOf = ({ caller }: Pick<CommandRequest, 'caller'>, idempotencyKey: string): string =>
  derivedId('command', caller.tenant, caller.actor.kind, caller.actor.id, idempotencyKey);

/** Before ids and digest are made of it: a retry may spell the same moment in another way. */
function inShape<T extends object>(type: CommandClass, payload: T): T {
  const { validate, normalised } = compileCommand(type);
  const errors = validate(payload);
  if (errors.length === 0) return normalised(payload);
  const [first] = errors;
  throw new Problem(400, 'invalid-command', `${type.name}: ${first?.field} ${first?.message}`, { errors });
}

function assignedId(assigned: CommandField['assigned'], command: object): string | undefined {
  if (typeof assigned === 'function') return assigned(command);
  return typeof assigned === 'string' ? assigned : undefined;
}
