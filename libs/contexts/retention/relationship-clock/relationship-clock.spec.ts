import { describe, it } from '@jest/globals';
import { at, type Fact, send } from '#kernel';
import { givenProcess, recorded } from '#kernel/testing';
import { CustomersUnmerged } from '../../customers/contract.js';
import { ReviewRelationship } from '../relationship/commands.js';
import * as facts from '../relationship/events.js';
import { acted, bought, contractId, customerId, day, now, ordered, started } from '../relationship/relationship.samples.js';
import { relationshipClock } from './relationship-clock.process.js';

const review = send(ReviewRelationship, { customerId });

describe('ANA-02, MKT-20 the clock of a relationship', () => {
  it.each<[string, Fact]>([
    ['the end of a term', started({ endsAt: day(90) })],
    ['the end that was announced', facts.ContractNoticeGiven({ customerId, contractId, endsAt: day(90), reason: 'PRICE' })],
    ['the end of a longer term', facts.ContractContinued({ customerId, contractId, endsAt: day(90) })],
    ['the end of a silence after a purchase', bought(day(90))],
    ['the end of a silence after an order', ordered(now, day(90))],
    ['the end of a silence that was defined anew', facts.SilenceWatched({ customerId, silentAt: day(90) })],
    [
      'the end of a silence of all who are shown under it',
      facts.MemberHeardOf({ customerId, memberId: contractId, sign: 'PURCHASE', at: now, lastSignAt: now, silentAt: day(90) }),
    ],
    ['the day when an action is judged', acted({ judgedAt: day(90) })],
  ])('has the customer reviewed at %s', (_, fact) =>
    givenProcess(relationshipClock)
      .when(recorded(fact))
      .sends(at(day(90), review)),
  );

  it('has a customer reviewed that is not shown under another one any more: its silence counts again', () =>
    givenProcess(relationshipClock)
      .when(recorded(CustomersUnmerged({ customerId, survivorId: contractId })))
      .sends(send(ReviewRelationship, { customerId }, { optional: true })));

  it.each<[string, Fact]>([
    ['a contract without a term', started()],
    ['a contract that goes on', facts.ContractContinued({ customerId, contractId })],
    ['a purchase where silence does not count', bought()],
  ])('is not set for %s', (_, fact) => givenProcess(relationshipClock).when(recorded(fact)).sendsNothing());
});
