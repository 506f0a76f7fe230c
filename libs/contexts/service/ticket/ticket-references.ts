import type { Reference } from '#kernel';
import { type Customer, customer, type Kin, kinOf, ownerIn, type RegisteredCustomer } from '../../customers/contract.js';
import { order } from '../../orders/contract.js';
import { type ServiceProfile, serviceProfile } from '../service-profile/service-profile.js';
import { defaultPolicyId, type SlaPolicy, slaPolicy } from '../sla-policy/sla-policy.js';
import { type Team, team } from '../team/team.js';
import { defaultCalendarId, type WorkingCalendar, workingCalendar } from '../working-calendar/working-calendar.js';
import { stepOf, steps, type Way } from './circle.js';
import type { OpenTicket } from './commands.js';
import type { MergeTicket } from './division-commands.js';
import { broughtBy, type Origin } from './origin.js';
import type { AbsorbTicket } from './process-commands.js';
import type { OpenedTicket, Ticket } from './ticket-state.js';

/** What the decisions on a ticket read beside its own stream. */
export interface References extends Way, Kin, Origin {
  readonly customer: Customer;
  readonly profile: ServiceProfile;
  readonly policy: SlaPolicy;
  readonly calendar: WorkingCalendar;
  readonly team: Team;
  /** The ticket in which this one is to go on. */
  readonly other: Ticket;
  readonly otherCustomer: Customer;
  /** Into whom the customers of the two are merged. */
  readonly survivor: Customer;
  readonly otherSurvivor: Customer;
}

// Each reference is asked with whatever command is decided: of another one than it is for, the fields are missing.
type Opening = Partial<OpenTicket>;
type Merging = Partial<MergeTicket>;
type Absorbing = Partial<AbsorbTicket>;

/** As much of the aggregate as a reference from one ticket to another needs. */
const anotherTicket = { name: 'ticket', initial: { status: 'NONE' } as Ticket };

const survivorOf = (customer: unknown) => (customer as Partial<RegisteredCustomer>).mergedInto;

/** The way that a merged ticket goes on, for the decision about one that was merged into it. */
const onward = Object.fromEntries(
  steps.map((step): [string, Reference<Ticket, Ticket>] => [
    step,
    {
      aggregate: anotherTicket,
      id: ({ mergedTicketId }: Absorbing, merged, { read }) => stepOf(step, merged, read, mergedTicketId),
    },
  ]),
) as Record<keyof Way, Reference<Ticket, Ticket>>;

/** In the order in which they are read: each may name its stream by those before it. */
export const references: { readonly [K in keyof References]: Reference<Ticket, References[K]> } = {
  customer: {
    aggregate: customer,
    id: (opening: Opening, ticket) => (ticket.status === 'NONE' ? opening.customerId : ticket.customerId),
  },
  profile: {
    aggregate: serviceProfile,
    id: (opening: Opening, ticket) => (ticket.status === 'NONE' ? opening.customerId : undefined),
  },
  policy: {
    aggregate: slaPolicy,
    id: (opening: Opening, ticket, { tenant }) =>
      ticket.status === 'NONE' ? (opening.policyId ?? defaultPolicyId(tenant)) : undefined,
  },
  calendar: {
    aggregate: workingCalendar,
    id: (_: Opening, ticket, { tenant, read }) =>
      ticket.status === 'NONE' ? ((read.policy as SlaPolicy).calendarId ?? defaultCalendarId(tenant)) : undefined,
  },
  team: { aggregate: team, id: ({ teamId }: Opening) => teamId },
  order: { aggregate: order, id: ({ orderId }: Opening) => orderId },
  buyer: { aggregate: customer, id: ownerIn('order') },
  followed: { aggregate: anotherTicket, id: ({ follows }: Opening) => follows },
  followedCustomer: { aggregate: customer, id: ownerIn('followed') },
  whole: { aggregate: anotherTicket, id: ({ splitFrom }: Opening) => splitFrom },
  wholeCustomer: { aggregate: customer, id: ownerIn('whole') },
  ...kinOf<Ticket>((opening, ticket, read) => (ticket.status === 'NONE' ? broughtBy(opening, read) : undefined)),
  other: { aggregate: anotherTicket, id: ({ intoTicketId }: Merging) => intoTicketId },
  otherCustomer: { aggregate: customer, id: (_: Merging, __, { read }) => (read.other as Partial<OpenedTicket>).customerId },
  survivor: {
    aggregate: customer,
    id: ({ intoTicketId }: Merging, _, { read }) => (intoTicketId === undefined ? undefined : survivorOf(read.customer)),
  },
  otherSurvivor: { aggregate: customer, id: (_: Merging, __, { read }) => survivorOf(read.otherCustomer) },
  ...onward,
};
