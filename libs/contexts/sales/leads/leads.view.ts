import { type Static, Type } from 'typebox';
import { Choice, Id, type Moment, MomentField, personal, Text, view } from '#kernel';
import {
  LeadAssigned,
  LeadConversionStarted,
  LeadConverted,
  LeadCreated,
  LeadDisqualified,
  LeadErased,
  LeadQualified,
  LeadRecycled,
} from '../lead/events.js';
import { disqualificationReasons, type LeadCategory, type LeadStatus, leadCategories, leadSources } from '../lead/words.js';

const statuses = Object.keys(leadCategories) as LeadStatus[];
const categories = [...new Set(Object.values(leadCategories))] as LeadCategory[];

const document = Type.Object({
  leadId: Id('the lead'),
  personId: Id('the person who is the lead'),
  name: Type.Optional(personal('personId', 'contact', Text('name of the person', 200))),
  email: Type.Optional(personal('personId', 'contact', Text('e-mail address', 320))),
  phone: Type.Optional(personal('personId', 'contact', Text('telephone number', 40))),
  companyName: Type.Optional(personal('personId', 'contact', Text('name of the company, where the lead speaks for one', 200))),
  status: Choice(statuses, 'where the lead stands'),
  category: Choice(categories, 'what that means on a board: open, ongoing, on hold, won or lost'),
  source: Choice(leadSources, 'where the lead came from'),
  campaign: Type.Optional(Text('code of the campaign that brought it', 100)),
  ownerId: Type.Optional(Id('the sales agent who looks after it')),
  createdAt: MomentField('when the lead was created; its age counts from here'),
  statusSince: MomentField('since when it has its status'),
  converting: Type.Boolean({ description: 'whether a conversion was started that is not complete yet' }),
  customerId: Type.Optional(Id('the customer: an existing one with a new interest, or the one it became')),
  contactId: Type.Optional(Id('the contact it became')),
  opportunityId: Type.Optional(Id('the opportunity it became')),
  reason: Type.Optional(Choice(disqualificationReasons, 'of a dead lead: why')),
  erased: Type.Boolean({ description: 'whether the personal fields were erased at the request of the person' }),
});
export type LeadEntry = Static<typeof document>;

export const leads = view({
  name: 'leads',
  description: 'The board of leads: one entry for each, by status, source, owner and age.',
  version: 2,
  capabilities: ['SAL-02', 'SAL-04'],
  roles: ['sales', 'analyst', 'auditor'],
  document,
  facts: {
    LeadCreated,
    LeadAssigned,
    LeadQualified,
    LeadDisqualified,
    LeadRecycled,
    LeadConversionStarted,
    LeadConverted,
    LeadErased,
  },
  key: ({ data }) => data.leadId,
  filters: [
    'leadId',
    'personId',
    'status',
    'category',
    'source',
    'campaign',
    'ownerId',
    'createdAt',
    'statusSince',
    'converting',
    'customerId',
    'contactId',
    'opportunityId',
    'reason',
    'erased',
  ],
  sort: '-createdAt',
  customer: 'customerId',

  initial: (leadId): LeadEntry => ({
    leadId,
    personId: '',
    status: 'NEW',
    category: 'OPEN',
    source: 'OTHER',
    createdAt: '',
    statusSince: '',
    converting: false,
    erased: false,
  }),

  apply: {
    LeadCreated: (entry, { data: { notes: _, ...created }, occurredAt }) =>
      inStatus({ ...entry, ...created, createdAt: occurredAt }, 'NEW', occurredAt),
    LeadAssigned: (entry, { data: { ownerId }, occurredAt }) =>
      inStatus({ ...entry, ownerId }, entry.status === 'IN_PROCESS' ? 'IN_PROCESS' : 'ASSIGNED', occurredAt),
    LeadQualified: (entry, { occurredAt }) => inStatus(entry, 'IN_PROCESS', occurredAt),
    LeadDisqualified: (entry, { data: { reason }, occurredAt }) => inStatus({ ...entry, reason }, 'DEAD', occurredAt),
    LeadRecycled: (entry, { occurredAt }) => inStatus(entry, 'RECYCLED', occurredAt),
    LeadConversionStarted: (entry) => ({ ...entry, converting: true }),
    LeadConverted: (entry, { data: { customerId, contactId, opportunityId }, occurredAt }) =>
      inStatus({ ...entry, converting: false, customerId, contactId, opportunityId }, 'CONVERTED', occurredAt),
    LeadErased: ({ name: _, email: __, phone: ___, companyName: ____, ...entry }, { occurredAt }) =>
      inStatus({ ...entry, converting: false, erased: true }, 'DEAD', occurredAt),
  },
});

const inStatus = (entry: LeadEntry, status: LeadStatus, at: Moment): LeadEntry => ({
  ...entry,
  status,
  category: leadCategories[status],
  statusSince: entry.status === status && entry.statusSince !== '' ? entry.statusSince : at,
});
