import type { FastifyRequest } from 'fastify';
import type { Recorded } from '#kernel';
import { cloudEvent } from '#runtime/cloud-events';
import { Problem } from '#runtime/problem';
import { bundledSchema, factSchemas, type TopicSchema, topicSchemas } from '#runtime/relay/index';
import { Interruption } from '../interruption.js';
import { HEARTBEAT } from '../options.js';
import { RawStream } from '../raw-stream.js';
import { bearerToken } from '../request-headers.js';
import type { Handler, Surface } from '../surface.js';
import { answerPage, type FactPage, PIECE, pageOf } from './fact-pages.js';
import { accepts, parametersOf, positionOf, refuseQuery, wholeNumber } from './parameters.js';

export function listTopicsHandler({ annals }: Surface): Handler {
  const topics = topicSchemas(annals.registry).map(topicInfo);
  return async ({ request }) => {
    refuseQuery(request);
    return { body: { topics } };
  };
}

export function topicSchemaHandler({ annals: { registry }, options }: Surface): Handler {
  const schemas = factSchemas(registry, options.earlierSchemas ?? new Map());
  const documents = new Map(topicSchemas(registry).map((topic) => [topic.topic, JSON.stringify(bundledSchema(topic, schemas))]));
  return async ({ request }) => {
    refuseQuery(request);
    const body = documents.get((request.params as { readonly aggregate: string }).aggregate);
    if (body === undefined) throw noSuchTopic();
    return { type: 'application/schema+json; charset=utf-8', body };
  };
}

/** A page of CloudEvents, or with `Accept: text/event-stream` all there are and all to come. */
export function topicHandler(surface: Surface): Handler {
  const { annals } = surface;
  const topics = topicSchemas(annals.registry);
  return async (visit) => {
    const { request, reply, caller, inTurn } = visit;
    const { aggregate } = request.params as { readonly aggregate: string };
    if (!topics.some(({ topic }) => topic === aggregate)) throw noSuchTopic();
    const { after, limit } = parametersOf(request, ['after', 'limit']);
    const query = {
      tenant: caller.tenant,
      aggregates: [aggregate],
      leaving: {},
      limit: wholeNumber(limit, 'limit', 100, 1000),
    };
    const given = lastEventId(request) ?? positionOf(after, 'after');
    const from = { ...query, ...(given !== undefined && { after: given }) };
    if (!accepts(request, 'text/event-stream'))
      return answerPage(visit, annals.facts, from, 'events', (fact) => JSON.stringify(cloudEvent(fact)));
    const read = (behind?: string) => pageOf(annals.facts, { ...from, limit: PIECE }, behind, eventText);
    const first = await inTurn(() => read());
    // who is at the head waits for nobody: what comes is little
    const next = ({ position, atHead }: FactPage) => (atHead ? read(position) : inTurn(() => read(position)));
    const stream = new RawStream(request, reply, 'text/event-stream; charset=utf-8');
    try {
      if (!stream.closed) await follow(surface, stream, request, first, next);
      stream.end();
    } catch (error) {
      stream.abort();
      throw error;
    }
    return undefined;
  };
}

async function follow(
  { annals, authenticate, options, stopping }: Surface,
  stream: RawStream,
  request: FastifyRequest,
  first: FactPage,
  next: (page: FactPage) => Promise<FactPage>,
): Promise<void> {
  const heartbeat = options.heartbeat ?? HEARTBEAT;
  const token = bearerToken(request.headers);
  const interruption = new Interruption(stopping);
  stream.onClose(interruption.interrupt);
  try {
    await stream.write('retry: 1000\n\n');
    let checked = Date.now();
    for (let page = first; !interruption.interrupted; ) {
      if (page.texts.length > 0) await stream.write(page.texts.join(''));
      if (page.atHead && (await interruption.wait(annals.facts.moved(page.position, heartbeat))) === false) {
        await stream.write(': alive\n\n');
      }
      if (interruption.interrupted) return;
      if (Date.now() - checked >= heartbeat) {
        // a token that was revoked or has expired ends the stream
        if (!(await authenticate(token).catch(() => undefined))) return;
        checked = Date.now();
      }
      page = await next(page);
    }
  } finally {
    interruption.end();
  }
}

const eventText = (fact: Recorded) => `id: ${fact.position}\nevent: ${fact.type}\ndata: ${JSON.stringify(cloudEvent(fact))}\n\n`;

const lastEventId = ({ headers }: FastifyRequest) => {
  const value = headers['last-event-id'];
  return typeof value === 'string' && value !== '' ? positionOf(value, 'Last-Event-ID') : undefined;
};

const noSuchTopic = () => new Problem(404, 'topic-unknown', 'There is no such topic; /v1/topics lists them.');

const topicInfo = ({ topic, description, facts }: TopicSchema) => ({
  topic,
  description,
  facts: facts.map(({ type }) => type),
  address: `/v1/topics/${topic}`,
  schema: `/v1/topics/${topic}/schema`,
});
