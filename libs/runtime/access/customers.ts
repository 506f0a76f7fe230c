import type { Role } from '#kernel';
import { Problem } from '../problem.js';

/** A token is bound to a customer if and only if it has the role `customer`, and then it has no other role. Throws Problem 422. */
export function refuseUnbound(roles: readonly Role[], customerId: string | undefined): void {
  const isOfCustomer = roles.includes('customer');
  if (isOfCustomer && customerId === undefined)
    throw new Problem(422, 'customer-needed', 'A token with the role customer is bound to one: name its id in customer.');
  if (customerId !== undefined && !(isOfCustomer && roles.length === 1))
    throw new Problem(
      422,
      'customer-alone',
      'A token that is bound to a customer has the role customer and no other one; issue a token for each.',
    );
}
