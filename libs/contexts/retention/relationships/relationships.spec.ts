import { describe, expect, it } from '@jest/globals';
import type { Fact } from '#kernel';
import { carried, givenView, recorded } from '#kernel/testing';
import * as facts from '../relationship/events.js';
import {
  began,
  bought,
  churned,
  contractId,
  customerId,
  day,
  ended,
  now,
  ordered,
  otherId,
  segment,
  silent,
  started,
  takenBack,
  terms,
} from '../relationship/relationship.samples.js';
import { relationships } from './relationships.view.js';

const on = (days: number, fact: Fact) => recorded(fact, { occurredAt: day(days) });
const shown = (...history: readonly ReturnType<typeof on>[]) => givenView(relationships).facts(...history);

describe('ANA-02 a relationship', () => {
  it('has the contracts, and the kind of the one that runs', () =>
    shown(on(0, began()), on(0, started()), on(5, started({ contractId: otherId, kind: 'Trial', endsAt: day(20) }))).then(
      customerId,
      {
        status: 'ACTIVE',
        bond: 'CONTRACT',
        segment,
        since: now,
        runningContracts: 2,
        contractKind: 'Trial',
        contracts: [
          { contractId, ...terms, status: 'RUNNING', startedAt: now },
          { contractId: otherId, ...terms, kind: 'Trial', status: 'ENDING', startedAt: day(5), endsAt: day(20) },
        ],
      },
    ));
  it('has changed terms', () =>
    shown(
      on(0, began()),
      on(0, started()),
      on(
        9,
        facts.ContractChanged({ customerId, contractId, ...terms, price: 40_00, previousPrice: 50_00, previousCurrency: 'EUR' }),
      ),
    ).then(customerId, { contracts: [{ contractId, ...terms, price: 40_00, status: 'RUNNING', startedAt: now }] }));
  it('is lost with its last contract, and keeps the kind of it', () =>
    shown(on(0, began()), on(0, started()), on(40, ended(day(40), 40)), on(40, churned(day(40), 40))).then(customerId, {
      status: 'CHURNED',
      churnedAt: day(40),
      churnedBy: 'CONTRACT',
      reason: 'PRICE',
      churns: 1,
      runningContracts: 0,
      contractKind: 'One year',
    }));
  it('that was won back is no longer lost, and counts both', () => {
    const back = facts.CustomerWonBack({ customerId, bond: 'PURCHASES', segment, churnedAt: day(40), days: 10 });
    const document = shown(
      on(0, began()),
      on(0, started()),
      on(40, ended(day(40), 40)),
      on(40, churned(day(40), 40)),
      on(50, bought(day(140))),
      on(50, back),
    ).document(customerId);
    expect(document).toMatchObject({
      status: 'ACTIVE',
      bond: 'PURCHASES',
      since: day(50),
      churns: 1,
      wonBack: 1,
      silentAt: day(140),
    });
    expect(document).not.toHaveProperty('churnedAt');
  });
  it('that was won back is in the segment in which the customer came back', () => {
    const back = { customerId, bond: 'PURCHASES', churnedAt: day(40), days: 10 } as const;
    const lost = [on(0, began()), on(0, started()), on(40, ended(day(40), 40)), on(40, churned(day(40), 40))] as const;
    shown(...lost, on(50, facts.CustomerWonBack({ ...back, segment: 'wholesale' }))).then(customerId, { segment: 'wholesale' });
    expect(shown(...lost, on(50, facts.CustomerWonBack(back))).document(customerId)).not.toHaveProperty('segment');
  });
});

describe('MKT-20 a customer at risk', () => {
  const noticed = facts.ContractNoticeGiven({ customerId, contractId, endsAt: day(90), reason: 'PRICE' });
  it('is one whose contracts all have an end', () =>
    shown(on(0, began()), on(0, started()), on(9, noticed)).then(customerId, { endsAt: day(90) }));
  it('is none who has another contract', () =>
    expect(
      shown(on(0, began()), on(0, started()), on(0, started({ contractId: otherId })), on(9, noticed)).document(customerId),
    ).not.toHaveProperty('endsAt'));
  it('is none whose contract goes on', () =>
    expect(
      shown(
        on(0, began()),
        on(0, started()),
        on(9, noticed),
        on(10, facts.ContractContinued({ customerId, contractId })),
      ).document(customerId),
    ).not.toHaveProperty('endsAt'));
  it('is one who will have been silent for too long', () =>
    shown(
      on(0, began('PURCHASES')),
      on(0, bought(day(90))),
      on(1, facts.SilenceWatched({ customerId, silentAt: day(120) })),
    ).then(customerId, {
      silentAt: day(120),
    }));
  it('is watched with those who are shown under it, whose purchases it does not count (CID-04)', () => {
    const member = { customerId, memberId: otherId, sign: 'PURCHASE', at: day(60) } as const;
    const history = [
      on(0, began('PURCHASES')),
      on(0, bought(day(90))),
      on(60, facts.MemberHeardOf({ ...member, lastSignAt: day(60), silentAt: day(150) })),
    ];
    shown(...history).then(customerId, { purchases: 1, lastSignAt: now, silentAt: day(150) });
    const bound = facts.MemberHeardOf({ ...member, sign: 'CONTRACT', at: day(70), lastSignAt: day(60), bound: true });
    expect(shown(...history, on(70, bound)).document(customerId)).not.toHaveProperty('silentAt');
  });
  it('by silence is none with a contract', () =>
    expect(
      shown(
        on(0, began('PURCHASES')),
        on(0, bought(day(90))),
        on(5, started()),
        on(5, facts.RelationshipBound({ customerId, segment })),
      ).document(customerId),
    ).not.toHaveProperty('silentAt'));
});

