import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { aggregate, context, fact, Id, MinorUnits, personal, Text, view } from '#kernel';
import { registryOf } from '#runtime/registry';
import { FACTS, type Files, protect, SAMPLES, VIEWS } from '../../apps/reference/protected/protect.js';
import { brokenTopics } from '../../apps/reference/protected/topic-schema.js';
import { committedFiles, writeFiles } from '../../apps/reference/repository.js';

// A small system of one fact and one view, in variants: as it was committed, and as a careless change leaves it.

const ticketId = Id('the ticket');
const about = personal('ticketId', 'contact', Text('what it is about', 200));
const price = MinorUnits('what it costs');

const fields = { ticketId, about, price, note: Type.Optional(Text('a note', 100)) };
const asItWas = fact('TicketOpened', 'Somebody asked for help.', fields);

const document = Type.Object({ ticketId, total: MinorUnits('what it costs in all') });
const double = (amount: number) => amount * 2;

type TicketOpened = typeof asItWas;

function systemOf(opened: TicketOpened, given: { readonly version?: number; readonly total?: (price: number) => number } = {}) {
  const { version = 1, total = double } = given;
  const ticket = aggregate<object>()({
    name: 'ticket',
    description: 'A request for help.',
    id: 'ticketId',
    commands: {},
    facts: { TicketOpened: opened },
    initial: {},
    decide: {},
    evolve: { TicketOpened: (state) => state },
  });
  const tickets = view({
    name: 'tickets',
    description: 'One entry a ticket.',
    version,
    capabilities: [],
    roles: ['care'],
    document,
    facts: { TicketOpened: opened },
    key: ({ data }) => data.ticketId,
    initial: (ticketId) => ({ ticketId, total: 0 }),
    apply: { TicketOpened: (entry, { data }) => ({ ...entry, total: total(data.price) }) },
    filters: ['total'],
  });
  return registryOf([context({ name: 'service', description: 'Help.', aggregates: [ticket], views: [tickets] })]);
}

const none: Files = new Map();
const check = (registry: ReturnType<typeof systemOf>, present: Files, committed: Files = present) =>
  protect({ registry, identity: undefined, present, committed });
const without = (files: Files, path: string): Files => new Map([...files].filter(([one]) => one !== path));
const rewritten = (files: Files, path: string, from: string, to: string): Files =>
  new Map([...files].map(([one, text]) => [one, one === path ? text.replace(from, to) : text]));

const committed = protect({ registry: systemOf(asItWas), identity: undefined, present: none }).files;

const schema = `${FACTS}/TicketOpened.v1.json`;
const sample = `${SAMPLES}/TicketOpened.v1.json`;
const definition = `${VIEWS}/tickets.v1.json`;

describe('protected schemas', () => {
  it('are written for a new fact, with a sample that has every field and one that has the required ones', () => {
    expect([...committed.keys()]).toEqual(expect.arrayContaining([schema, sample, definition]));
    const { data } = JSON.parse(committed.get(sample) as string) as { data: object[] };
    expect(data.map((entry) => Object.keys(entry))).toEqual([
      ['ticketId', 'about', 'price', 'note'],
      ['ticketId', 'about', 'price'],
    ]);
  });

  it('show personal fields as they are stored: sealed', () => {
    const { properties } = JSON.parse(committed.get(schema) as string) as { properties: Record<string, object> };
    expect(properties.about).toMatchObject({
      properties: { $sealed: { type: 'string' } },
      required: ['$sealed'],
      'x-person': 'ticketId',
    });
  });

  it('stay as they are when nothing changed', () => {
    const { files, refused } = check(systemOf(asItWas), committed);
    expect(refused).toEqual([]);
    expect([...files]).toEqual([...committed]);
  });

  it('take an optional field', () => {
    const more = fact('TicketOpened', 'Somebody asked for help.', {
      ...fields,
      channel: Type.Optional(Text('by which way', 20)),
    });
    const { files, refused } = check(systemOf(more as unknown as TicketOpened), committed);
    expect(refused).toEqual([]);
    expect(files.get(schema)).toContain('channel');
    expect(files.get(sample)).toBe(committed.get(sample));
  });

  it('take another description', () => {
    const said = fact('TicketOpened', 'A customer asked for help.', {
      ...fields,
      price: MinorUnits('what it costs the customer'),
    });
    expect(check(systemOf(said), committed).refused).toEqual([]);
  });
});

