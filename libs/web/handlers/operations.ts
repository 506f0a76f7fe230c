import { isId, tenantOf } from '#kernel';
import type { CompiledShape } from '#runtime/commands/validation';
import { Problem } from '#runtime/problem';
import type { Caller } from '#runtime/requests';
import {
  type BackupBody,
  backupBody,
  type ReleaseBody,
  type ReleaseProcessBody,
  releaseBody,
  releaseProcessBody,
  type TokenBody,
  tokenBody,
} from '../admin-commands.js';
import { framesOf } from '../problem-json.js';
import { RawStream } from '../raw-stream.js';
import { idempotencyKeyOf } from '../request-headers.js';
import type { Handler, Surface, Visit } from '../surface.js';
import { invalid, parametersOf, refuseQuery } from './parameters.js';

/** Everything that is neither a command nor a view, by the id of its endpoint. */
export function operationHandlers(surface: Surface): Readonly<Record<string, Handler>> {
  const { annals, logger } = surface;
  return {
    whoami: async ({ request, caller }) => {
      refuseQuery(request);
      const { tenant, actor, roles, customerId } = caller;
      return { body: { tenant, actor, roles: [...roles].sort(), ...(customerId !== undefined && { customerId }) } };
    },

    'get-clock': async ({ request, caller }) => {
      refuseQuery(request);
      // asked for after the clock: what its timers did by then lies before it
      const clock = await annals.clock.of(caller.tenant);
      return { headers: { 'annals-position': await annals.facts.head() }, body: { ...clock } };
    },

    'get-process': async ({ request, caller }) => {
      refuseQuery(request);
      const { id } = request.params as { readonly id: string };
      const state = isId(id) ? await annals.processes.state(caller.tenant, id) : undefined;
      if (!state) throw new Problem(404, 'process-unknown', 'There is no such process; the view processes lists those that are.');
      // asked for after the state: what the process did by then lies before it
      return { headers: { 'annals-position': await annals.facts.head() }, body: state };
    },

    'get-webhook-secret': async ({ request, caller }) => {
      refuseQuery(request);
      const { id } = request.params as { readonly id: string };
      const secret = isId(id) ? await annals.webhooks.secret(caller.tenant, id) : undefined;
      if (secret === undefined) throw noSuchWebhook();
      logger?.info({ event: 'webhook.secret-shown', requestId: request.id, webhookId: id }, 'The secret of a webhook was shown.');
      return { body: { secret } };
    },

    'get-webhook-state': async ({ request, caller }) => {
      refuseQuery(request);
      const { id } = request.params as { readonly id: string };
      const state = isId(id) ? await annals.webhooks.state(caller.tenant, id) : undefined;
      if (!state) throw noSuchWebhook();
      return { body: state };
    },

    'issue-token': async ({ request, caller }) => {
      refuseQuery(request);
      const token = checked<TokenBody>(tokenBody, request.body);
      const key = request.headers['idempotency-key'];
      const issued = await annals.access.issueToken(caller, {
        ...token,
        ...(typeof key === 'string' && { idempotencyKey: idempotencyKeyOf(key.trim(), 'Idempotency-Key') }),
      });
      logger?.info(
        { event: 'token.issued', requestId: request.id, tokenId: issued.tokenId, roles: token.roles },
        'A token was issued.',
      );
      return { status: 201, body: issued };
    },

    'list-generations': async ({ request }) => {
      refuseQuery(request);
      const generations = (await annals.views.generations()).map(({ spec, state, checkpoint, parked }) => ({
        view: spec.view,
        version: spec.version,
        definition: spec.hash,
        state,
        ...(checkpoint !== undefined && { position: checkpoint }),
        parked,
      }));
      return { body: { generations } };
    },

    'rebuild-view': (visit) => rebuildView(surface, visit),

    'list-parked': async ({ request, caller }) => {
      const { view } = parametersOf(request, ['view']);
      const parked = await annals.views.parked(view);
      const seen = isInstallation(caller) ? parked : parked.filter(({ tenant }) => tenant === caller.tenant);
      const own = ({ tenant }: { readonly tenant: string }) => isInstallation(caller) || tenant === caller.tenant;
      const processes = view === undefined ? (await annals.processes.listParked()).filter(own) : [];
      return { body: { parked: seen, processes } };
    },

    'release-parked': async ({ request, caller }) => {
      refuseQuery(request);
      const { view, key, tenant = caller.tenant } = checked<ReleaseBody>(releaseBody, request.body);
      if (tenant !== caller.tenant && !isInstallation(caller))
        throw new Problem(404, 'tenant-unknown', 'There is no such tenant; the view tenants lists those that are.');
      return { body: await annals.views.release(view, tenant, key) };
    },

    'release-process': async ({ request, caller }) => {
      refuseQuery(request);
      const { process, stream } = checked<ReleaseProcessBody>(releaseProcessBody, request.body);
      const tenant = tenantOf(stream);
      if (tenant !== caller.tenant && !isInstallation(caller))
        throw new Problem(404, 'not-parked', 'No such process has parked this stream; the list names those that are.');
      return { body: await annals.processes.release(process, stream) };
    },

    backup: async ({ request, caller }) => {
      refuseQuery(request);
      checkInstallation(caller);
      const target = checked<BackupBody>(backupBody, request.body);
      const report = await annals.backup(target);
      logger?.info({ event: 'backup.done', requestId: request.id, position: report.position }, 'A backup was made.');
      return { status: 201, body: report };
    },
  };
}

