import { Type } from 'typebox';
import { Choice, Count, Currency, fact, Id, MinorUnits, MomentField, personal, Text } from '#kernel';

/** Why opportunities are lost. `OTHER` needs notes. */
export const lossReasons = ['PRICE', 'COMPETITOR', 'NO_BUDGET', 'NO_DECISION', 'NO_FIT', 'TIMING', 'OTHER'] as const;
export type LossReason = (typeof lossReasons)[number];

const opportunityId = Id('the opportunity');
const customerId = Type.Optional(Id('the customer, where one is known'));
const ownerId = Type.Optional(Id('the sales agent who owns it'));
const productId = Type.Optional(Id('the product it is about'));
const amount = MinorUnits('what it is expected to bring');
const expectedClose = Type.Optional(MomentField('when it is expected to close'));
const Phase = (description: string) => Text(description, 100);

/** What the pipeline definition said of the phase when it was decided; kept, so that nobody has to look it up later. */
const entered = {
  probability: Type.Integer({ minimum: 0, maximum: 100, description: 'chance of winning in that phase, in percent' }),
  stallsAt: Type.Optional(MomentField('when it counts as stalled if it is still in that phase; left out: never')),
};
const left = {
  from: Phase('the phase it left'),
  daysInPhase: Type.Number({ minimum: 0, description: 'days of 24 hours it was in the phase it left, to 1/100 day' }),
};

export const OpportunityOpened = fact('OpportunityOpened', 'There is a possibility of selling something.', {
  opportunityId,
  customerId,
  ownerId,
  productId,
  leadId: Type.Optional(Id('the lead it came from')),
  campaign: Type.Optional(Text('code of the campaign that brought the lead', 100)),
  pipelineId: Type.Optional(Id('the pipeline it goes through; left out: the default one')),
  amount,
  currency: Currency(),
  phase: Phase('the phase it starts in'),
  ...entered,
  expectedClose,
});

export const OpportunityAdvanced = fact('OpportunityAdvanced', 'It went on to a later phase.', {
  opportunityId,
  ...left,
  to: Phase('the phase it is in now'),
  ...entered,
});

export const OpportunityRegressed = fact('OpportunityRegressed', 'It went back to an earlier phase.', {
  opportunityId,
  ...left,
  to: Phase('the phase it is in now'),
  ...entered,
});

export const OpportunityWon = fact('OpportunityWon', 'The customer said yes.', {
  opportunityId,
  customerId,
  ownerId,
  productId,
  ...left,
  to: Phase('the closing phase it is in now'),
  amount: MinorUnits('what it brought'),
  currency: Currency(),
  cycleDays: Type.Number({ minimum: 0, description: 'days of 24 hours from its opening to now, to 1/100 day' }),
  wins: Count('how often it has been won, with this time: more than 1 if it was reopened in between'),
});

export const OpportunityLost = fact('OpportunityLost', 'It did not become business.', {
  opportunityId,
  customerId,
  ownerId,
  productId,
  ...left,
  to: Phase('the closing phase it is in now'),
  reason: Choice(lossReasons, 'why'),
  competitor: Type.Optional(Text('who got the business', 200)),
  subjectId: Id('whom the notes are about: the customer, or the opportunity itself where it has none'),
  notes: Type.Optional(personal('subjectId', 'contact', Text('why, in words', 2000))),
});

export const OpportunityNotesErased = fact(
  'OpportunityNotesErased',
  'What was said in words of an opportunity without a customer was forgotten: its key is destroyed.',
  { opportunityId, persons: Type.Array(Id('the opportunity'), { description: 'under whose keys the words were sealed' }) },
  { erases: 'persons' },
);

export const OpportunityReopened = fact(
  'OpportunityReopened',
  'A closed opportunity is open again, in the phase it was in before it was closed.',
  {
    opportunityId,
    ...left,
    to: Phase('the phase it is in now'),
    ...entered,
  },
);

export const OpportunityStalled = fact(
  'OpportunityStalled',
  'It stayed in its phase longer than the pipeline allows; said once for each stay.',
  {
    opportunityId,
    phase: Phase('the phase it is in'),
    stalledAt: MomentField('when the allowed time was over'),
    days: Type.Number({ minimum: 0, description: 'days of 24 hours that were allowed, to 1/100 day' }),
  },
  // A change of phase that is told later ends the stay, and so what is said of it.
  { yields: true },
);

export const OpportunityAssigned = fact('OpportunityAssigned', 'A sales agent owns it from now on.', {
  opportunityId,
  ownerId: Id('the sales agent'),
  previousOwnerId: Type.Optional(Id('the sales agent who owned it before')),
});

export const OpportunityCorrected = fact(
  'OpportunityCorrected',
  'What was recorded about it was wrong; the fact says what it is instead, for the fields that change.',
  { opportunityId, amount: Type.Optional(amount), expectedClose, productId },
  { correction: true },
);
