import { Problem } from '../problem.js';
import type { Caller } from '../requests.js';
import type { ViewPlan } from './plan.js';

/** Beside the roles that a view names, those whose work is to read everything. */
const READ_EVERYTHING = ['analyst', 'auditor'] as const;

/** Throws Problem 403. Who is bound to a customer reads what the role `customer` may, whatever else its token says; nobody else does by that role. */
export function authorise({ view }: ViewPlan, { roles, customerId }: Caller): void {
  if (customerId !== undefined) {
    if (view.roles.includes('customer')) return;
    throw new Problem(403, 'forbidden', `The view ${view.name} is not for customers; /v1/views lists those that are.`);
  }
  for (const role of view.roles) if (role !== 'customer' && roles.has(role)) return;
  for (const role of READ_EVERYTHING) if (roles.has(role)) return;
  const allowed = [...new Set([...view.roles.filter((role) => role !== 'customer'), ...READ_EVERYTHING])];
  throw new Problem(
    403,
    'forbidden',
    `Reading the view ${view.name} needs one of the roles ${allowed.join(', ')}; ask for a token that has one.`,
  );
}
