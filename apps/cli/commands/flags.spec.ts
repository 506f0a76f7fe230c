import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commandOptions } from '#kernel';
import { describe as describeProblem } from '../client/problems.js';
import { definitions } from '../definitions.js';
import { nodeVersion } from '../doctor/on-disk.js';
import { programOf, run } from '../program.js';
import type { Terminal } from '../terminal.js';
import { parametersFrom } from './query.js';
import { kebab, payloadFrom, routed } from './send.js';

const terminal = () => {
  const said: string[] = [];
  const noted: string[] = [];
  const it: Terminal = { out: (text) => said.push(text), note: (text) => noted.push(text), env: {}, isInteractive: false };
  return { it, out: () => said.join(''), notes: () => noted.join('') };
};

describe('flags of a query', () => {
  it('become the parameters of the HTTP interface', () => {
    const flags = { filter: ['phase=PROPOSAL', 'amount[gte]=1000', 'phase=WON'], sort: '-amount', asOf: '2017-03-31', all: true };
    expect(parametersFrom(flags, {})).toEqual({
      phase: ['PROPOSAL', 'WON'],
      'amount[gte]': ['1000'],
      sort: ['-amount'],
      asOf: ['2017-03-31'],
      limit: ['500'],
    });
  });

  it('add up the amount of groups, if the view has one and nothing else is asked for', () => {
    expect(parametersFrom({ group: 'phase' }, { amount: 'currency', weighted: 'currency' })).toEqual({
      group: ['phase'],
      sum: ['amount'],
    });
    expect(parametersFrom({ group: 'phase', sum: 'weighted' }, { amount: 'currency' })).toEqual({
      group: ['phase'],
      sum: ['weighted'],
    });
    expect(parametersFrom({ group: 'status' }, {})).toEqual({ group: ['status'] });
  });

  it('refuse a filter without a value', () => {
    expect(() => parametersFrom({ filter: ['phase'] }, {})).toThrow('write field=value');
  });
});

describe('start', () => {
  it('ends with 1 where the server does not start', async () => {
    const { it: given } = terminal();
    expect(await run(['start', '--port', '99999'], given)).toBe(1);
  });
});

