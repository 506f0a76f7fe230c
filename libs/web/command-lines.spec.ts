import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { IsUUID } from 'class-validator';
import { Command, Field, refuse } from '#kernel';
import { Problem } from '#runtime/problem';
import type { RegisteredCommand, Registry } from '#runtime/registry';
import type { Caller, CommandAnswer, CommandRequest } from '#runtime/requests';
import { type LineAnswer, sendLines } from './command-lines.js';
import type { Line } from './lines.js';

@Command({ summary: 'Do it.', route: 'POST /things/:thingId/do', roles: ['sales'] })
class DoIt {
  @Field('the thing')
  @IsUUID()
  readonly thingId!: string;
}

const command = {
  name: 'DoIt',
  type: DoIt,
  options: { route: 'POST /things/:thingId/do', summary: 'Do it.' },
  aggregate: { name: 'thing', id: 'thingId' },
};
@Command({ summary: 'Set it.', route: 'POST /only', roles: ['sales'] })
class SetOnly {
  @Field('the only one', { assigned: ({ name }: { readonly name: string }) => name.toUpperCase() })
  readonly onlyId!: string;
}
const setOnly = { ...command, name: 'SetOnly', type: SetOnly, aggregate: { name: 'only', id: 'onlyId' } };
const registry = {
  commands: new Map<string, unknown>([
    ['DoIt', command],
    ['SetOnly', setOnly],
  ]),
} as unknown as Registry;
const caller: Caller = { tenant: 'main', actor: { kind: 'service', id: 'x' }, roles: new Set(['sales']) };
const done = ({ payload }: CommandRequest): CommandAnswer => ({
  outcome: 'done',
  commandId: 'c',
  id: String(payload.thingId),
  stream: `thing-main.${payload.thingId}`,
  revision: 1,
  position: 'p',
  facts: [],
});

interface Given {
  readonly execute?: (command: RegisteredCommand, request: CommandRequest) => Promise<CommandAnswer>;
  readonly answer?: (answer: LineAnswer) => Promise<void>;
  /** What the source throws after its lines. */
  readonly thrown?: Error;
  readonly onRead?: (number: number) => void;
  readonly caller?: Caller;
}

async function run(texts: readonly (string | object | undefined)[], given: Given = {}): Promise<readonly LineAnswer[]> {
  const answers: LineAnswer[] = [];
  async function* lines(): AsyncGenerator<Line> {
    for (const [index, text] of texts.entries()) {
      given.onRead?.(index + 1);
      yield {
        number: index + 1,
        bytes: text === undefined ? undefined : Buffer.from(typeof text === 'string' ? text : JSON.stringify(text)),
      };
    }
    if (given.thrown) throw given.thrown;
  }
  await sendLines({
    lines: lines(),
    caller: given.caller ?? caller,
    registry,
    execute: given.execute ?? (async (_command, request) => done(request)),
    answer: async (answer) => {
      answers.push(answer);
      await given.answer?.(answer);
    },
    onFault: () => {},
  });
  return answers;
}
const line = (thingId: string, key?: string) => ({ command: 'DoIt', ...(key && { key }), payload: { thingId } });

