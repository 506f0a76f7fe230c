import { Type } from 'typebox';
import { Choice, fact, Id, type KeptRetention, keptByLaw, MomentField, personal, Text } from '#kernel';

export const customerKinds = ['PERSON', 'ORGANISATION'] as const;
export const identifierKinds = ['EMAIL', 'PHONE', 'SOCIAL', 'EXTERNAL_ID'] as const;
export const preferenceSources = ['CUSTOMER', 'REPRESENTATIVE', 'OBSERVED'] as const;

const customerId = Id('the customer');
const contactId = Id('the contact: a person of its own, whom one can reach for this customer');
const reservationId = Id('the random id that stands for the value of the identifier');
const kind = Choice(identifierKinds, 'what the identifier is');

export const CustomerRegistered = fact('CustomerRegistered', 'A customer became known to the company.', {
  customerId,
  kind: Choice(customerKinds, 'a natural person or an organisation'),
  name: personal('customerId', 'contract', Text('name of the person or the organisation', 200)),
  language: Type.Optional(Text('language to address the customer in, a BCP 47 tag', 35)),
  segment: Type.Optional(Text('market segment, in the words of the company', 60)),
});

export const ContactAdded = fact('ContactAdded', 'Somebody whom one can reach for this customer became known.', {
  customerId,
  contactId,
  name: personal('contactId', 'contact', Text('name of the contact', 200)),
  email: Type.Optional(personal('contactId', 'contact', Text('e-mail address of the contact', 254))),
  phone: Type.Optional(personal('contactId', 'contact', Text('phone number of the contact', 40))),
  role: Type.Optional(Text('what the contact does for the customer, such as BUYER', 60)),
});

export const IdentifierLinked = fact('IdentifierLinked', 'An identifier was found to belong to this customer and to no other.', {
  customerId,
  reservationId,
  kind,
  value: personal('customerId', 'contact', Text('the identifier as it was given', 320)),
});

export const IdentifierUnlinked = fact(
  'IdentifierUnlinked',
  'An identifier no longer belongs to this customer; another one may have it.',
  {
    customerId,
    reservationId,
    kind,
  },
  { releases: 'reservationId' },
);

export const ShipmentPreferenceSet = fact(
  'ShipmentPreferenceSet',
  'How the customer wants deliveries; it takes the place of the one before.',
  {
    customerId,
    carrier: Type.Optional(Text('carrier, in the words of the company', 60)),
    window: Type.Optional(Text('time of day for deliveries at the address, HH:MM-HH:MM', 11)),
    address: Type.Optional(personal('customerId', 'contact', Text('delivery address as on a label, a line each', 500))),
  },
);

export const PreferenceRecorded = fact(
  'PreferenceRecorded',
  'A need or wish of the customer; it takes the place of the one of the same key.',
  {
    customerId,
    key: Text('what it is about, lower case words with dashes', 60),
    value: personal('customerId', 'contact', Text('what the customer wants', 500)),
    source: Choice(preferenceSources, 'the customer said so, a representative noted it, or behaviour showed it'),
  },
);

export const OwnerAssigned = fact('OwnerAssigned', 'A customer without an owner got one.', {
  customerId,
  ownerId: Id('the employee who owns the customer'),
});

export const OwnershipTransferred = fact('OwnershipTransferred', 'Another employee owns the customer now.', {
  customerId,
  from: Id('the employee who owned the customer'),
  to: Id('the employee who owns the customer now'),
});

export const CustomersMerged = fact('CustomersMerged', 'This customer is the same as another one and is shown under it.', {
  customerId,
  survivorId: Id('the customer under whom both are shown'),
});

export const CustomersUnmerged = fact('CustomersUnmerged', 'This customer turned out not to be the one it was merged with.', {
  customerId,
  survivorId: Id('the customer under whom both were shown'),
});

export const MergeAccepted = fact(
  'MergeAccepted',
  'Another customer is shown under this one, and is erased with it.',
  { customerId, mergedId: Id('the customer that was merged away') },
  { visibility: 'internal' },
);

export const MergeEnded = fact(
  'MergeEnded',
  'Another customer is no longer shown under this one.',
  { customerId, mergedId: Id('the customer that was merged away before') },
  { visibility: 'internal' },
);

const retention = Choice(Object.keys(keptByLaw) as KeptRetention[], 'class of the personal fields that a law keeps');
const until = MomentField('until when the law keeps them; then their key is destroyed');
const Kept = Type.Optional(
  Type.Array(Type.Object({ retention, until }, { additionalProperties: false }), {
    description: 'personal fields of the customer that a law keeps, and until when; their keys are not destroyed yet',
  }),
);

export const RetentionNoted = fact(
  'RetentionNoted',
  'A law keeps personal fields of this customer until later than was known.',
  {
    customerId,
    retention,
    until,
    afterErasure: Type.Optional(Type.Boolean({ description: 'the customer had been erased before this was known' })),
  },
  { visibility: 'internal' },
);

export const RetentionEnded = fact(
  'RetentionEnded',
  'The law keeps these personal fields of an erased customer no longer; their key was destroyed.',
  {
    customerId,
    retention,
    persons: Type.Array(Id('the customer'), { description: 'whose keys were destroyed' }),
    kept: Kept,
  },
  { erases: 'persons', ends: 'retention' },
);

export const CustomerErased = fact(
  'CustomerErased',
  'The personal data of this customer and its contacts were destroyed; counts and sums stay.',
  {
    customerId,
    persons: Type.Array(Id('a person whose keys were destroyed'), { description: 'the customer and all its contacts' }),
    merged: Type.Optional(Type.Array(Id('a customer'), { description: 'those shown under it, who are erased with it' })),
    survivorId: Type.Optional(Id('the customer under whom it was shown')),
    kept: Kept,
    ended: Type.Optional(
      Type.Array(retention, { description: 'classes that a law had kept until before; their keys were destroyed too' }),
    ),
  },
  { erases: 'persons', ends: 'ended' },
);
