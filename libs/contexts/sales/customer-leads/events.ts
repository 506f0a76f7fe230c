import { Type } from 'typebox';
import { fact, Id } from '#kernel';

const customerId = Id('the customer');

export const LeadNoted = fact(
  'LeadNoted',
  'A lead is one of this customer, and is erased with it.',
  { customerId, leadId: Id('the lead') },
  { visibility: 'internal' },
);

export const LeadsForgotten = fact(
  'LeadsForgotten',
  'This customer was erased, and these of its leads are to be.',
  { customerId, leads: Type.Array(Id('a lead'), { description: 'those that are not erased yet' }) },
  { visibility: 'internal' },
);