describe('commands as lines', () => {
  it('hold those of a stream back that come behind one that has to be sent again', async () => {
    const executed: unknown[] = [];
    const answers = await run([line('a', 'k1'), line('b', 'k2'), line('a', 'k3'), line('b', 'k4'), line('a', 'k5')], {
      execute: async (_command, request) => {
        executed.push(request.idempotencyKey);
        if (request.idempotencyKey === 'k1') throw new Problem(503, 'log-unavailable', 'Not now.', { retryAfter: 2 });
        if (request.idempotencyKey === 'k2') throw new Problem(422, 'refused', 'Never.');
        return done(request);
      },
    });
    expect(executed.sort()).toEqual(['k1', 'k2', 'k4']);
    expect([...answers].sort((one, other) => one.line - other.line).map(({ status }) => status)).toEqual([
      503, 422, 503, 200, 503,
    ]);
    const last = answers.find((answer) => answer.line === 5);
    expect(last && 'problem' in last && last.problem.type).toBe('/problems/earlier-line-open');
  });

  it('keep their order about a thing whose id follows from what it is, and need not be given', async () => {
    const only = (key: string, name: unknown) => ({ command: 'SetOnly', key, payload: { name } });
    const ended: unknown[] = [];
    const answers = await run([only('k1', 'a'), only('k2', 'b'), only('k3', 'a'), only('k4', 7)], {
      execute: async (_command, request) => {
        for (let turn = request.idempotencyKey === 'k1' ? 20 : 0; turn > 0; turn--) await Promise.resolve();
        ended.push(request.idempotencyKey);
        return done(request);
      },
    });
    expect(ended.indexOf('k3')).toBeGreaterThan(ended.indexOf('k1'));
    expect(ended[0]).toBe('k2');
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('say for whom they are done, or are refused where nobody could tell', async () => {
    const asked: CommandRequest[] = [];
    const answers = await run(
      [
        { ...line('a', 'k1'), onBehalfOf: 'user:5b1f64f6-5d0c-4e59-9d0e-6c1b7f0a2c31' },
        { ...line('b', 'k2'), onBehalfOf: 'ada@example.org' },
        { ...line('c', 'k3'), onBehalfOf: {} },
      ],
      {
        execute: async (_command, request) => {
          asked.push(request);
          return done(request);
        },
      },
    );
    expect(asked).toMatchObject([{ onBehalfOf: { kind: 'user', id: '5b1f64f6-5d0c-4e59-9d0e-6c1b7f0a2c31' } }]);
    expect(answers.map(({ key, status }) => `${key} ${status}`).sort()).toEqual(['k1 200', 'k2 400', 'k3 400']);
  });

  it('answer each line with its number, key and status; a bad line for itself', async () => {
    const answers = await run([
      line('a', 'k1'),
      '{"command":',
      line('b', 'k2'),
      undefined,
      { command: 'Nothing', key: 'k5', payload: {} },
      '[]',
      { ...line('c'), more: 1 },
      { ...line('d'), imported: { cutOver: '2026-01-01T00:00:00Z', clock: false } },
    ]);
    const byLine = new Map(answers.map((answer) => [answer.line, answer]));
    expect([...byLine].sort(([one], [other]) => one - other).map(([number, { status }]) => [number, status])).toEqual([
      [1, 200],
      [2, 400],
      [3, 200],
      [4, 413],
      [5, 400],
      [6, 400],
      [7, 400],
      [8, 403],
    ]);
    expect(byLine.get(1)).toMatchObject({ key: 'k1', answer: { id: 'a' } });
    expect(byLine.get(2)).toMatchObject({
      problem: { type: '/problems/malformed-json', column: 12, detail: 'Not valid JSON at column 12; correct it there.' },
    });
    expect(byLine.get(2)).not.toHaveProperty('problem.line');
    expect(byLine.get(5)).toMatchObject({ key: 'k5' });
    expect(byLine.get(7)).toMatchObject({
      problem: { errors: [{ field: 'more', message: expect.stringContaining('allowed: command, key') }] },
    });
  });

  it('take effect in order within a stream, and go on after a refusal', async () => {
    const order: string[] = [];
    const texts = Array.from({ length: 60 }, (_, index) => line(index % 2 === 0 ? 'a' : 'b', `${index}`));
    const answers = await run(texts, {
      execute: async (_command, request) => {
        // later lines would overtake if they could
        for (let turn = 60 - Number(request.idempotencyKey); turn > 0; turn--) await Promise.resolve();
        order.push(`${request.payload.thingId}${request.idempotencyKey}`);
        if (request.idempotencyKey === '4') refuse('no', 'No.');
        return done(request);
      },
    });
    for (const stream of ['a', 'b']) {
      const numbers = order.filter((entry) => entry.startsWith(stream)).map((entry) => Number(entry.slice(1)));
      expect(numbers).toHaveLength(30);
      expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
    }
    expect(answers.filter(({ status }) => status === 422).map(({ line: number }) => number)).toEqual([5]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(59);
  });

  it('never have more than 64 commands under way, nor more than 256 lines read ahead', async () => {
    let underWay = 0;
    let most = 0;
    let read = 0;
    let answered = 0;
    let ahead = 0;
    const texts = Array.from({ length: 1000 }, (_, index) => line(`t${index}`));
    await run(texts, {
      onRead: (number) => {
        read = number;
        ahead = Math.max(ahead, read - answered);
      },
      execute: async (_command, request) => {
        most = Math.max(most, ++underWay);
        await new Promise(setImmediate);
        underWay--;
        return done(request);
      },
      answer: async () => {
        answered++;
      },
    });
    expect(most).toBe(64);
    expect(ahead).toBeLessThanOrEqual(258);
    expect(answered).toBe(1000);
  });

  it('are read no further while nobody takes the answers', async () => {
    let read = 0;
    let take = () => {};
    const taken = new Promise<void>((resolve) => {
      take = resolve;
    });
    const running = run(
      Array.from({ length: 2000 }, (_, index) => line(`t${index}`)),
      {
        onRead: (number) => {
          read = number;
        },
        answer: () => taken,
      },
    );
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(read).toBeLessThanOrEqual(258);
    take();
    expect(await running).toHaveLength(2000);
  });

  it('are bounded in bytes as well', async () => {
    const long = 'x'.repeat(900_000);
    let inside = 0;
    let most = 0;
    await run(
      Array.from({ length: 40 }, (_, index) => ({ command: 'DoIt', payload: { thingId: `t${index}`, long } })),
      {
        onRead: () => {
          most = Math.max(most, ++inside);
        },
        execute: async (_command, request) => {
          await new Promise(setImmediate);
          return done(request);
        },
        answer: async () => {
          inside--;
        },
      },
    );
    expect(most).toBeLessThanOrEqual(11);
  });

  it('end with the problem of their source, as the answer to the first line that was not read', async () => {
    const answers = await run([line('a'), line('b')], { thrown: new Problem(503, 'stopping', 'Later.') });
    expect(answers.find(({ status }) => status === 503)).toMatchObject({ line: 3, problem: { type: '/problems/stopping' } });
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
  });

  it('break off when the sender does', async () => {
    await expect(run([line('a')], { thrown: new Error('aborted') })).rejects.toThrow('aborted');
  });

  it('answer a fault of ours with 500 and tell it', async () => {
    const answers = await run([line('a')], {
      execute: async () => {
        throw new TypeError('secret of somebody');
      },
    });
    expect(answers).toMatchObject([{ status: 500, problem: { type: '/problems/internal' } }]);
    expect(JSON.stringify(answers)).not.toContain('secret');
  });

  it('may be imported with the role for it', async () => {
    const importer: Caller = { ...caller, roles: new Set(['sales', 'importer']) };
    let seen: CommandRequest | undefined;
    await run(
      [
        {
          ...line('a'),
          occurredAt: '2017-03-31T00:00:00Z',
          ifRevision: 3,
          imported: { cutOver: '2026-01-01T00:00:00Z', clock: false },
        },
      ],
      {
        caller: importer,
        execute: async (_command, request) => {
          seen = request;
          return done(request);
        },
      },
    );
    expect(seen).toMatchObject({
      occurredAt: '2017-03-31T00:00:00.000Z',
      ifRevision: 3,
      imported: { cutOver: '2026-01-01T00:00:00.000Z', clock: false },
    });
  });
});
