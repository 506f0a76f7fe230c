import { afterEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import type { Recorded } from '#kernel';
import type { FactService } from '#runtime/annals';
import { sendAnswer } from '../answers.js';
import type { Visit } from '../surface.js';
import { answerPage, PIECE } from './fact-pages.js';

const positionOf = (number: number) => `aaaaaaaa.${String(number).padStart(16, '0')}`;

/** A log of so many facts; reading behind one of them fails. */
function factsOf(count: number, failsBehind = Number.POSITIVE_INFINITY): Pick<FactService, 'page'> {
  return {
    page: async ({ after, limit }) => {
      const from = after === undefined ? 0 : Number(after.slice(9));
      if (from >= failsBehind) throw new Error('The log cannot be read.');
      const last = Math.min(count, from + limit);
      const facts = Array.from({ length: last - from }, (_, index) => ({ position: positionOf(from + index + 1) }) as Recorded);
      return { facts, position: positionOf(last), atHead: last === count };
    },
  };
}

describe('a page of facts', () => {
  let server: FastifyInstance;
  let turns = 0;
  afterEach(() => server.close());

  const asked = async (facts: Pick<FactService, 'page'>, limit: number, method = 'GET') => {
    turns = 0;
    const inTurn: Visit['inTurn'] = (piece) => {
      turns += 1;
      return piece();
    };
    server = fastify();
    server.route({
      method: ['GET', 'HEAD'],
      url: '/',
      handler: async (request, reply) => {
        const visit = { request, reply, inTurn } as Visit;
        const answer = await answerPage(visit, facts as FactService, { tenant: 'main', limit }, 'facts', (fact) =>
          JSON.stringify(fact),
        );
        if (answer) sendAnswer(request, reply, answer);
      },
    });
    return fetch(await server.listen({ port: 0, host: '127.0.0.1' }), { method });
  };

  it.each([
    [0, 10, 1],
    [PIECE, PIECE, 1],
    [PIECE, 10 * PIECE, 1],
    [PIECE + 1, 10 * PIECE, 2],
    [3 * PIECE, 2 * PIECE, 2],
    [3 * PIECE, 2 * PIECE + 7, 3],
    [3 * PIECE, 10 * PIECE, 3],
  ])('of a log of %i, when %i are asked for, is whole and took %i turns', async (count, limit, pieces) => {
    const answer = await asked(factsOf(count), limit);
    const given = Math.min(count, limit);
    expect(await answer.json()).toEqual({
      facts: Array.from({ length: given }, (_, index) => ({ position: positionOf(index + 1) })),
      position: positionOf(given),
      atHead: given === count,
    });
    expect(turns).toBe(pieces);
  });

  it('that fails in the midst is broken off, so that nobody takes it for the whole', async () => {
    const answer = await asked(factsOf(3 * PIECE, PIECE), 3 * PIECE);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });

  it('that fails at once is answered as any failure', async () => {
    expect((await asked(factsOf(PIECE, 0), PIECE)).status).toBe(500);
  });

  it('is not read on for who asks for its head', async () => {
    const answer = await asked(factsOf(9 * PIECE), 9 * PIECE, 'HEAD');
    expect(await answer.text()).toBe('');
    expect(turns).toBe(1);
  });
});