describe('a careless change of a fact is refused:', () => {
  const changes: Record<string, [object, RegExp]> = {
    'a required field': [{ ...fields, channel: Text('by which way', 20) }, /channel is new and required/],
    'a field that is gone': [{ ticketId, about, price }, /note is gone/],
    'a renamed field': [{ ticketId, about, cost: price, note: fields.note }, /price is gone/],
    'another type': [{ ...fields, price: Text('what it costs') }, /price type was "integer", is "string"/],
    'an optional field that becomes required': [{ ...fields, note: Text('a note', 100) }, /note was optional, is required/],
    'a required field that becomes optional': [{ ...fields, price: Type.Optional(price) }, /price was required, is optional/],
    'a narrower field': [{ ...fields, note: Type.Optional(Text('a note', 10)) }, /note maxLength was 100, is 10/],
    'a personal field that is stored open': [{ ...fields, about: Text('what it is about', 200) }, /about/],
    'another person': [{ ...fields, about: personal('note', 'contact', Text('what it is about', 200)) }, /about x-person/],
    'another retention class': [
      { ...fields, about: personal('ticketId', 'billing', Text('what it is about', 200)) },
      /about x-retention/,
    ],
  };
  it.each(Object.keys(changes))('%s', (name) => {
    const [changed, says] = changes[name] as [typeof fields, RegExp];
    const { files, refused } = check(systemOf(fact('TicketOpened', 'Somebody asked for help.', changed)), committed);
    expect(refused.join('\n')).toMatch(says);
    expect(refused.join('\n')).toMatch(/new version, with an upcaster/);
    expect(files.get(schema)).toBe(committed.get(schema));
  });

  it('a public fact that becomes internal', () => {
    const hidden = fact('TicketOpened', 'Somebody asked for help.', fields, { visibility: 'internal' });
    expect(check(systemOf(hidden), committed).refused.join('\n')).toMatch(/x-visibility was "public", is "internal"/);
  });
});

describe('a new version of a fact', () => {
  const { price: _, ...rest } = fields;
  const inCents = { ...rest, cents: MinorUnits('what it costs') };
  const versionTwo = (upcast: Record<number, (data: Record<string, unknown>) => unknown>) =>
    systemOf(fact('TicketOpened', 'Somebody asked for help.', inCents, { version: 2, upcast }) as unknown as TicketOpened, {
      version: 2,
    });
  const rename = ({ price, ...data }: Record<string, unknown>) => ({ ...data, cents: price });

  it('comes beside the old one, whose sample it reads', () => {
    const { files, refused } = check(versionTwo({ 1: rename }), committed);
    expect(refused).toEqual([]);
    expect(files.has(`${FACTS}/TicketOpened.v2.json`)).toBe(true);
    expect(files.get(schema)).toBe(committed.get(schema));
  });

  it('needs an upcaster', () => {
    expect(check(versionTwo({}), committed).refused.join('\n')).toMatch(/has no upcaster from version 1/);
  });

  it('needs an upcaster that makes what the schema says', () => {
    const forgetful = ({ price: _, ...data }: Record<string, unknown>) => data;
    expect(check(versionTwo({ 1: forgetful }), committed).refused.join('\n')).toMatch(
      /TicketOpened\.v1\.json, entry 1: upcast .* does not fit the schema/,
    );
  });

  it('needs an upcaster that takes data without the optional fields', () => {
    const greedy = ({ note, ...data }: Record<string, unknown>) => rename({ ...data, note: (note as string).trim() });
    expect(check(versionTwo({ 1: greedy }), committed).refused.join('\n')).toMatch(/entry 2 cannot be read any more/);
  });

  it('does not go back', () => {
    const { files } = check(versionTwo({ 1: rename }), committed);
    expect(check(systemOf(asItWas, { version: 2 }), files).refused.join('\n')).toMatch(/Versions do not go back/);
  });
});

describe('a protected file', () => {
  it.each([schema, sample, definition])('%s is not deleted', (path) => {
    expect(check(systemOf(asItWas), without(committed, path), committed).refused.join('\n')).toContain(
      `${path} was committed and is gone`,
    );
  });

  it('of an older version is missed even where nobody knows the commit before', () => {
    const upcast = { 1: (data: object) => data };
    const two = systemOf(fact('TicketOpened', 'Somebody asked for help.', fields, { version: 2, upcast }), { version: 2 });
    const { files } = check(two, committed);
    const { refused } = protect({ registry: two, identity: undefined, present: without(files, schema) });
    expect(refused.join('\n')).toContain(`${schema} is missing`);
  });

  it('of a fact that the code has no more is refused', () => {
    const empty = registryOf([context({ name: 'service', description: 'Help.' })]);
    expect(check(empty, committed).refused.join('\n')).toMatch(/there is no fact TicketOpened any more/);
  });

  it('is not rewritten by hand together with the code', () => {
    const changed = systemOf(
      fact('TicketOpened', 'Somebody asked for help.', { ...fields, note: Type.Optional(Text('a note', 10)) }),
    );
    const byHand = rewritten(committed, schema, '"maxLength": 100', '"maxLength": 10');
    expect(protect({ registry: changed, identity: undefined, present: byHand }).refused).toEqual([]);
    expect(check(changed, byHand, committed).refused.join('\n')).toMatch(/note maxLength was 100, is 10/);
  });

  it('with a sample is not rewritten', () => {
    const byHand = rewritten(committed, sample, '"note": "note"', '"note": "other"');
    expect(check(systemOf(asItWas), byHand, committed).refused.join('\n')).toContain(`${sample} was changed`);
  });
});

