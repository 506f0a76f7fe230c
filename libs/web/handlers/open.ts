import type { Role } from '#kernel';
import { LOOPBACK } from '#runtime/loopback';
import { Problem } from '#runtime/problem';
import { asyncApiDocument, asyncApiServers } from '../asyncapi.js';
import { docsPage, problemPage } from '../docs-page.js';
import type { OpenApiDocument } from '../openapi.js';
import { unauthenticated } from '../request-headers.js';
import type { OpenHandler, OpenVisit, Surface } from '../surface.js';

/** Routes without a token: health, metrics, documentation. */
export function openHandlers(
  { annals, metrics, options, stopping }: Surface,
  document: OpenApiDocument,
): Readonly<Record<string, OpenHandler>> {
  const json = JSON.stringify(document);
  const page = docsPage(document);
  const { servers: _, ...channels } = asyncApiDocument(annals.registry, options);
  const topics = JSON.stringify(channels);

  /** Behind a proxy everybody seems to come from this machine. */
  const isNear = ({ request }: OpenVisit) => !options.trustedProxy && LOOPBACK.test(request.raw.socket.remoteAddress ?? '');
  /** What is shown to everybody is shown beside a bad token too, and while nobody can tell good tokens from bad ones. */
  const mayBe = async (visit: OpenVisit, roles: readonly Role[]) => {
    if (isNear(visit)) return true;
    const caller = visit.request.headers.authorization && (await visit.caller().catch(() => undefined));
    return caller ? roles.some((role) => caller.roles.has(role)) : false;
  };

  return {
    live: async () => ({ body: { status: 'live' } }),

    ready: async (visit) => {
      const health = await annals.health();
      const ready = health.ready && !stopping.aborted;
      const body = (await mayBe(visit, OPERATIONS)) ? { ...health, ready, ...(await annals.vitals()) } : { ready };
      return ready ? { body } : { status: 503, headers: { 'retry-after': '1' }, body };
    },

    metrics: async (visit) => {
      if (!isNear(visit)) {
        const caller = await visit.caller();
        if (!caller) throw unauthenticated('From another machine, metrics need a token.');
        if (!OPERATIONS.some((role) => caller.roles.has(role)))
          throw new Problem(
            403,
            'role-needed',
            'Metrics need one of the roles operator, auditor; use a token with one of them.',
            {
              members: { roles: OPERATIONS },
            },
          );
      }
      return { type: 'text/plain; version=0.0.4; charset=utf-8', body: await metrics.text() };
    },

    openapi: async () => ({ body: json }),

    asyncapi: async (visit) => {
      const servers = asyncApiServers({
        http: { host: visit.request.host, secure: visit.request.protocol === 'https' },
        kafka: options.kafka,
        showsBrokers: await mayBe(visit, TOPIC_READERS),
      });
      return { body: `${topics.slice(0, -1)},"servers":${JSON.stringify(servers)}}` };
    },

    problem: async ({ request }) => {
      const page = problemPage((request.params as { readonly code: string }).code);
      if (page === undefined)
        throw new Problem(404, 'problem-unknown', 'There is no such type of problem; docs/reference/problems.md lists all.');
      return { type: 'text/html; charset=utf-8', headers: PAGE_HEADERS, body: page };
    },

    docs: async () => ({ type: 'text/html; charset=utf-8', headers: PAGE_HEADERS, body: page }),
  };
}

const OPERATIONS = ['operator', 'auditor'] as const;
const TOPIC_READERS = ['consumer', 'operator', 'analyst', 'auditor'] as const;

const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};
