import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { definitions } from '../definitions.js';
import { BadMapping, mappingFrom, readMapping } from './mapping.js';
import { planOf } from './plan.js';

const good = `
mapping: test
cutOver: 2026-01-01T00:00:00.000Z
sources:
  customers:
    file: customers.csv
    columns: [name, mail]
    identity: [name]
    steps:
      - command: RegisterCustomer
        payload:
          customerId: =id(customer, {name})
          kind: PERSON
          name: ={name!}
`;
const problems = (content: string): readonly string[] => {
  try {
    planOf(mappingFrom(content, 'm.yml'), 'm.yml', definitions());
    return [];
  } catch (error) {
    if (error instanceof BadMapping) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
};

describe('a mapping', () => {
  it('may be right', () => {
    expect(problems(good)).toEqual([]);
  });

  it('takes the cut-over with any zone', () =>
    expect(mappingFrom(good.replace('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00+01:00'), 'm.yml').cutOver).toBe(
      '2025-12-31T23:00:00.000Z',
    ));

  it('names file, place and what is allowed', () => {
    expect(() => mappingFrom(good.replace('columns:', 'colums:'), 'm.yml')).toThrow(
      /^m\.yml: sources\.customers: unknown colums; allowed: file, rows, format/,
    );
  });

  it.each([
    ['cutOver: 2026-01-01T00:00:00.000Z', 'cutOver: soon', /^cutOver: must match pattern/],
    ['cutOver: 2026-01-01T00:00:00.000Z', 'cutOver: 2026-02-30T00:00:00Z', /^cutOver: is no moment of the calendar/],
    [
      'command: RegisterCustomer',
      'command: RegisterClient',
      /steps\.0\.command: unknown command RegisterClient; allowed: .*RegisterCustomer/,
    ],
    ['kind: PERSON', 'sort: PERSON', /payload: unknown field sort; allowed: customerId, kind, name/],
    ['={name!}', '={nam}', /payload\.name: unknown column nam; allowed: name, mail/],
    [
      '={name!}',
      '=nope({name})',
      /payload\.name: at character 5 of "nope\({name}\)": there is no function nope; allowed: id, ref/,
    ],
    ['={name!}', '=map(x, {name})', /payload\.name: unknown table x; allowed: none/],
    ['={name!}', '=ref(x, {name})', /payload\.name: no source defines x; allowed: none/],
    ['={name!}', '=lookup(x, {name}, y)', /payload\.name: unknown source x; allowed: customers/],
    ['={name!}', "=moment({name}, '25:00')", /25:00 is not a time of day/],
    ['identity: [name]', 'identity: [id]', /identity\.0: unknown column id; allowed: name, mail/],
    ['          customerId: =id(customer, {name})\n', '', /payload: needs customerId/],
    ['kind: PERSON', 'kind: PERSONN', /payload\.kind: must be one of PERSON, ORGANISATION/],
    ['kind: PERSON', 'kind: PERSON\n          segment: 5', /payload\.segment: must be text/],
    ['file: customers.csv', 'format: csv', /needs either file or rows/],
    ['file: customers.csv', 'file: customers.csv\n    encoding: ebcdic', /encoding: allowed: utf-8, latin1/],
  ])('with %p instead of %p is refused', (before, after, expected) => {
    expect(good).toContain(before);
    expect(problems(good.replace(before, after)).join('\n')).toMatch(expected);
  });

  it('refers to rows of earlier sources only: those of the same one may be on their way, and later ones are not read yet', () => {
    const [head = '', body = ''] = good.split('  customers:\n');
    const source = (name: string, segment: string, defines = '') =>
      `  ${name}:\n${defines}${body}          segment: ${segment}\n`;
    const own = `    defines: customer\n`;
    const sources = (segment: string) =>
      `${head}${source('former', 'none', own)}${source('customers', segment, '    defines: branch\n')}${source('later', 'none', '    defines: later\n')}`;
    expect(problems(sources('=ref(customer, {mail})'))).toEqual([]);
    expect(problems(sources('=lookup(former, {mail}, mail)'))).toEqual([]);
    expect(problems(sources('=ref(branch, {mail})'))).toEqual([
      'sources.customers.steps.0.payload.segment: no earlier source defines branch; allowed: customer',
    ]);
    expect(problems(sources('=ref(later, {mail})'))).toEqual([
      'sources.customers.steps.0.payload.segment: no earlier source defines later; allowed: customer',
    ]);
    expect(problems(sources('=lookup(later, {mail}, mail)'))).toEqual([
      'sources.customers.steps.0.payload.segment: no earlier source is later; allowed: former',
    ]);
  });

  it('names all its problems at once', () => {
    expect(problems(good.replace('={name!}', '={nam}').replace('kind: PERSON', 'sort: PERSON'))).toHaveLength(2);
  });

  it.each([
    ['maven-sales', ['pipeline', 'agents', 'customers', 'products', 'opportunities']],
    ['telco-churn', ['customers']],
    ['cdnow', ['silence', 'customers', 'purchases', 'reviews']],
  ])('of the data %s fits the commands of today', (mapping, sources) => {
    const file = `mappings/${mapping}.yml`;
    expect(planOf(readMapping(file), file, definitions()).sources.map(({ name }) => name)).toEqual(sources);
  });

  it('as the how-to shows it is right', () => {
    const [, shown = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/how-to/import-your-data.md', 'utf8')) ?? [];
    expect(shown).toContain('mapping: my-crm');
    expect(problems(shown)).toEqual([]);
  });

  it('is wrong where a constant within a list is, and says nothing of what rows decide', () => {
    const ordered = (line: string) =>
      good.replace(
        /- command: RegisterCustomer[\s\S]*/,
        `- command: PlaceOrder
        payload: { orderId: '=id(order, {name})', customerId: '=id(customer, {name})', currency: '=pick(c, {name})', lines: [${line}] }`,
      );
    const of = (line: string) => problems(ordered(line).replace('sources:', 'values: { c: { a: EUR } }\nsources:'));
    expect(of("{ description: '={name}', quantity: 1, unitPrice: 0 }")).toEqual([]);
    expect(of('{ description: freight, quantity: one, unitPrice: 0 }').join()).toMatch(
      /payload\.lines\[0\]\.quantity: must be a/,
    );
  });

  it('that cannot be read says why in words', () => {
    expect(() => readMapping('docs')).toThrow('docs: the mapping: cannot be read: it is a folder');
    expect(() => readMapping('no-such.yml')).toThrow('cannot be read: it does not exist');
  });

  it('finds out which columns are personal', () => {
    expect([...(planOf(mappingFrom(good, 'm'), 'm', definitions()).sources[0]?.personal ?? [])]).toEqual(['name']);
  });
});