describe('a careless change of a view is refused:', () => {
  it('another fold of the same facts', () => {
    const refused = check(systemOf(asItWas, { total: (amount) => amount * 3 }), committed).refused.join('\n');
    expect(refused).toMatch(/makes other documents of the samples \(TicketOpened, all in turn\)/);
    expect(refused).toMatch(/Raise the version of the view tickets to 2/);
  });

  it('another text of the fold, until somebody says that it makes the same', () => {
    const [line] = (JSON.parse(committed.get(definition) as string) as { fold: string[] }).fold;
    const before = rewritten(committed, definition, JSON.stringify(line), JSON.stringify('key: (it) => it.data.ticketId'));
    const { refused } = check(systemOf(asItWas), before);
    expect(refused.join('\n')).toMatch(/the text of its fold changed \(key\), its version did not.*--same-meaning tickets/);
    const said = protect({
      registry: systemOf(asItWas),
      identity: undefined,
      present: before,
      committed: before,
      sameMeaning: new Set(['tickets']),
    });
    expect(said.refused).toEqual([]);
    expect(said.files.get(definition)).toBe(committed.get(definition));
  });

  it('another meaning under the name of the same one', () => {
    const { refused } = protect({
      registry: systemOf(asItWas, { total: (amount) => amount * 3 }),
      identity: undefined,
      present: committed,
      committed,
      sameMeaning: new Set(['tickets']),
    });
    expect(refused.join('\n')).toMatch(/makes other documents of the samples/);
  });

  it('a raised version is taken, and the old definition stays', () => {
    const { files, refused } = check(systemOf(asItWas, { version: 2, total: (amount) => amount * 3 }), committed);
    expect(refused).toEqual([]);
    expect(files.get(definition)).toBe(committed.get(definition));
    expect(files.has(`${VIEWS}/tickets.v2.json`)).toBe(true);
  });
});

describe('the commit before', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'annals-protected-'));
    folders.push(made);
    return made;
  };

  it('is read from git', () => {
    const root = folder();
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], { cwd: root, stdio: 'ignore' });
    git('init', '--quiet');
    writeFiles(root, committed);
    git('add', '.');
    git('commit', '--quiet', '--message', 'Commit the reference');
    rmSync(join(root, sample));
    expect(committedFiles(root, 'HEAD', [FACTS, VIEWS])).toEqual(committed);
  });

  it('is not known outside a repository', () => {
    expect(committedFiles(folder(), 'HEAD', [FACTS, VIEWS])).toBeUndefined();
  });
});

describe('the committed schema of a topic', () => {
  const TOPIC = 'docs/reference/topics/ticket.json';
  const data = (version: number) => ({ title: `TicketOpened, version ${version}` });
  const topicOf = (properties: object, oneOf: readonly object[] = [data(1)]): Files =>
    new Map([
      [TOPIC, JSON.stringify({ properties: { type: { enum: oneOf.map(String) }, ...properties }, required: ['id'], oneOf })],
    ]);
  const before = topicOf({ id: { type: 'string' } });

  it('may get further facts, versions and optional attributes', () => {
    const after = topicOf({ id: { type: 'string' }, traceparent: { type: 'string' } }, [data(1), data(2)]);
    expect(brokenTopics(before, after)).toEqual([]);
  });

  it('keeps every attribute and every version, and the topic itself', () => {
    expect(brokenTopics(before, topicOf({ id: { type: 'integer' } }))).toEqual([expect.stringContaining('id type was "string"')]);
    expect(brokenTopics(before, topicOf({}))).toEqual([expect.stringContaining('id is gone')]);
    expect(brokenTopics(before, topicOf({ id: { type: 'string' } }, [data(2)]))).toEqual([
      `${TOPIC}: TicketOpened, version 1 is gone. Topics keep it.`,
    ]);
    expect(brokenTopics(before, new Map())).toEqual([`${TOPIC}: the topic is gone. Readers rely on it.`]);
  });
});
