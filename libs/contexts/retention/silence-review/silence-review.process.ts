import { process, send } from '#kernel';
import { ReviewRelationship } from '../relationship/commands.js';
import { RelationshipBegan } from '../relationship/events.js';
import { SilenceDefined } from '../silence/events.js';
import { CallRoll, EnrolCustomer } from '../silence-roll/commands.js';
import { RollCalled } from '../silence-roll/events.js';
import { rollIds, rollOf } from '../silence-roll/silence-roll.js';

/** Who bought before anybody defined silence has no timer; the definition has all customers reviewed, imported ones too. */
export const silenceReview = process({
  name: 'silence-review',
  description: 'Has every customer reviewed when silence is defined, also those who bought before that.',
  capabilities: ['ANA-02'],
  startsFrom: 'zero',
  facts: { RelationshipBegan, SilenceDefined, RollCalled },
  react: {
    RelationshipBegan: ({ data: { customerId } }) => [
      send(EnrolCustomer, { rollId: rollOf(customerId), customerId }, { alsoImported: true }),
    ],
    SilenceDefined: () => rollIds.map((rollId) => send(CallRoll, { rollId })),
    RollCalled: ({ data: { customerIds } }) =>
      customerIds.map((customerId) => send(ReviewRelationship, { customerId }, { optional: true })),
  },
});