describe('SAL-26 recency and frequency', () => {
  it('are the last purchase and the number of them, with the money of each currency', () =>
    shown(
      on(0, began('PURCHASES')),
      on(0, bought(day(90))),
      on(17, facts.PurchaseRecorded({ customerId, purchaseId: otherId, amount: 5_00, currency: 'USD' })),
      on(30, bought(day(120))),
    ).then(customerId, {
      purchases: 3,
      firstPurchaseAt: now,
      lastPurchaseAt: day(30),
      daysOfPurchases: 30,
      lastSignAt: day(30),
      silentAt: day(120),
      spent: [
        { currency: 'EUR', amount: 60_00 },
        { currency: 'USD', amount: 5_00 },
      ],
    }));
  it('count orders, and one that is learnt of late in its place', () =>
    shown(on(0, began('PURCHASES')), on(20, bought(day(110))), on(20, ordered(day(-3), day(110)))).then(customerId, {
      purchases: 2,
      firstPurchaseAt: day(-3),
      lastPurchaseAt: day(20),
      silentAt: day(110),
    }));
  it('have the money of orders too, and lose what came to nothing', () => {
    const order = facts.SignOfLifeNoted({ ...ordered(day(30), day(120)).data, amount: 30_00, currency: 'EUR' });
    const back = {
      amount: 30_00,
      currency: 'EUR',
      firstPurchaseAt: now,
      lastPurchaseAt: now,
      lastSignAt: now,
      silentAt: day(90),
    };
    const history = [on(0, began('PURCHASES')), on(0, bought(day(90))), on(30, order)];
    shown(...history).then(customerId, { purchases: 2, spent: [{ currency: 'EUR', amount: 60_00 }], lastPurchaseAt: day(30) });
    shown(...history, on(31, takenBack({ ...back, at: day(30) }))).then(customerId, {
      purchases: 1,
      firstPurchaseAt: now,
      lastPurchaseAt: now,
      daysOfPurchases: 0,
      lastSignAt: now,
      silentAt: day(90),
      spent: [{ currency: 'EUR', amount: 30_00 }],
    });
    const alone = shown(
      on(0, began('PURCHASES')),
      on(0, order),
      on(1, takenBack({ amount: 30_00, currency: 'EUR', at: day(30) })),
    );
    alone.then(customerId, { purchases: 0, daysOfPurchases: 0, spent: [] });
    for (const field of ['firstPurchaseAt', 'lastPurchaseAt', 'lastSignAt', 'silentAt'])
      expect(alone.document(customerId)).not.toHaveProperty(field);
  });
  it('have the days between the purchases that are left when an order came to nothing', () =>
    shown(
      on(0, began('PURCHASES')),
      on(0, bought(day(90))),
      on(20, bought(day(110))),
      on(30, ordered(day(30), day(120))),
      on(31, takenBack({ at: day(30), firstPurchaseAt: now, lastPurchaseAt: day(20), lastSignAt: day(20), silentAt: day(110) })),
    ).then(customerId, { purchases: 2, firstPurchaseAt: now, lastPurchaseAt: day(20), daysOfPurchases: 20 }));
  it('do not count interactions', () =>
    shown(
      on(0, began('PURCHASES')),
      on(0, bought(day(90))),
      on(9, facts.SignOfLifeNoted({ customerId, sign: 'INTERACTION', signId: otherId, at: day(9), silentAt: day(99) })),
    ).then(customerId, { purchases: 1, lastPurchaseAt: now, lastSignAt: day(9), silentAt: day(99) }));
});

describe('ANA-03 a lost customer', () => {
  it('has the reason that was learnt, with the last purchase', () =>
    shown(
      on(0, began('PURCHASES')),
      on(0, bought(day(90))),
      on(90, silent(day(90), 90)),
      on(99, facts.ChurnReasonLearnt({ customerId, reason: 'BETTER_ELSEWHERE', notes: carried('said so by phone') })),
    ).then(customerId, {
      status: 'CHURNED',
      churnedBy: 'PURCHASES',
      reason: 'BETTER_ELSEWHERE',
      notes: carried('said so by phone'),
      lastPurchaseAt: now,
    }));
});
