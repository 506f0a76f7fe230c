import type { CommandPipeline } from '../commands/pipeline.js';
import { Problem } from '../problem.js';
import type { Registry } from '../registry.js';
import type { CommandRequest } from '../requests.js';
import { SubscribeWebhook } from '../system/webhook/commands.js';

type Commands = Pick<CommandPipeline, 'execute' | 'dryRun' | 'perform'>;

/**
 * The commands of the system, of which a subscription names what there is: a webhook for a fact that is misspelt, or that no topic
 * has, would wait for ever. Throws Problem 400.
 */
export function withSubscriptionsChecked(commands: Commands, registry: Registry): Commands {
  const check = (request: CommandRequest) => {
    if (request.command === SubscribeWebhook.name) refuseUnknown(request.payload as Asked | null, registry);
  };
  return {
    perform: (request, command) => commands.perform(request, command),
    execute: async (request) => {
      check(request);
      return commands.execute(request);
    },
    dryRun: async (request) => {
      check(request);
      return commands.dryRun(request);
    },
  };
}

interface Asked {
  readonly types?: unknown;
  readonly aggregates?: unknown;
}

function refuseUnknown(asked: Asked | null, { facts, aggregateOfFact }: Registry): void {
  const types = [...facts.values()].filter(({ visibility }) => visibility === 'public').map(({ type }) => type);
  const aggregates = [...new Set(types.flatMap((type) => aggregateOfFact.get(type)?.name ?? []))];
  refuse('aggregates', asked?.aggregates, aggregates, 'is no topic; /v1/topics lists them');
  refuse('types', asked?.types, types, 'is no public fact; /v1/topics lists them');
}

/** What is no list of texts is refused by the shape of the command. */
function refuse(field: string, given: unknown, allowed: readonly string[], why: string): void {
  if (!Array.isArray(given)) return;
  const index = given.findIndex((name) => typeof name === 'string' && !allowed.includes(name));
  if (index < 0) return;
  const message = `${why}, and the member allowed of this problem`;
  throw new Problem(400, 'invalid-command', `SubscribeWebhook: ${field}[${index}] ${why}`, {
    errors: [{ field: `${field}[${index}]`, message }],
    members: { allowed: [...allowed].sort() },
  });
}
