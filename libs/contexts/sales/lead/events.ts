import { Type } from 'typebox';
import { Choice, Currency, fact, Id, MinorUnits, MomentField, personal, Text } from '#kernel';
import { disqualificationReasons, leadSources } from './words.js';

const leadId = Id('the lead');
const personId = Id('the person who is the lead; becomes the contact of the customer when the lead is converted');
const name = personal('personId', 'contact', Text('name of the person', 200));
const email = Type.Optional(personal('personId', 'contact', Text('e-mail address', 320)));
const phone = Type.Optional(personal('personId', 'contact', Text('telephone number', 40)));
const companyName = Type.Optional(
  personal('personId', 'contact', Text('name of the company, where the lead speaks for one', 200)),
);
const campaign = Type.Optional(Text('code of the campaign that brought the lead', 100));

export const LeadCreated = fact('LeadCreated', 'Somebody showed interest; nobody has been asked to look after it yet.', {
  leadId,
  personId,
  name,
  email,
  phone,
  notes: Type.Optional(personal('personId', 'contact', Text('what was said', 2000))),
  companyName,
  source: Choice(leadSources, 'where the lead came from'),
  campaign,
  customerId: Type.Optional(Id('the customer, where an existing one shows a new interest')),
});

export const LeadAssigned = fact('LeadAssigned', 'A sales agent looks after the lead from now on.', {
  leadId,
  ownerId: Id('the sales agent'),
  previousOwnerId: Type.Optional(Id('the sales agent who looked after it before')),
});

export const LeadQualified = fact('LeadQualified', 'The lead was found worth working on; work on it has begun.', { leadId });

export const LeadDisqualified = fact('LeadDisqualified', 'The lead is dead: it will not become business.', {
  leadId,
  personId,
  reason: Choice(disqualificationReasons, 'why'),
  notes: Type.Optional(personal('personId', 'contact', Text('why, in words', 2000))),
});

export const LeadRecycled = fact(
  'LeadRecycled',
  'The lead is put back to be taken up again later, by whoever it is assigned to then.',
  { leadId },
);

export const LeadConversionStarted = fact(
  'LeadConversionStarted',
  'It was decided that the lead becomes a customer with a contact and an opportunity; names all of them before any of them is made.',
  {
    leadId,
    personId,
    customerId: Id('the customer: an existing one, or the one to be registered'),
    registersCustomer: Type.Boolean({ description: 'whether the customer is to be registered; false: it exists' }),
    contactId: Id('the contact to be added; the same id as the person'),
    opportunityId: Id('the opportunity to be opened'),
    name,
    email,
    phone,
    companyName,
    campaign,
    ownerId: Type.Optional(Id('the sales agent who will own the opportunity')),
    productId: Type.Optional(Id('the product the opportunity is about')),
    pipelineId: Type.Optional(Id('the pipeline the opportunity goes through; left out: the default one')),
    amount: MinorUnits('amount of the opportunity'),
    currency: Currency(),
    expectedClose: Type.Optional(MomentField('when the opportunity is expected to close')),
  },
);

export const LeadConverted = fact(
  'LeadConverted',
  'The lead has become a customer, a contact and an opportunity; all three exist.',
  {
    leadId,
    customerId: Id('the customer'),
    contactId: Id('the contact'),
    opportunityId: Id('the opportunity'),
  },
);

export const LeadErased = fact(
  'LeadErased',
  'The person behind the lead was forgotten: the keys of their personal fields are destroyed.',
  { leadId, persons: Type.Array(Id('a person'), { description: 'whose keys are destroyed' }) },
  { erases: 'persons' },
);
