import type { CommandChecks } from '../commands/decision.js';
import { hasPosition } from '../places.js';
import type { Log } from '../ports.js';
import { Problem } from '../problem.js';
import type { Registry } from '../registry.js';
import { ReplayWebhook, SubscribeWebhook } from '../system/webhook/commands.js';
import type { RefusedAddress } from './sending.js';

export interface WebhookCheckOptions {
  readonly registry: Registry;
  readonly log: Log;
  readonly refusedAddress: RefusedAddress;
}

/**
 * What a webhook asks for must be there: one for a fact that is misspelt, or that no topic has, would wait for ever, as would one
 * that begins at a position of another log or goes where this installation sends nothing. The checks throw Problem 400, 410, 422.
 */
export function webhookChecks({ registry, log, refusedAddress }: WebhookCheckOptions): CommandChecks {
  const names = namesOf(registry);
  return new Map<string, (command: object) => Promise<void>>([
    [
      SubscribeWebhook.name,
      async (command) => {
        const { address, aggregates, types, after } = command as SubscribeWebhook;
        refuseUnknown('aggregates', aggregates, names.aggregates, 'is no topic; /v1/topics lists them');
        refuseUnknown('types', types, names.types, 'is no public fact; /v1/topics lists them');
        refuseAddress(address, refusedAddress);
        await refuseForeign(after, log);
      },
    ],
    [ReplayWebhook.name, (command) => refuseForeign((command as ReplayWebhook).after, log)],
  ]);
}

function namesOf({ facts, aggregateOfFact }: Registry) {
  const types = [...facts.values()].filter(({ visibility }) => visibility === 'public').map(({ type }) => type);
  return { types, aggregates: [...new Set(types.flatMap((type) => aggregateOfFact.get(type)?.name ?? []))] };
}

function refuseUnknown(field: string, given: readonly string[] | undefined, allowed: readonly string[], why: string): void {
  const index = given?.findIndex((name) => !allowed.includes(name)) ?? -1;
  if (index < 0) return;
  const message = `${why}, and the member allowed of this problem`;
  throw new Problem(400, 'invalid-command', `SubscribeWebhook: ${field}[${index}] ${why}`, {
    errors: [{ field: `${field}[${index}]`, message }],
    members: { allowed: [...allowed].sort() },
  });
}

/** What an operator of this installation can do about it. */
const ALLOW = 'ANNALS_WEBHOOKS_TO_PRIVATE=true allows it, for the whole installation';

/** Where a name leads shows when something is sent there. What is no address the decision refuses. */
function refuseAddress(address: string, refusedAddress: RefusedAddress): void {
  if (!URL.canParse(address)) return;
  const code = refusedAddress(address);
  if (code === 'https-needed')
    throw new Problem(422, 'https-needed', 'Webhooks go to https:// addresses only; name one.', {
      errors: [{ field: 'address', message: `must begin with https://; ${ALLOW}` }],
    });
  if (code === 'private-address')
    throw new Problem(
      422,
      'private-address',
      'Webhooks go to addresses of the open Internet only; name one, or have an operator allow others.',
      {
        errors: [{ field: 'address', message: `is of this machine, a private or a reserved network; ${ALLOW}` }],
      },
    );
}

async function refuseForeign(after: string | undefined, log: Log): Promise<void> {
  if (after === undefined || (await hasPosition(log, after))) return;
  throw new Problem(
    410,
    'foreign-position',
    'after is a position that this log does not have; name one that an answer of it gave.',
    {
      errors: [{ field: 'after', message: 'is a position that this log does not have' }],
    },
  );
}
