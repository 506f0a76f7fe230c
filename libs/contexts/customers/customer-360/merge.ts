import { mergedContracts, mergedRelationship } from './contracts.js';
import type { Customer360 } from './document.js';
import { mergedMemberships } from './memberships.js';
import { compare, inTime, latestOf, ofOpportunities, ofOrders, ofTickets } from './pieces.js';

/**
 * Shows several customers as one. What a customer has one of (name, owner, shipment preference, service tier, a preference of a key)
 * comes from the survivor or, where it has none, from the member that was registered first; what it has many of is brought
 * together; what is counted is added up. The order of the documents makes no difference, and one alone stays as it is.
 */
export function mergeCustomers(documents: readonly Customer360[], survivor: string): Customer360 {
  const members = [...documents].sort((one, other) => rank(one, survivor, other));
  const named = members.find(({ status }) => status !== 'UNKNOWN') ?? members[0];
  const owned = members.find(({ ownerId }) => ownerId !== undefined);
  const shipped = members.find(({ shipmentPreference }) => shipmentPreference !== undefined);
  const tiered = members.find(({ serviceTier }) => serviceTier !== undefined);
  if (!named) throw new Error('There is no customer to merge.');
  return {
    ...present({
      kind: named.kind,
      name: named.name,
      language: named.language,
      segment: named.segment,
      registeredAt: named.registeredAt,
      event: named.event,
      ownerId: owned?.ownerId,
      shipmentPreference: shipped?.shipmentPreference,
      serviceTier: tiered?.serviceTier,
    }),
    customerId: survivor,
    ...(named.kept && { kept: named.kept }),
    members: members.flatMap(({ members }) => members),
    status: named.status,
    owners: owned?.owners ?? [],
    contacts: inTime(
      members.flatMap(({ contacts }) => contacts),
      'contactId',
    ),
    identifiers: inTime(
      members.flatMap(({ identifiers }) => identifiers),
      'reservationId',
    ),
    preferences: firstOfEachKey(members.flatMap(({ preferences }) => preferences)),
    ...ofOpportunities(
      inTime(
        members.flatMap(({ opportunities }) => opportunities),
        'opportunityId',
      ),
    ),
    ...ofOrders(
      inTime(
        members.flatMap(({ orders }) => orders),
        'orderId',
      ),
    ),
    ...ofTickets(
      inTime(
        members.flatMap(({ tickets }) => tickets),
        'ticketId',
      ),
    ),
    ...mergedContracts(members),
    ...mergedRelationship(members),
    ...mergedMemberships(members),
    interactions: members.reduce((sum, { interactions }) => sum + interactions, 0),
    ...members.reduce(
      (latest, { lastInteraction }) => latestOf(latest.lastInteraction, lastInteraction),
      latestOf(undefined, undefined),
    ),
  };
}

function rank(one: Customer360, survivor: string, other: Customer360): number {
  if (one.customerId === survivor) return -1;
  if (other.customerId === survivor) return 1;
  return compare(one.registeredAt ?? '', other.registeredAt ?? '') || compare(one.customerId, other.customerId);
}

function firstOfEachKey(preferences: readonly Customer360['preferences'][number][]): Customer360['preferences'] {
  const first = new Map<string, Customer360['preferences'][number]>();
  for (const preference of preferences) if (!first.has(preference.key)) first.set(preference.key, preference);
  return [...first.values()].sort((one, other) => compare(one.key, other.key));
}

const present = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
