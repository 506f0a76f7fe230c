import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '#runtime/problem';
import { problemJson } from './problem-json.js';
import type { Answer } from './surface.js';

/** On every answer. Answers hold what a token may see, so nobody on the way keeps them. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/** Writes past Fastify's reply: nothing hooks into it here, and it costs a command a tenth of its time. */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer): void {
  const { status = 200, type = 'application/json; charset=utf-8', headers, body } = answer;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  reply.hijack();
  if (reply.raw.headersSent) {
    // it had begun to stream; the reader must not take what it has for the whole
    reply.raw.destroy();
    return;
  }
  reply.raw.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'request-id': request.id,
    ...securityHeaders,
    ...headers,
  });
  reply.raw.end(text);
}

/** RFC 6750: a token that was sent and refused is told why; who sent none is only asked for one. */
const challenge = ({ code, message }: Problem): string =>
  code.startsWith('token-')
    ? `Bearer realm="annals", error="invalid_token", error_description="${message.replaceAll(/[^\x20-\x7e]|["\\]/g, ' ')}"`
    : 'Bearer realm="annals"';

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  const { status, options } = problem;
  const headers: Record<string, string> = {};
  if (status === 401) headers['www-authenticate'] = challenge(problem);
  const allow = options.members?.allow;
  if (Array.isArray(allow)) headers.allow = allow.join(', ');
  // what is left of the body is not read
  if (status === 408 || status === 413 || problem.code === 'stopping') headers.connection = 'close';
  if (status === 503 || options.retryAfter !== undefined) headers['retry-after'] = String(options.retryAfter ?? 1);
  if (options.age !== undefined) headers['annals-age'] = String(options.age);
  const body = problemJson(problem, request.id);
  sendAnswer(request, reply, { status, headers, type: 'application/problem+json; charset=utf-8', body });
}
