import { describe, expect, it } from '@jest/globals';
import { IsInt, IsString, IsUUID } from 'class-validator';
import { Type } from 'typebox';
import { aggregate, Command, context, Field, fact, Id, MinorUnits, Text, view } from '#kernel';
import { registryOf } from '#runtime/registry';
import { productOf } from './generate.js';
import { lint } from './lint.js';
import { codesIn, hiddenCodesIn, reachOf, refusalsIn, withoutRemedy } from './refusals.js';

@Command({ route: 'POST /tickets', roles: ['care'], summary: 'Open a ticket.', capabilities: ['CID-01', 'NO-1'], creates: true })
class OpenTicket {
  @Field('The ticket.') @IsUUID() readonly ticketId!: string;
  @Field('') @IsString() readonly about!: string;
  @Field('How urgent it is.') @IsInt() readonly urgency!: number;
  @Field('How long it may take.', { unit: 'hours' }) @IsInt() readonly within!: number;
}

const ticketId = Id('the ticket');
const lines = Type.Array(Type.Object({ text: Type.String(), amount: MinorUnits('what it costs') }), { description: 'the lines' });
const TicketOpened = fact('TicketOpened', 'Somebody asked for help.', { ticketId, lines }, { releases: 'reservationId' });

const ticket = aggregate<object>()({
  name: 'ticket',
  description: 'A request for help.',
  id: 'ticketId',
  commands: { OpenTicket },
  facts: { TicketOpened },
  initial: {},
  decide: { OpenTicket: () => [] },
  evolve: { TicketOpened: (state) => state },
});
const tickets = view({
  name: 'tickets',
  description: 'One entry a ticket.',
  version: 1,
  capabilities: [],
  roles: ['care'],
  document: Type.Object({ ticketId, weight: Type.Number({ description: 'how heavy it is' }), note: Text('a note') }),
  facts: { TicketOpened },
  key: ({ data }) => data.ticketId,
  initial: (ticketId) => ({ ticketId, weight: 0, note: '' }),
  apply: { TicketOpened: (entry) => entry },
  filters: [],
});

describe('the lint of the reference', () => {
  const sayUnit =
    "Say what it counts or measures (number of …, days …), or add the unit: { unit: 'grams' } to @Field, 'x-unit': 'grams' to a schema.";
  it('names every field that has no description, every number without a unit, and what does not exist', () => {
    const registry = registryOf([context({ name: 'service', description: 'Help.', aggregates: [ticket], views: [tickets] })]);
    expect(lint(registry).filter((fault) => !fault.includes('ClaimLapsed'))).toEqual([
      'command OpenTicket.about has no description.',
      `command OpenTicket.urgency is a number without a unit: "How urgent it is.". ${sayUnit}`,
      'command OpenTicket cites NO-1, which is not a capability.',
      'fact TicketOpened releases reservationId, which is not one of its fields.',
      'fact TicketOpened.lines[].text has no description.',
      `view tickets.weight is a number without a unit: "how heavy it is". ${sayUnit}`,
    ]);
  });
});

describe('codes of refusals', () => {
  const text = [
    'const one = () => two();',
    `export function two() {\n  refuse('not-open', \`It is \${state.status}.\`);\n}`,
    "const three = () => new Problem(409, 'taken', 'It is taken.');",
  ].join('\n');
  const sources = [{ path: 'a/b.ts', text }];

  it('are found in the sources with their status and texts', () =>
    expect(refusalsIn(sources)).toEqual([
      { code: 'not-open', status: 422, texts: ['It is ….'] },
      { code: 'taken', status: 409, texts: ['It is taken.'] },
    ]));

  it('are written out where something is refused; others are named', () => {
    const made = { path: 'libs/a.ts', text: "refuse('plain', 'No.');\nrefuse(code, 'No.');\nrefuse(made(b), 'No.');" };
    expect(hiddenCodesIn([made, ...sources])).toEqual([
      "libs/a.ts refuses with a code that is not written out: code, 'No.');",
      "libs/a.ts refuses with a code that is not written out: made(b), 'No.');",
    ]);
  });

  it('come with what to do about it; a text that does not say so is named', () => {
    const texts = ['It is ….', 'It is …; reopen it first.', 'Name a key: there is none.', 'It is over. Open another one.'];
    expect(withoutRemedy([{ code: 'not-open', status: 422, texts }])).toEqual([
      'The refusal not-open does not say what to do about it: "It is …."',
    ]);
  });

  it('and facts are not taken from samples and specs', () =>
    expect(productOf([...sources, { path: 'libs/a.samples.ts', text: '' }, { path: 'libs/a.spec.ts', text: '' }])).toEqual(
      sources,
    ));

  it('are those of all functions that a decision calls', () =>
    expect(codesIn(reachOf("(command) => { refuse('own', 'No.'); one(); }", sources))).toEqual(['not-open', 'own']));

  it('and of functions that its folder imports, with what these call beside them', () => {
    const here = { path: 'libs/deals/deal.ts', text: "import { type Person, known } from '../people/contract.js';\n" };
    const there = [
      { path: 'libs/people/contract.ts', text: "export { known } from './person.js';\n" },
      { path: 'libs/people/person.ts', text: 'export function known(person: Person) {\n  erased(person);\n}\n' },
      { path: 'libs/people/erased.ts', text: "export function erased(person: Person) {\n  refuse('erased', 'No.');\n}\n" },
    ];
    const reached = (decision: string) => codesIn(reachOf(decision, [here], [here, ...there]));
    expect(reached('(command) => known(person)')).toEqual(['erased']);
    expect(reached('(command) => erased(person)')).toEqual([]);
  });
});
