import { refuse } from '#kernel';
import { type Customer, type RegisteredCustomer, registered } from './customer-state.js';

const MOST_CONTACTS = 500;

/**
 * The customer, if it is shown under its own id. What a customer has many of may be added to a merged one;
 * what it has one of would be hidden there by the survivor's.
 */
export function standing(customer: Customer): RegisteredCustomer {
  const present = registered(customer);
  if (present.mergedInto !== undefined)
    refuse('customer-merged', `This customer is merged into ${present.mergedInto}; change that one, or unmerge this one first.`);
  return present;
}

export function mustBeUnregistered({ status }: Customer): void {
  if (status !== 'NONE')
    refuse(
      'customer-exists',
      'This customer was registered before; send another customerId for another one. A retry takes the same Idempotency-Key.',
      'customerId',
    );
}

export function mustHaveRoomFor(contactId: string, { contacts }: RegisteredCustomer): void {
  if (contacts.includes(contactId))
    refuse(
      'contact-exists',
      'This contact was added before; send another contactId for another one. A retry takes the same Idempotency-Key.',
      'contactId',
    );
  if (contacts.length >= MOST_CONTACTS)
    refuse(
      'too-many-contacts',
      `A customer has at most ${MOST_CONTACTS} contacts; register a part of it as another customer, and add the contact there.`,
    );
}

/** Under whom another customer may be shown. */
export function mustBeSurvivor(survivorId: string, survivor: Customer, customerId: string): void {
  if (survivorId === customerId)
    refuse('merge-with-itself', 'A customer cannot be merged into itself; send another survivorId.', 'survivorId');
  if (survivor.status === 'NONE')
    refuse(
      'survivor-unknown',
      `There is no customer ${survivorId}; check survivorId, or register the customer first.`,
      'survivorId',
    );
  if (survivor.status === 'ERASED')
    refuse('survivor-erased', `The customer ${survivorId} is erased; send the survivorId of one that is not.`, 'survivorId');
  if (survivor.mergedInto !== undefined)
    refuse(
      'survivor-merged',
      `The customer ${survivorId} is itself merged into ${survivor.mergedInto}; merge into that one, or unmerge it first.`,
      'survivorId',
    );
}