describe('restore', () => {
  it('refuses a master key that would be left out, before it makes anything', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'annals-restore-'));
    try {
      writeFileSync(path.join(folder, 'master.key'), 'aa'.repeat(32));
      writeFileSync(path.join(folder, 'other.key'), 'bb'.repeat(32));
      const { it: plain, notes } = terminal();
      const given = { ...plain, env: { ANNALS_SECRETS: folder } };
      const restore = ['restore', '--from', folder, '--keys-from', folder, '--data', path.join(folder, 'data')];
      expect(await run([...restore, '--master-key', path.join(folder, 'other.key')], given)).toBe(1);
      expect(notes()).toContain('with another key');
      expect(await run([...restore, '--master-key', path.join(folder, 'none.key')], given)).toBe(1);
      expect(notes()).toContain('none.key cannot be read (ENOENT)');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('verbs', () => {
  it('are there for each command with a route, and for no other', () => {
    const registry = definitions();
    const verbs = programOf(terminal().it)
      .commands.find((command) => command.name() === 'send')
      ?.commands.map((command) => command.name());
    const routes = [...registry.commands.values()]
      .filter(({ type }) => commandOptions(type).route !== undefined)
      .map(({ name }) => kebab(name));
    expect(verbs).toEqual(routes);
  });

  it('read values as the type of their field', () => {
    const fields = [
      ['amount', { type: 'integer' }],
      ['names', { type: 'array', items: { type: 'string' } }],
      ['lines', { type: 'array', items: { type: 'object' } }],
      ['fast', { type: 'boolean' }],
    ] as const;
    expect(payloadFrom(fields, { amount: '5', names: 'a, b', lines: '[{"x":1}]', fast: 'true' })).toEqual({
      amount: 5,
      names: ['a', 'b'],
      lines: [{ x: 1 }],
      fast: true,
    });
    expect(() => payloadFrom(fields, { amount: 'five' })).toThrow('--amount needs a number');
    expect(() => payloadFrom(fields, { lines: '[' })).toThrow('--lines needs JSON');
    expect(() => payloadFrom(fields, { lines: '@package-lock' })).toThrow('--lines: cannot read package-lock: it does not exist');
    expect(() => payloadFrom(fields, { lines: '@README.md' })).toThrow('--lines: README.md holds no JSON');
  });

  it('take a day or a moment of any zone where a moment is wanted', () => {
    const fields = [['expectedClose', { type: 'string', format: 'date-time' }]] as const;
    const read = (expectedClose: string) => payloadFrom(fields, { expectedClose }).expectedClose;
    expect(read('2026-03-31')).toBe('2026-03-31T00:00:00.000Z');
    expect(read('2026-03-31T10:00:00+02:00')).toBe('2026-03-31T08:00:00.000Z');
    for (const wrong of ['2026-02-30', '31.3.2026', '2026-03-31T10:00:00', 'soon'])
      expect(() => read(wrong)).toThrow('--expected-close needs a moment (2017-03-31T12:00:00Z) or a day (2017-03-31).');
  });

  it('put path parameters into the path', () => {
    expect(routed('POST /orders/:orderId/amend', { orderId: 'a/b', note: 'x' })).toEqual({
      path: '/v1/orders/a%2Fb/amend',
      body: { note: 'x' },
    });
    expect(() => routed('POST /orders/:orderId/amend', {})).toThrow('--order-id is missing');
  });
});

describe('the command line', () => {
  it('ends with 0 for help, 2 for what it does not know, 3 where no server is', async () => {
    const { it: streams, out, notes } = terminal();
    expect(await run(['--help'], streams)).toBe(0);
    expect(out()).toContain('4  done in part');
    expect(await run(['query', '--nonsense'], streams)).toBe(2);
    expect(await run(['query', 'pipeline', '--as-of', 'yesterday'], streams)).toBe(2);
    expect(await run(['query', 'pipeline', '--url', 'http://127.0.0.1:9'], streams)).toBe(3);
    expect(await run(['query', 'pipeline', '--data', '/nonexistent/annals'], streams)).toBe(3);
    expect(notes()).toContain('annals start');
  });

  it('answers with JSON where it is asked to, whatever is wrong', async () => {
    const problem = async (...args: string[]) => {
      const { it: streams, out, notes } = terminal();
      const code = await run([...args, '--json'], streams);
      expect(notes()).toBe('');
      return [code, (JSON.parse(out()) as { problem: { type: string; detail: string } }).problem];
    };
    expect(await problem('query', 'pipeline', '--nonsense')).toEqual([
      2,
      { type: '/problems/usage', detail: expect.stringContaining("unknown option '--nonsense'") },
    ]);
    expect(await problem('query', 'pipeline', '--filter', 'phase')).toMatchObject([2, { type: '/problems/usage' }]);
    expect(await problem('query', 'pipeline', '--url', 'http://127.0.0.1:9')).toMatchObject([
      3,
      { type: '/problems/server-unreachable', detail: expect.stringContaining('annals start') },
    ]);
  });

  it('refuses columns that no document has, and says what a query can ask', async () => {
    const { it: streams, out, notes } = terminal();
    expect(await run(['query', 'pipeline', '--columns', 'phase,foo'], streams)).toBe(2);
    expect(notes()).toMatch(/--columns: there is no field foo; allowed: .*phase/);
    expect(await run(['query', 'help'], streams)).toBe(0);
    expect(out()).toMatch(/Views:\n(.*\n)*.*pipeline/);
  });

  it('says what is wrong with a field once', () => {
    const errors = [
      { field: 'amount', message: 'must be a whole number' },
      { field: 'currency', message: 'is required' },
    ];
    const detail = 'OpenOpportunity: amount must be a whole number';
    expect(describeProblem({ type: '/problems/invalid-command', status: 400, detail, errors })).toBe(
      `${detail} (invalid-command, 400)\n  currency: is required`,
    );
  });

  it('names the field that a refusal is about', () => {
    const detail = 'The order has no line 3; name one of its lines.';
    const errors = [{ field: 'lines[0].lineNumber', message: detail }];
    expect(describeProblem({ type: '/problems/line-unknown', status: 422, detail, errors })).toBe(
      `lines[0].lineNumber: ${detail} (line-unknown, 422)`,
    );
  });

  it('has examples in the help of every command and every group of them', () => {
    const help = (command: ReturnType<typeof programOf>): readonly string[] =>
      command.commands.length > 0 ? command.commands.flatMap(help) : [command.name()];
    const leaves = programOf(terminal().it).commands.flatMap(help);
    expect(leaves.length).toBeGreaterThan(40);
    const missing: string[] = [];
    const look = (command: ReturnType<typeof programOf>) => {
      let text = '';
      command.configureOutput({ writeOut: (piece) => (text += piece) });
      command.outputHelp();
      if (!text.includes('Examples:')) missing.push(command.name());
      command.commands.forEach(look);
    };
    look(programOf(terminal().it));
    expect(missing).toEqual([]);
  });

  it('names the oldest Node that it runs on', () => {
    expect(nodeVersion('20.19.0').state).toBe('ok');
    expect(nodeVersion('20.18.9')).toMatchObject({ state: 'problem', advice: 'Install Node.js 20.19 or newer.' });
  });
});
