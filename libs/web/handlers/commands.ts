import type { IncomingMessage } from 'node:http';
import { Problem } from '#runtime/problem';
import type { RegisteredCommand } from '#runtime/registry';
import type { CommandAnswer, CommandRequest, DryRunAnswer } from '#runtime/requests';
import { sendLines, statusOf } from '../command-lines.js';
import { DRY_RUN, DRY_RUN_LINES } from '../endpoint.js';
import { Interruption } from '../interruption.js';
import { linesOf } from '../lines.js';
import { HEARTBEAT } from '../options.js';
import { framesOf, problemOf } from '../problem-json.js';
import { RawStream } from '../raw-stream.js';
import {
  bearerToken,
  type CommandHeaders,
  commandHeaders,
  malformed,
  preferredWait,
  refuseEncoded,
  refuseHeadersOfOneCommand,
  refuseUnknownHeaders,
  unauthenticated,
  wantsDryRun,
} from '../request-headers.js';
import type { Handler, Surface } from '../surface.js';
import { refuseQuery } from './parameters.js';

/** Bytes of one line. */
const LONGEST_LINE = 1_048_576;

/** The route of one command. */
export function commandHandler(surface: Surface, command: RegisteredCommand): Handler {
  const { annals } = surface;
  return async ({ request, caller, onlyWaits }) => {
    refuseQuery(request);
    refuseUnknownHeaders(request.headers);
    const told = commandHeaders(request.headers);
    const payload = payloadOf(request.body, request.params as Readonly<Record<string, string>>);
    if (wantsDryRun(request.headers)) {
      const body = await annals.commands.dryRun({ caller, command: command.name, payload, ...told }).catch(inHeaders(told));
      return { type: DRY_RUN, headers: { 'annals-dry-run': 'true' }, body };
    }
    const sent = { caller, command: command.name, payload, ...told };
    const answer = await measured(surface, command, sent).catch(inHeaders(told));

    const status = statusOf(answer);
    const headers: Record<string, string> = { etag: `"${answer.revision}"`, 'annals-position': answer.position };
    if (status === 201) headers.location = `/v1/facts?stream=${answer.stream}`;
    if (status !== 202 || answer.process === undefined) return { status, headers, body: answer };

    headers.location = `/v1/processes/${answer.process}`;
    const seconds = preferredWait(request.headers);
    if (seconds === undefined) return { status, headers, body: answer };
    headers['preference-applied'] = `wait=${seconds}`;
    onlyWaits();
    const state = await annals.processes.settled(caller.tenant, answer.process, seconds * 1000);
    if (state?.status !== 'DONE') return { status: 202, headers, body: answer };
    headers['annals-position'] = await annals.facts.head();
    return { status: 200, headers, body: answer };
  };
}

/** The runtime names the business time as lines do; who sent one command said it in a header, and looks for it there. */
const inHeaders =
  ({ occurredAt }: CommandHeaders) =>
  (error: unknown): never => {
    if (!(error instanceof Problem) || occurredAt === undefined || !ABOUT_TIME.has(error.code)) throw error;
    const { status, code, message, options } = error;
    const errors = options.errors?.map((one) => ({ ...one, field: 'Annals-Occurred-At' }));
    throw new Problem(status, code, `Annals-Occurred-At: ${message}`, { ...options, ...(errors && { errors }) });
  };
const ABOUT_TIME = new Set(['in-the-future', 'too-long-ago', 'backdate-role-needed', 'before-last-fact']);

/** `POST /v1/commands`: many commands, one a line. */
export function commandLinesHandler(surface: Surface): Handler {
  const { annals, limits, logger } = surface;
  return async ({ request, reply, caller }) => {
    if (!/^application\/(x-ndjson|jsonl)\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
      throw new Problem(415, 'unsupported-media-type', 'Send one command a line as Content-Type: application/x-ndjson.');
    }
    refuseEncoded(request.headers);
    refuseQuery(request);
    refuseUnknownHeaders(request.headers);
    refuseHeadersOfOneCommand(request.headers);
    const isDry = wantsDryRun(request.headers);
    if (isDry) reply.raw.setHeader('annals-dry-run', 'true');
    const stream = new RawStream(request, reply, `${isDry ? DRY_RUN_LINES : 'application/x-ndjson'}; charset=utf-8`);
    try {
      await sendLines({
        lines: linesOf(chunksOf(request.raw, surface), LONGEST_LINE),
        caller,
        registry: annals.registry,
        execute: (command, sent) =>
          limits.bulkLine<CommandAnswer | DryRunAnswer>(caller, () =>
            isDry ? annals.commands.dryRun(sent) : measured(surface, command, sent),
          ),
        answer: (answer) => stream.write(`${JSON.stringify(answer)}\n`),
        onFault: (error) =>
          logger?.error({ event: 'line.failed', requestId: request.id, error: framesOf(error) }, 'A line failed.'),
      });
      stream.end();
    } catch (error) {
      // the sender broke off; what it sent in full was done, and a repetition with the same keys has no further effect
      logger?.info({ event: 'lines.broken', requestId: request.id, error: framesOf(error) }, 'The sender of lines broke off.');
      stream.abort();
    }
    return undefined;
  };
}

/** Throws Problem 503 when the server stops, also while the sender is silent; 401 once the token was revoked or has expired. */
async function* chunksOf(message: IncomingMessage, { authenticate, options, stopping }: Surface): AsyncGenerator<Buffer> {
  const { heartbeat = HEARTBEAT } = options;
  const token = bearerToken(message.headers);
  let checked = Date.now();
  const chunks = message.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const interruption = new Interruption(stopping);
  try {
    for (;;) {
      const next = await interruption.wait(chunks.next());
      if (!next || interruption.interrupted) {
        throw new Problem(
          503,
          'stopping',
          'This server is stopping. This line and those after it were not read; send them again.',
        );
      }
      if (next.done) return;
      if (Date.now() - checked >= heartbeat) {
        if (!(await authenticate(token)))
          throw unauthenticated('The token was revoked or has expired. This line and those after it were not read.');
        checked = Date.now();
      }
      yield next.value;
    }
  } finally {
    interruption.end();
  }
}

async function measured(
  { buses, metrics }: Surface,
  command: RegisteredCommand,
  request: CommandRequest,
): Promise<CommandAnswer> {
  const started = performance.now();
  let status = 500;
  let code: string | undefined;
  try {
    const answer = await buses.send(command, request);
    status = statusOf(answer);
    return answer;
  } catch (error) {
    ({ status, code } = problemOf(error));
    throw error;
  } finally {
    metrics.command(command.name, status, (performance.now() - started) / 1000, code);
  }
}

/** Fields of the address belong to the command; named in the body too, they must say the same. */
function payloadOf(body: unknown, params: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  if (body === undefined) return params;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw malformed('body', 'must be a JSON object');
  const given = body as Readonly<Record<string, unknown>>;
  for (const field in params) {
    const said = Object.hasOwn(given, field) ? given[field] : undefined;
    if (said !== undefined && said !== params[field]) throw malformed(field, 'differs between address and body');
  }
  return { ...given, ...params };
}
