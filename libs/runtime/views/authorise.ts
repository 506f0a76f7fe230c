import { Problem } from '../problem.js';
import type { Caller } from '../requests.js';
import type { ViewPlan } from './plan.js';

/** Beside the roles that a view names, those whose work is to read everything. */
const READ_EVERYTHING = ['analyst', 'auditor'] as const;

/** Throws Problem 403. */
export function authorise({ view }: ViewPlan, { roles }: Caller): void {
  for (const role of view.roles) if (roles.has(role)) return;
  for (const role of READ_EVERYTHING) if (roles.has(role)) return;
  const allowed = [...new Set([...view.roles, ...READ_EVERYTHING])];
  throw new Problem(403, 'forbidden', `Reading the view ${view.name} needs one of the roles ${allowed.join(', ')}.`);
}
