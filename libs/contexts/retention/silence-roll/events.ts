import { Type } from 'typebox';
import { fact, Id } from '#kernel';

const rollId = Id('the roll');

export const CustomerEnrolled = fact(
  'CustomerEnrolled',
  'A customer is on the roll of those who are reviewed when silence is defined.',
  { rollId, customerId: Id('the customer') },
  { visibility: 'internal' },
);

export const RollCalled = fact(
  'RollCalled',
  'Silence was defined, and these customers are to be reviewed.',
  { rollId, customerIds: Type.Array(Id('a customer'), { minItems: 1, description: 'some customers of the roll' }) },
  { visibility: 'internal' },
);
