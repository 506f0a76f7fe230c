import { describe, expect, it } from '@jest/globals';
import { AnnalsClient, AnnalsUnavailable, type CommandLine, type LineAnswer } from './index.js';

type Sent = CommandLine & { readonly key: string };

/** A client of a server that answers each request of lines as it is told, and what it was sent. */
function serverThat(...answers: ((lines: readonly Sent[]) => readonly LineAnswer[])[]) {
  const requests: (readonly Sent[])[] = [];
  const client = new AnnalsClient({
    url: 'http://annals.test',
    token: 'x',
    patience: 300,
    fetch: async (_, { body } = {}) => {
      const lines = String(body)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Sent);
      requests.push(lines);
      const answer = answers[Math.min(requests.length, answers.length) - 1];
      return new Response((answer?.(lines) ?? []).map((one) => `${JSON.stringify(one)}\n`).join(''));
    },
  });
  return { client, requests };
}

const position = (number: number) => `sample00.${String(number).padStart(16, '0')}`;
const created = (line: number): LineAnswer =>
  ({ line, status: 201, answer: { outcome: 'created', position: position(line) } }) as LineAnswer;
const refused = (line: number, status: number, code: string): LineAnswer => ({
  line,
  status,
  problem: { type: `/problems/${code}`, status },
});
const keys = (lines: readonly Sent[] | undefined) => lines?.map(({ key }) => key);
const LINES = ['a', 'b', 'c', 'd'].map((key) => ({ command: 'OpenOpportunity', key }));

describe('many lines', () => {
  it('are answered in their order, refusals with them, and queries wait for the last', async () => {
    const { client, requests } = serverThat(() => [created(2), refused(1, 422, 'no'), created(4), created(3)]);
    expect(await client.sendLines(LINES)).toEqual([refused(1, 422, 'no'), created(2), created(3), created(4)]);
    expect(client.position).toBe(position(4));
    expect(requests).toHaveLength(1);
  });

  it('that the server was too busy for, or did not come to, are sent again with their keys', async () => {
    const { client, requests } = serverThat(
      () => [created(1), refused(2, 409, 'identifier-in-flight'), refused(3, 503, 'stopping')],
      () => [created(1), created(2), created(3)],
    );
    expect((await client.sendLines(LINES)).map(({ line, status }) => [line, status])).toEqual(
      [1, 2, 3, 4].map((line) => [line, 201]),
    );
    expect(requests.map(keys)).toEqual([
      ['a', 'b', 'c', 'd'],
      ['b', 'c', 'd'],
    ]);
  });

  it('have a key each, the same when they are sent again', async () => {
    const { client, requests } = serverThat(
      () => [],
      (lines) => lines.map((_, index) => created(index + 1)),
    );
    await client.sendLines([{ command: 'OpenOpportunity' }, { command: 'OpenOpportunity' }]);
    const [first, again] = requests.map(keys);
    expect(new Set(first).size).toBe(2);
    expect(again).toEqual(first);
  });

  it('go out a hundred at a time, the next ones once these are answered', async () => {
    const { client, requests } = serverThat((lines) => lines.map((_, index) => created(index + 1)));
    const answers = await client.sendLines(Array.from({ length: 250 }, () => ({ command: 'OpenOpportunity' })));
    expect(answers.map(({ line }) => line)).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
    expect(requests.map(({ length }) => length)).toEqual([100, 100, 50]);
  });

  it('are given up when nothing goes on for as long as patience, naming the first that is open', async () => {
    const { client } = serverThat(
      () => [created(1)],
      () => [refused(1, 503, 'log-unavailable')],
    );
    const failure = await client.sendLines(LINES).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AnnalsUnavailable);
    expect(failure).toMatchObject({ idempotencyKey: 'b', problem: { type: '/problems/log-unavailable' } });
  });
});