/** Streams a report a line; what is refused is answered before the first. */
async function rebuildView({ annals, logger, stopping }: Surface, { request, reply, caller }: Visit): Promise<undefined> {
  checkInstallation(caller);
  const { view } = request.params as { readonly view: string };
  if (!annals.registry.views.has(view)) throw new Problem(404, 'view-unknown', 'There is no such view; /v1/views lists them.');
  const { switch: chosen = 'true' } = parametersOf(request, ['switch']);
  if (chosen !== 'true' && chosen !== 'false') throw invalid('switch', 'Say true or false.');
  const switches = chosen === 'true';
  logger?.info({ event: 'view.rebuild', requestId: request.id, view, switches }, 'A rebuild begins.');
  // the first report comes before the head, so that a refusal has its own status
  const reports = annals.views.rebuild(view, { switch: switches })[Symbol.asyncIterator]();
  const first = await reports.next();
  const stream = new RawStream(request, reply, 'application/x-ndjson; charset=utf-8');
  try {
    for (let next = first; !next.done; next = await reports.next()) {
      await stream.write(`${JSON.stringify(next.value)}\n`);
      if (!stream.closed && !stopping.aborted) continue;
      await reports.return?.();
      break;
    }
    stream.end();
  } catch (error) {
    logger?.error({ event: 'view.rebuild.failed', requestId: request.id, view, error: framesOf(error) }, 'A rebuild failed.');
    stream.abort();
  }
  return undefined;
}

/** The tenant whose operators look after the whole installation. */
const INSTALLATION = 'main';
const isInstallation = ({ tenant }: Caller) => tenant === INSTALLATION;

function checkInstallation(caller: Caller): void {
  if (!isInstallation(caller))
    throw new Problem(403, 'installation-only', 'This concerns all tenants: it takes an operator of the tenant main.');
}

function checked<T extends object>({ validate, normalised }: CompiledShape, body: unknown): T {
  const errors = validate(body ?? {});
  const [first] = errors;
  if (first)
    throw new Problem(400, 'malformed-request', `Correct the request: ${first.field || 'the body'} ${first.message}.`, {
      errors,
    });
  return normalised(body as T);
}

const noSuchWebhook = () =>
  new Problem(404, 'webhook-unknown', 'There is no such webhook; the view webhooks lists those that are.');
