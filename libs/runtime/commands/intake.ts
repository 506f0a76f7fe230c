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

/** Ids, shape and personal fields of a request. Throws Problem 400 with one entry a field. */
export async function takeIn(
  request: CommandRequest,
  { type, aggregate, options }: RegisteredCommand,
  keys: KeyStore,
): Promise<Intake> {
  const { caller, payload, idempotencyKey } = request;
  const commandId = commandIdOf(request, idempotencyKey ?? crypto.randomUUID());
  const fields = commandFields(type);

  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw new Problem(400, 'invalid-command', `The body of ${type.name} must be a JSON object.`);
  }
  const open: Record<string, unknown> = { ...payload };
  // A process carries sealed values from fact to command; the runtime opens them here to seal them again for the new fact.
  if (request.caller.actor.kind === 'process') {
    for (const [field, value] of Object.entries(open))
      if (isSealed(value)) open[field] = await openSealed(keys, caller.tenant, value);
    for (const [field, value] of Object.entries(open)) if (value === ERASED) delete open[field];
  }
  if (options.route !== undefined) refuseBadShape(type, open);
  for (const [field, { assigned }] of fields) {
    if (open[field] === undefined && (assigned || (options.creates && field === aggregate.id)))
      open[field] = assignedId(assigned, open) ?? derivedId('assigned', commandId, field);
  }

  const command = Object.create(type.prototype) as Record<string, unknown>;
  const plain: Record<string, unknown> = {};
  const personal: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(open)) {
    if (value === undefined) continue;
    if (fields.get(field)?.personal) {
      personal[field] = value;
      command[field] = new Carried(value);
    } else {
      plain[field] = value;
      command[field] = value;
    }
  }
  const target = open[aggregate.id];
  // Whatever a definition lets through: nothing but an id names a stream.
  if (typeof target !== 'string' || !isId(target))
    throw new Problem(400, 'invalid-command', `${type.name}: ${aggregate.id} must be a UUID in lower case`, {
      errors: [{ field: aggregate.id, message: 'must be a UUID in lower case' }],
    });
  return { name: type.name, commandId, target, open, command, plain, personal };
}

/** Same tenant, caller and key: same command, on every machine and after any crash. */
export const commandIdOf = ({ caller }: Pick<CommandRequest, 'caller'>, idempotencyKey: string): string =>
  derivedId('command', caller.tenant, caller.actor.kind, caller.actor.id, idempotencyKey);

function refuseBadShape(type: CommandClass, payload: Readonly<Record<string, unknown>>): void {
  const errors = compileCommand(type).validate(payload);
  if (errors.length === 0) return;
  const [first] = errors;
  throw new Problem(400, 'invalid-command', `${type.name}: ${first?.field} ${first?.message}`, { errors });
}

function assignedId(assigned: CommandField['assigned'], command: object): string | undefined {
  if (typeof assigned === 'function') return assigned(command);
  return typeof assigned === 'string' ? assigned : undefined;
}
