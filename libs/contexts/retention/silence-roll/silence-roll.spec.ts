import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { customerId } from '../relationship/relationship.samples.js';
import { CustomerEnrolled, RollCalled } from './events.js';
import { rollIds, rollOf, silenceRoll } from './silence-roll.js';

const rollId = rollOf(customerId);
const enrolled = CustomerEnrolled({ rollId, customerId });

describe('ANA-02 the roll of customers', () => {
  it('has each once', () => {
    given(silenceRoll, {}).when('EnrolCustomer', { rollId, customerId }).then(enrolled);
    given(silenceRoll, {}, enrolled).when('EnrolCustomer', { rollId, customerId }).changesNothing();
  });
  it('is called in parts', () => {
    const ids = Array.from({ length: 250 }, (_, number) => derivedId('customer', String(number)));
    const all = ids.map((id) => CustomerEnrolled({ rollId, customerId: id }));
    given(silenceRoll, {}, ...all)
      .when('CallRoll', { rollId })
      .then(...[0, 100, 200].map((from) => RollCalled({ rollId, customerIds: ids.slice(from, from + 100) })));
    given(silenceRoll, {}).when('CallRoll', { rollId }).changesNothing();
  });
  it('is one of many, each with about as many customers', () => {
    const rolls = Array.from({ length: 6_400 }, (_, number) => rollOf(derivedId('customer', String(number))));
    expect(new Set(rolls)).toEqual(new Set(rollIds));
    for (const id of rollIds) expect(rolls.filter((roll) => roll === id).length).toBeLessThan(200);
  });
});
