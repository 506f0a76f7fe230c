import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { Problem } from '#runtime/problem';
import type { Caller } from '#runtime/requests';
import type { Tracing } from '#runtime/tracing/index';
import { sendAnswer, sendProblem } from './answers.js';
import { type Access, type Endpoint, methodsOf, takesDryRuns } from './endpoint.js';
import { endpointsOf } from './endpoints.js';
import { commandHandler, commandLinesHandler } from './handlers/commands.js';
import { factsHandler } from './handlers/facts.js';
import { historyHandlers } from './handlers/history.js';
import { openValuesHandler } from './handlers/keys.js';
import { openHandlers } from './handlers/open.js';
import { operationHandlers } from './handlers/operations.js';
import { listTopicsHandler, topicHandler, topicSchemaHandler } from './handlers/topics.js';
import { listViewsHandler, viewHandler } from './handlers/views.js';
import { parseJson } from './json-text.js';
import { classOf } from './limits/limits.js';
import { nothingAt } from './not-found.js';
import { openApiDocument } from './openapi.js';
import type { WebOptions } from './options.js';
import { framesOf, problemJson, problemOf } from './problem-json.js';
import { bearerToken, refuseDryRun, refuseEncoded, unauthenticated } from './request-headers.js';
import type { Handler, OpenHandler, Surface } from './surface.js';

const HEADERS_WITHIN = 15_000;
const IDLE_CONNECTION = 75_000;
const QUIET_SOCKET = 120_000;

/** Fastify without routes: ids, limits, and problems for everything that goes wrong before a route. */
export function httpServer({ tls, trustedProxy = false }: WebOptions): FastifyInstance {
  const server = fastify({
    ...(tls && { https: { key: tls.key, cert: tls.cert, minVersion: 'TLSv1.2' as const } }),
    trustProxy: trustedProxy,
    exposeHeadRoutes: false,
    genReqId: requestIds(),
    routerOptions: { maxParamLength: 500 },
    // its own are not wanted, and take a tenth of the start to load
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    // a sender of lines may take hours, so bodies have their own time limit; see JsonBodies
    requestTimeout: 0,
    keepAliveTimeout: IDLE_CONNECTION,
    connectionTimeout: QUIET_SOCKET,
    frameworkErrors: (error, request, reply) => sendProblem(request, reply as FastifyReply, problemOf(error)),
    clientErrorHandler: answerBrokenRequest,
  });
  server.server.headersTimeout = HEADERS_WITHIN;
  server.removeAllContentTypeParsers();
  // handlers read bodies, after the token was seen to be good
  server.addContentTypeParser('*', (_request, _body, done) => done(null));
  return server as unknown as FastifyInstance;
}

function noSchemas(): never {
  throw new Error('What routes take and give is checked and written by their handlers.');
}

/** Registers every endpoint; one without a handler stops the start. */
export function registerRoutes(server: FastifyInstance, surface: Surface): void {
  const { annals, stopping } = surface;
  server.addHook('onRequest', (request, _reply, done) => {
    if (!stopping.aborted || request.url.startsWith('/health/')) done();
    else done(new Problem(503, 'stopping', 'This server is stopping; send the same request again.', { retryAfter: 1 }));
  });
  server.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status === 500) {
      const event = { event: 'request.failed', requestId: request.id, error: framesOf(error) };
      surface.logger?.error(event, 'A request failed.');
    }
    sendProblem(request, reply, problem);
  });
  const { servesApi = true } = surface.options;
  const endpoints = endpointsOf(annals.registry);
  const notFound = servesApi ? nothingAt(endpoints, annals.registry) : elsewhere;
  const toDocs = { status: 302, headers: { location: '/docs' }, type: 'text/plain; charset=utf-8', body: 'See /docs.\n' };
  if (servesApi)
    server.route({ method: methodsOf('GET'), url: '/', handler: (request, reply) => sendAnswer(request, reply, toDocs) });
  server.setNotFoundHandler((request, reply) => sendProblem(request, reply, notFound(request)));

  const open = openHandlers(surface, openApiDocument(annals.registry));
  const others: Readonly<Record<string, Handler>> = {
    ...operationHandlers(surface),
    ...historyHandlers(surface),
    'send-commands': commandLinesHandler(surface),
    'list-views': listViewsHandler(surface),
    'list-topics': listTopicsHandler(surface),
    'read-topic': topicHandler(surface),
    'read-topic-schema': topicSchemaHandler(surface),
    'replay-facts': factsHandler(surface),
    'open-values': openValuesHandler(surface),
  };
  for (const endpoint of endpoints) {
    const { id, access, command, view, tag } = endpoint;
    if (!servesApi && tag !== 'health') continue;
    if (access === 'open') {
      const handler = open[id];
      if (!handler) throw new Error(`The endpoint ${id} has no handler.`);
      registerOpen(server, surface, endpoint, handler);
      continue;
    }
    const handler = command ? commandHandler(surface, command) : view ? viewHandler(surface, view) : others[id];
    if (!handler) throw new Error(`The endpoint ${id} has no handler.`);
    register(server, surface, endpoint, access, handler);
  }
}

