import { addDays } from '#kernel';
import type { Customer } from '../../customers/contract.js';
import type { Silence } from '../silence/silence.js';
import type { HearOfMember } from './commands.js';
import { MemberHeardOf } from './events.js';
import { joining } from './joining.js';
import { overdue } from './leaving.js';
import { heardFrom, lastHeardAt, silentFrom, withMember } from './members.js';
import { returns, survivorOf } from './passed-on.js';
import { began, type Heard, type KnownRelationship, type Relationship } from './relationship-state.js';

interface Given {
  readonly customer: Customer;
  readonly memberCustomer: Customer;
  readonly member: Relationship;
}

/**
 * What keeps a customer, of one that is shown under it: as that one's stream says it by now, whatever the word was that came. Of one
 * that is shown by itself again nothing is left. A merge makes the survivor a customer where the other one is; it wins nobody back.
 */
export function hearing(
  { customerId, memberId, sign, at }: HearOfMember,
  before: Relationship,
  silence: Silence,
  { customer, memberCustomer, member }: Given,
) {
  if (customer.status !== 'REGISTERED') return [];
  const isMember = survivorOf(memberCustomer) === customerId;
  const heard = isMember ? heardFrom(member) : {};
  const { said, relationship } = overdue(before, silence, at);
  if (relationship.status === 'NONE' && !(isMember && member.status === 'ACTIVE')) return [];

  const isReturn = isMember && returns.has(sign) && relationship.status === 'CHURNED' && at >= (relationship.churnedAt ?? at);
  if (relationship.status !== 'NONE' && !isReturn && !isNews(relationship, { memberId, sign, at }, heard)) return [];

  const joined = { customerId, bond: 'PURCHASES', segment: customer.segment } as const;
  const then = relationship.status === 'NONE' ? began({ ...joined, since: at }) : relationship;
  const isKept = then.status === 'ACTIVE' || isReturn;
  const silentAt = isKept ? silentFrom(withMember(then, memberId, heard), silence) : undefined;
  const fact = MemberHeardOf({ customerId, memberId, sign, at, ...heard, silentAt });
  return [...said, ...(isKept ? joining(relationship, joined, at, fact) : [fact])];
}

/** Of contacts at most one a day is noted, and only where purchases hold the customer. */
function isNews(
  relationship: KnownRelationship,
  { memberId, sign, at }: Omit<HearOfMember, 'customerId'>,
  heard: Heard,
): boolean {
  const known = relationship.members?.[memberId];
  if (known?.lastSignAt === heard.lastSignAt && known?.bound === heard.bound) return false;
  if (sign !== 'CONTACT') return true;
  const { status, bond, since } = relationship;
  return status === 'ACTIVE' && bond === 'PURCHASES' && at >= addDays(lastHeardAt(relationship) ?? since, 1);
}
