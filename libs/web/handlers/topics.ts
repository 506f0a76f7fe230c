import type { FastifyRequest } from 'fastify';
import type { AnyAggregate, AnyFactType, Recorded } from '#kernel';
import type { FactQuery } from '#runtime/annals';
import { cloudEvent } from '#runtime/cloud-events';
import { Problem } from '#runtime/problem';
import type { Registry } from '#runtime/registry';
import { Interruption } from '../interruption.js';
import { RawStream } from '../raw-stream.js';
import { bearerToken } from '../request-headers.js';
import type { Handler, Surface } from '../surface.js';
import { accepts, parametersOf, positionOf, wholeNumber } from './parameters.js';

const HEARTBEAT = 15_000;
const EVENTS_A_PAGE = 200;

export function listTopicsHandler({ annals }: Surface): Handler {
  return async ({ request }) => {
    parametersOf(request, []);
    return { body: { topics: topicsOf(annals.registry).map(topicInfo) } };
  };
}

/** A page of CloudEvents, or with `Accept: text/event-stream` all there are and all to come. */
export function topicHandler(surface: Surface): Handler {
  const { annals } = surface;
  return async ({ request, reply, caller }) => {
    const { aggregate } = request.params as { readonly aggregate: string };
    if (!topicsOf(annals.registry).some(({ name }) => name === aggregate)) {
      throw new Problem(404, 'topic-unknown', 'There is no such topic; /v1/topics lists them.');
    }
    const { after, limit } = parametersOf(request, ['after', 'limit']);
    const query = {
      tenant: caller.tenant,
      aggregates: [aggregate],
      publicOnly: true,
      limit: wholeNumber(limit, 'limit', 100, 1000),
    };
    const given = lastEventId(request) ?? positionOf(after, 'after');
    const first = await annals.facts.page({ ...query, ...(given !== undefined && { after: given }) });
    if (!accepts(request, 'text/event-stream')) {
      return { body: { events: first.facts.map(cloudEvent), position: first.position, atHead: first.atHead } };
    }
    const stream = new RawStream(request, reply, 'text/event-stream; charset=utf-8');
    try {
      await follow(surface, stream, request, query, first);
      stream.end();
    } catch (error) {
      stream.abort();
      throw error;
    }
    return undefined;
  };
}

type Page = Awaited<ReturnType<Surface['annals']['facts']['page']>>;

async function follow(
  { annals, authenticate, options, stopping }: Surface,
  stream: RawStream,
  request: FastifyRequest,
  query: Omit<FactQuery, 'after'>,
  first: Page,
): Promise<void> {
  const heartbeat = options.heartbeat ?? HEARTBEAT;
  const token = bearerToken(request.headers);
  const interruption = new Interruption(stopping);
  stream.onClose(interruption.interrupt);
  try {
    await stream.write('retry: 1000\n\n');
    let checked = Date.now();
    for (let page = first; !interruption.interrupted; ) {
      const events = page.facts.map(eventText);
      if (events.length > 0) await stream.write(events.join(''));
      if (page.atHead && (await interruption.wait(annals.facts.moved(page.position, heartbeat))) === false) {
        await stream.write(': alive\n\n');
      }
      if (interruption.interrupted) return;
      if (Date.now() - checked >= heartbeat) {
        // a token that was revoked or has expired ends the stream
        if (!(await authenticate(token).catch(() => undefined))) return;
        checked = Date.now();
      }
      page = await annals.facts.page({ ...query, after: page.position, limit: EVENTS_A_PAGE });
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

/** Aggregates with public facts. */
const topicsOf = ({ aggregates }: Registry): readonly AnyAggregate[] =>
  [...aggregates.values()].filter((aggregate) => publicFacts(aggregate).length > 0);

const publicFacts = ({ facts }: AnyAggregate): readonly AnyFactType[] =>
  (Object.values(facts) as AnyFactType[]).filter(({ visibility }) => visibility === 'public');

const topicInfo = (aggregate: AnyAggregate) => ({
  topic: aggregate.name,
  description: aggregate.description,
  facts: publicFacts(aggregate).map(({ type }) => type),
  address: `/v1/topics/${aggregate.name}`,
});
