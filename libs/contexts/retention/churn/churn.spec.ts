import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { derivedId, type Recorded } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import * as facts from '../relationship/events.js';
import { began, churned, customerId, segment, silent } from '../relationship/relationship.samples.js';
import { churn } from './churn.view.js';

const on = (occurredAt: string) => ({ occurredAt: `${occurredAt}T09:00:00.000Z` });
const at = (date: string) => on(date).occurredAt;
const back = (bond: 'CONTRACT' | 'PURCHASES', churnedAt: string) =>
  facts.CustomerWonBack({ customerId, bond, segment, churnedAt, days: 10 });
const begin = (date: string, bond: 'CONTRACT' | 'PURCHASES' = 'CONTRACT') => recorded(began(bond, at(date)), on(date));

describe('ANA-02 the churn of a month', () => {
  it('is what was lost of those who could be lost: at its start, and those who came in it', () =>
    givenView(churn)
      .facts(
        begin('2025-12-03'),
        begin('2025-12-30'),
        begin('2026-01-10'),
        recorded(churned(at('2026-01-20'), 10), on('2026-01-20')),
      )
      .then('CONTRACT', {
        active: 2,
        churned: 1,
        months: [
          { month: '2025-12', atStart: 0, began: 2, wonBack: 0, bound: 0, atRisk: 2, churned: 0, rate: 0 },
          { month: '2026-01', atStart: 2, began: 1, wonBack: 0, bound: 0, atRisk: 3, churned: 1, rate: 33.33 },
        ],
      }));
  it('is shown for months in which nothing happened, too', () =>
    givenView(churn)
      .facts(begin('2025-11-03'), recorded(churned(at('2026-02-20'), 10), on('2026-02-20')))
      .then('CONTRACT', {
        months: [
          { month: '2025-11', atStart: 0, began: 1, wonBack: 0, bound: 0, atRisk: 1, churned: 0, rate: 0 },
          { month: '2025-12', atStart: 1, began: 0, wonBack: 0, bound: 0, atRisk: 1, churned: 0, rate: 0 },
          { month: '2026-01', atStart: 1, began: 0, wonBack: 0, bound: 0, atRisk: 1, churned: 0, rate: 0 },
          { month: '2026-02', atStart: 1, began: 0, wonBack: 0, bound: 0, atRisk: 1, churned: 1, rate: 100 },
        ],
      }));
  it('is that of the day when the silence had lasted too long, whenever it was noticed', () =>
    givenView(churn)
      .facts(begin('2026-01-05', 'PURCHASES'), recorded(silent(at('2026-01-31'), 26), on('2026-03-01')))
      .then('PURCHASES', {
        months: [{ month: '2026-01', atStart: 0, began: 1, wonBack: 0, bound: 0, atRisk: 1, churned: 1, rate: 100 }],
      }));
  it('is told apart by what held the customer', () => {
    const { documents } = givenView(churn).facts(
      begin('2026-01-05', 'PURCHASES'),
      begin('2026-01-05'),
      recorded(silent(at('2026-01-31'), 26), on('2026-01-31')),
    );
    expect(documents.get('PURCHASES')).toMatchObject({ bond: 'PURCHASES', scope: 'ALL', churned: 1 });
    expect(documents.get('CONTRACT')).toMatchObject({ bond: 'CONTRACT', scope: 'ALL', churned: 0 });
  });
  it('is told apart by segment', () => {
    const { documents } = givenView(churn).facts(
      begin('2026-01-05'),
      recorded(facts.RelationshipBegan({ customerId, bond: 'CONTRACT', since: at('2026-01-05') }), on('2026-01-05')),
      recorded(churned(at('2026-01-31'), 26), on('2026-01-31')),
    );
    expect(documents.get('CONTRACT:retail')).toMatchObject({ scope: 'SEGMENT', segment: 'retail', active: 0, churned: 1 });
    expect(documents.get('CONTRACT:')).toMatchObject({ scope: 'SEGMENT', active: 1, churned: 0 });
    expect(documents.get('CONTRACT:')).not.toHaveProperty('segment');
  });
  it('has who is won back at risk again', () =>
    givenView(churn)
      .facts(
        begin('2026-01-05'),
        recorded(churned(at('2026-01-31'), 26), on('2026-01-31')),
        recorded(back('CONTRACT', at('2026-01-31')), on('2026-02-10')),
      )
      .then('CONTRACT', {
        active: 1,
        months: [
          { month: '2026-01', atStart: 0, began: 1, wonBack: 0, bound: 0, atRisk: 1, churned: 1, rate: 100 },
          { month: '2026-02', atStart: 0, began: 0, wonBack: 1, bound: 0, atRisk: 1, churned: 0, rate: 0 },
        ],
      }));
  it('has a purchaser who gets a contract at risk by it from then on', () => {
    const { documents } = givenView(churn).facts(
      begin('2026-01-05', 'PURCHASES'),
      recorded(facts.RelationshipBound({ customerId, segment }), on('2026-02-10')),
    );
    expect(documents.get('PURCHASES')).toMatchObject({ active: 0, months: [{ atRisk: 1 }, { atStart: 1, bound: 1, atRisk: 1 }] });
    expect(documents.get('CONTRACT')).toMatchObject({ active: 1, months: [{ atStart: 0, bound: 1, atRisk: 1 }] });
  });
  it('has a purchaser who got a contract among its customers, and no more among those who only buy, in the months after', () => {
    const { documents } = givenView(churn).facts(
      begin('2026-01-05', 'PURCHASES'),
      recorded(facts.RelationshipBound({ customerId, segment }), on('2026-02-10')),
      begin('2026-03-10', 'PURCHASES'),
      recorded(churned(at('2026-03-20'), 10), on('2026-03-20')),
    );
    expect(documents.get('PURCHASES')?.months.at(-1)).toMatchObject({ month: '2026-03', atStart: 0, atRisk: 1 });
    expect(documents.get('CONTRACT')?.months.at(-1)).toMatchObject({ month: '2026-03', atStart: 1, churned: 1, rate: 100 });
  });

  it('does not depend on the order in which the facts of different customers were recorded', () => {
    const life = (index: number): Recorded[] => {
      const month = (number: number) => `2026-${String(number).padStart(2, '0')}-11`;
      const id = derivedId('customer', String(index));
      const first = recorded(
        facts.RelationshipBegan({ customerId: id, bond: 'CONTRACT', segment, since: at(month(1 + (index % 3))) }),
      );
      const last = recorded(churned(at(month(4 + (index % 5))), 30, { customerId: id }));
      return index % 2 === 0 ? [first] : [first, last];
    };
    const expected = givenView(churn).facts(...Array.from({ length: 12 }, (_, index) => life(index)).flat()).documents;
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(12).keys()], { minLength: 12 }), (order) => {
        expect(givenView(churn).facts(...order.flatMap(life)).documents).toEqual(expected);
      }),
    );
  });
});
