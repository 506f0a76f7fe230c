import { describe, expect, it } from '@jest/globals';
import type { BatchAnswer, BatchLine } from './client.js';
import { Sender } from './sender.js';

const line = (key: string): BatchLine => ({ command: 'RegisterCustomer', key, payload: {} });
const refused = (at: number, key: string, status: number, code: string): BatchAnswer => ({
  line: at,
  key,
  status,
  problem: { type: `/problems/${code}`, status },
});

/** A server that gives the answers of one round after the other, and what it was sent in each. */
function serverOf(rounds: readonly (readonly BatchAnswer[])[]) {
  const sent: string[][] = [];
  return {
    sent,
    async *batch(lines: readonly BatchLine[]) {
      sent.push(lines.map(({ key }) => key));
      yield* rounds[sent.length - 1] ?? [];
    },
  };
}

describe('the sender', () => {
  it('sends again what another command is just about to take, and takes its last word', async () => {
    const server = serverOf([
      [refused(1, 'one', 409, 'identifier-in-flight'), refused(2, 'two', 409, 'identifier-taken')],
      [refused(1, 'one', 409, 'identifier-taken')],
    ]);
    const outcomes = await new Sender(server).send([line('one'), line('two')]);
    expect(server.sent).toEqual([['one', 'two'], ['one']]);
    expect(outcomes.get('one')).toMatchObject({ problem: { type: '/problems/identifier-taken' } });
  });
});
