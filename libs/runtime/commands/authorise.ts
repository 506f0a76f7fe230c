import { Problem } from '../problem.js';
import type { RegisteredCommand, Registry } from '../registry.js';
import type { CommandRequest } from '../requests.js';

/** The command that a request names. Throws Problem 404 where nobody may send it, 403 where this caller may not. */
export function authorise(registry: Registry, { command: name, caller }: CommandRequest): RegisteredCommand {
  const command = registry.commands.get(name);
  if (!command?.options.route)
    throw new Problem(404, 'command-unknown', `There is no command ${name.slice(0, 100)}; /openapi.json lists all.`);
  const { roles = [] } = command.options;
  if (!roles.some((role) => caller.roles.has(role)) && caller.actor.kind !== 'process') {
    throw new Problem(
      403,
      'role-needed',
      `${command.name} needs one of the roles ${roles.join(', ')}; ask for a token that has one.`,
      {
        members: { roles },
      },
    );
  }
  return command;
}