function register(
  server: FastifyInstance,
  surface: Surface,
  endpoint: Endpoint,
  access: Exclude<Access, 'open'>,
  handler: Handler,
): void {
  const { authenticate, bodies, limits, options } = surface;
  const { method, path: url } = endpoint;
  const takesJson = endpoint.body !== undefined && endpoint.body.type === undefined;
  const isTried = takesDryRuns(endpoint);
  const observe = observer(surface, endpoint);
  server.route({
    method: methodsOf(method),
    url,
    handler: async (request, reply) => {
      observe(request, reply);
      const caller = await authenticate(bearerToken(request.headers));
      if (!caller) throw unauthenticated('The token is unknown, revoked or expired.');
      // not before: nobody without a token has this server record traces
      if (options.tracing) traceRequest(options.tracing, endpoint, request, reply);
      if (access === 'caller') refuseCustomers(caller);
      else if (access !== 'token') checkRoles(caller, access);
      if (!isTried) refuseDryRun(request.headers);
      const trafficClass = classOf(caller.trafficClass, endpoint.trafficClass);
      const leave = limits.admit(caller, trafficClass, endpoint.id !== 'send-commands');
      try {
        if (takesJson && hasJson(request)) {
          const bytes = bodies.arrived(request.raw) ?? (await bodies.read(request.raw));
          request.body = bytes.length === 0 ? undefined : parseJson(bytes);
        }
        const inTurn = <T>(piece: () => Promise<T>) => limits.reading(caller, trafficClass, piece);
        const visit = { request, reply, caller, endpoint, onlyWaits: leave, inTurn };
        const answer = await (trafficClass === 'bulk' && endpoint.command
          ? limits.bulk(caller, (end) => handler({ ...visit, onlyWaits: () => [end(), leave()] }))
          : handler(visit));
        if (answer) sendAnswer(request, reply, answer);
      } finally {
        leave();
      }
      return reply;
    },
  });
}

function registerOpen(server: FastifyInstance, surface: Surface, endpoint: Endpoint, handler: OpenHandler): void {
  const { method, path: url } = endpoint;
  const observe = observer(surface, endpoint);
  server.route({
    method: methodsOf(method),
    url,
    handler: async (request, reply) => {
      observe(request, reply);
      const caller = async () => surface.authenticate(bearerToken(request.headers));
      sendAnswer(request, reply, await handler({ request, reply, caller, endpoint }));
      return reply;
    },
  });
}

function checkRoles(caller: Caller, roles: readonly (typeof caller.roles extends ReadonlySet<infer R> ? R : never)[]): void {
  for (const role of roles) if (caller.roles.has(role)) return;
  throw new Problem(403, 'role-needed', `This needs one of the roles ${roles.join(', ')}; ask for a token that has one.`, {
    members: { roles },
  });
}

function refuseCustomers({ customerId }: Caller): void {
  if (customerId !== undefined)
    throw new Problem(
      403,
      'role-needed',
      'This is for the company: a token of a customer reads the views that are for customers.',
    );
}

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;

/** False for no body. Throws Problem 415. */
function hasJson({ headers }: FastifyRequest): boolean {
  const { 'content-length': length, 'transfer-encoding': chunked, 'content-type': type } = headers;
  if (chunked === undefined && (length === undefined || length === '0')) return false;
  if (type === undefined || !JSON_TYPE.test(type))
    throw new Problem(415, 'unsupported-media-type', 'Send the body as Content-Type: application/json.');
  refuseEncoded(headers);
  return true;
}

/** The span of the request takes the place of its caller's trace context: what the request leads to belongs to it. */
function traceRequest(
  tracing: Tracing,
  { path }: Endpoint,
  { headers, id, method }: FastifyRequest,
  { raw }: FastifyReply,
): void {
  const given = headers.traceparent;
  const span = tracing.begin(`${method} ${path}`, {
    kind: 'server',
    parent: typeof given === 'string' ? given.trim() : undefined,
    attributes: { 'http.request.method': method, 'http.route': path, 'annals.request_id': id },
  });
  headers.traceparent = span.traceparent;
  raw.on('close', () => {
    span.end({ attributes: { 'http.response.status_code': raw.statusCode }, failed: raw.statusCode >= 500 });
  });
}

/** Counts, and logs what was refused or failed. The route's pattern only: addresses and queries may hold personal data. */
function observer({ metrics, logger }: Surface, { method, path }: Endpoint) {
  const route = `${method} ${path}`;
  return (request: FastifyRequest, { raw }: FastifyReply): void => {
    const started = performance.now();
    raw.on('close', () => {
      const { statusCode: status } = raw;
      metrics.request(route, status);
      const level = status >= 500 ? 'error' : status >= 400 ? 'info' : 'debug';
      if (!logger?.isLevelEnabled(level)) return;
      const milliseconds = Math.round(performance.now() - started);
      logger[level]({ event: 'request.done', requestId: request.id, route, status, milliseconds }, 'A request was answered.');
    });
  };
}

/** UUIDs (version 8) that share a random part made at the start: one random UUID a request would cost more than its header. */
function requestIds(): () => string {
  const start = randomBytes(10).toString('hex');
  const prefix = `${start.slice(0, 8)}-${start.slice(8, 12)}-8${start.slice(12, 15)}-8${start.slice(15, 18)}-`;
  let count = 0;
  return () => prefix + (++count).toString(16).padStart(12, '0');
}

const elsewhere = () =>
  new Problem(421, 'api-elsewhere', 'This server has not the role api: it answers /health and /metrics only. Ask another one.');

/** What Node refuses to parse: no route, no reply object. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemJson(
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Problem(431, 'headers-too-large', 'The headers are larger than 16 KiB; send fewer or shorter ones.')
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new Problem(408, 'headers-too-slow', 'The request did not arrive in time; send it again at once.')
        : new Problem(
            400,
            'malformed-request',
            'This is not an HTTP request that can be read; send HTTP/1.1, or https:// where the server has a certificate.',
          ),
  );
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
