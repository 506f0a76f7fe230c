import type { OpenedTicket, Ticket } from './ticket-state.js';

/** How many tickets lie at most between two of a circle of merges that a decision looks at: circles of up to eight are seen. */
export const steps = ['next1', 'next2', 'next3', 'next4', 'next5', 'next6'] as const;
/** The tickets in which this one goes on, one after another, as far as they go on in another one themselves. */
export type Way = { readonly [K in (typeof steps)[number]]: Ticket };

/** The id of a step on the way, until it comes to `end`. */
export function stepOf(
  step: (typeof steps)[number],
  ticket: Ticket,
  read: Readonly<Record<string, unknown>>,
  end: string | undefined,
): string | undefined {
  const before = step === 'next1' ? ticket : (read[steps[steps.indexOf(step) - 1] as string] as Ticket);
  const into = before.status === 'MERGED' ? before.mergedInto : undefined;
  return end === undefined || into === end ? undefined : into;
}

/**
 * Of tickets that were merged in a circle, each while the next was still open: their ids, each of which goes on in the one behind
 * it, from this ticket to the one that was merged into it. Undefined where there is no circle.
 */
export function circleOf(ticket: OpenedTicket, mergedTicketId: string, way: Way): readonly string[] | undefined {
  if (ticket.status !== 'MERGED') return undefined;
  const ids = [ticket.ticketId];
  let last: Ticket = ticket;
  for (const step of steps) {
    if (last.status !== 'MERGED' || last.mergedInto === mergedTicketId) break;
    last = way[step];
    if (last.status === 'NONE') return undefined;
    ids.push(last.ticketId);
  }
  return last.status === 'MERGED' && last.mergedInto === mergedTicketId ? [...ids, mergedTicketId] : undefined;
}

/** Which one of a circle goes on after all, the one that goes on in it, and the one in which it went on. */
export function wayOut(circle: readonly string[]): {
  readonly ticketId: string;
  readonly mergedTicketId: string;
  readonly intoTicketId: string;
} {
  const ticketId = [...circle].sort()[0] as string;
  const at = circle.indexOf(ticketId);
  const around = (by: number) => circle[(at + by + circle.length) % circle.length] as string;
  return { ticketId, mergedTicketId: around(-1), intoTicketId: around(1) };
}
