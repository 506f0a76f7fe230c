import { aggregate, derivedId } from '#kernel';
import { CallRoll, EnrolCustomer } from './commands.js';
import { CustomerEnrolled, RollCalled } from './events.js';

const ROLLS = 64;
/** So many are reviewed by one run of the process. */
const CALLED_AT_ONCE = 100;

/** All who ever became customers, on many rolls, so that no stream has all of them. */
export const rollIds: readonly string[] = Array.from({ length: ROLLS }, (_, number) => derivedId('silence-roll', String(number)));

export const rollOf = (customerId: string): string =>
  rollIds[Number.parseInt(customerId.slice(0, 8), 16) % ROLLS] ?? (rollIds[0] as string);

/** The customers of one roll, in the order in which they came. */
export const silenceRoll = aggregate<readonly string[]>()({
  name: 'silenceRoll',
  description: 'Customers who are to be reviewed when silence is defined, also those who bought before.',
  id: 'rollId',
  commands: { EnrolCustomer, CallRoll },
  facts: { CustomerEnrolled, RollCalled },
  initial: [],
  decide: {
    EnrolCustomer: ({ rollId, customerId }, customers) =>
      customers.includes(customerId) ? [] : CustomerEnrolled({ rollId, customerId }),
    CallRoll: ({ rollId }, customers) =>
      Array.from({ length: Math.ceil(customers.length / CALLED_AT_ONCE) }, (_, part) =>
        RollCalled({ rollId, customerIds: customers.slice(part * CALLED_AT_ONCE, (part + 1) * CALLED_AT_ONCE) }),
      ),
  },
  evolve: {
    CustomerEnrolled: (customers, { customerId }) => [...customers, customerId],
    RollCalled: (customers) => customers,
  },
});
