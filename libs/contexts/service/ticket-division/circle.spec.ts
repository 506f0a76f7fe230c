import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AnyAggregate, type AnyProcess, decisionOf, derivedId, evolved, type Fact } from '#kernel';
import { recorded } from '#kernel/testing';
import { circleOf, steps, type Way, wayOut } from '../ticket/circle.js';
import * as facts from '../ticket/events.js';
import { attached, customerId, now, opened, surroundings } from '../ticket/testing/samples.js';
import { ticket } from '../ticket/ticket.js';
import { evolve, type OpenedTicket, type Ticket } from '../ticket/ticket-state.js';
import { ticketMerge } from './ticket-merge.process.js';

/** Several tickets with their states, and what is still to be sent. */
class Desk {
  readonly states = new Map<string, Ticket>();
  readonly pending: { readonly command: string; readonly payload: Readonly<Record<string, string>> }[] = [];

  constructor(readonly ids: readonly string[]) {
    for (const id of ids) {
      let state: Ticket = ticket.initial;
      for (const fact of [opened({ ticketId: id }), attached({ ticketId: id })]) state = after(state, fact);
      this.states.set(id, state);
    }
  }

  /** Each is decided while the next is still open. */
  mergeInCircle(): void {
    const merged = this.ids.map((id, at) =>
      facts.TicketMerged({ ticketId: id, customerId, intoTicketId: this.ids[(at + 1) % this.ids.length] as string }),
    );
    for (const fact of merged) this.record(fact);
  }

  record(fact: Fact<string, { readonly ticketId: string }>): void {
    const { ticketId } = fact.data;
    this.states.set(ticketId, after(this.states.get(ticketId) as Ticket, fact));
    for (const { command, payload } of (ticketMerge as AnyProcess).react[fact.type]?.(recorded(fact)) ?? [])
      this.pending.push({ command: command.name, payload: payload as Readonly<Record<string, string>> });
  }

  /** As the runtime does it: with the references that the aggregate declares. */
  send(at: number): void {
    const [next] = this.pending.splice(at % this.pending.length, 1);
    if (!next) return;
    const { command, payload } = next;
    const state = this.states.get(payload.ticketId as string) as Ticket;
    const read: Record<string, unknown> = { ...surroundings };
    for (const [name, { id }] of Object.entries((ticket as AnyAggregate).references ?? {})) {
      const named = name.startsWith('next') ? id(payload, state, { tenant: 'main', read }) : undefined;
      if (named !== undefined) read[name] = this.states.get(named);
    }
    for (const fact of [decisionOf(ticket, command)(payload, state, { ...read, now } as never)].flat() as Fact[])
      this.record(fact as Fact<string, { readonly ticketId: string }>);
  }

  endOf(id: string): string {
    let at = this.states.get(id) as OpenedTicket;
    for (let step = 0; at.status === 'MERGED' && step < 20; step++) at = this.states.get(at.mergedInto as string) as OpenedTicket;
    return at.status === 'MERGED' ? 'none' : at.ticketId;
  }
}

const after = (state: Ticket, fact: Fact) => (fact.type in evolve ? (evolved(ticket, state, fact, now) as Ticket) : state);

describe('SRV-01 tickets that were merged in a circle', () => {
  it('go on in the one with the smallest id, in whatever order they hear of each other', () => {
    const size = fc.integer({ min: 2, max: 8 });
    fc.assert(
      fc.property(size, fc.array(fc.nat(100), { minLength: 40, maxLength: 40 }), fc.nat(100), (tickets, order, salt) => {
        const ids = Array.from({ length: tickets }, (_, number) => derivedId('circle', String(salt), String(number)));
        const desk = new Desk(ids);
        desk.mergeInCircle();
        for (const at of order) desk.send(at);
        expect(desk.pending).toEqual([]);
        const smallest = [...ids].sort()[0] as string;
        expect(ids.map((id) => desk.endOf(id))).toEqual(ids.map(() => smallest));
        expect(ids.filter((id) => desk.states.get(id)?.status === 'OPEN')).toEqual([smallest]);
      }),
    );
  });

  it('go on even where all but the last had heard of each other before it was closed', () => {
    const ids = ['a', 'b', 'c'].map((name) => derivedId('late', name)).sort() as [string, string, string];
    const [first, second, third] = ids;
    const desk = new Desk(ids);
    const merged = (ticketId: string, intoTicketId: string) =>
      desk.record(facts.TicketMerged({ ticketId, customerId, intoTicketId }));
    merged(third, first);
    desk.send(0);
    merged(first, second);
    merged(second, third);
    while (desk.pending.length > 0) desk.send(0);
    expect(ids.map((id) => desk.endOf(id))).toEqual([first, first, first]);
  });

  it('leave alone what goes on elsewhere since', () => {
    const [one, two, three] = ['1', '2', '3'].map((name) => derivedId('circle', name)).sort() as [string, string, string];
    expect(wayOut([two, three, one])).toEqual({ ticketId: one, mergedTicketId: three, intoTicketId: two });
    const merged = { ticketId: one, status: 'MERGED', mergedInto: three } as OpenedTicket;
    const decided = decisionOf(ticket, 'ReinstateTicket')(wayOut([two, three, one]), merged, { ...surroundings, now } as never);
    expect(decided).toEqual([]);
  });

  it('are none where the way ends', () => {
    const [one, two, three] = ['1', '2', '3'].map((name) => derivedId('circle', name)) as [string, string, string];
    const at = (ticketId: string, mergedInto?: string) =>
      ({ ticketId, status: mergedInto === undefined ? 'OPEN' : 'MERGED', mergedInto }) as OpenedTicket;
    expect(circleOf(at(one, two), three, { ...surroundings, next1: at(two) })).toBeUndefined();
    expect(circleOf(at(one), three, surroundings)).toBeUndefined();
    expect(circleOf(at(one, two), three, { ...surroundings, next1: at(two, three) })).toEqual([one, two, three]);
  });
  it('are none where the way is longer than a decision looks', () => {
    const ids = Array.from({ length: 9 }, (_, number) => derivedId('long', String(number)));
    const [first, ...others] = ids.map(
      (ticketId, at) => ({ ticketId, status: 'MERGED', mergedInto: ids[(at + 1) % ids.length] }) as OpenedTicket,
    );
    const way = Object.fromEntries(steps.map((step, at) => [step, others[at]])) as unknown as Way;
    expect(circleOf(first as OpenedTicket, ids[7] as string, way)).toEqual(ids.slice(0, 8));
    expect(circleOf(first as OpenedTicket, ids[8] as string, way)).toBeUndefined();
  });
});
