import { describe, it } from '@jest/globals';
import { given } from '#kernel/testing';
import { order } from '../order/order.js';
import { buyer, confirmed, customerId, erased, invoiced, nobody, noLimit, orderId, placed } from '../order/order.samples.js';
import { CommitmentNoted, CreditLimitSet, creditAccount, ReceivableNoted } from './credit-account.js';

const limit = { customerId, limit: 500_00, currency: 'EUR' };
const ordered = (...facts: Parameters<typeof given>[2][]) => ({
  customer: buyer,
  order: given(order, noLimit, ...facts).state,
});
const committed = CommitmentNoted({ customerId, orderId, currency: 'EUR', toInvoice: 350_00 });

describe('a credit limit (ORD-01)', () => {
  it('is set, once for the same amount and currency', () => {
    const set = given(creditAccount, ordered(), CreditLimitSet(limit));
    given(creditAccount, ordered()).when('SetCreditLimit', limit).then(CreditLimitSet(limit));
    set.when('SetCreditLimit', limit).changesNothing();
    set.when('SetCreditLimit', { ...limit, currency: 'USD' }).then(CreditLimitSet({ ...limit, currency: 'USD' }));
    set.when('SetCreditLimit', { ...limit, limit: 0 }).then(CreditLimitSet({ ...limit, limit: 0 }));
  });
  it('is of a customer who is there', () => {
    given(creditAccount, { ...ordered(), customer: nobody })
      .when('SetCreditLimit', limit)
      .isRefused('customer-unknown', 'customerId');
    given(creditAccount, { ...ordered(), customer: erased })
      .when('SetCreditLimit', limit)
      .isRefused('customer-erased', 'customerId');
  });
});

describe('what a customer owes (ORD-01)', () => {
  const note = { customerId, currency: 'EUR', orderId };

  it('is what was invoiced and not paid, in each currency', () =>
    given(creditAccount, ordered(), ReceivableNoted({ customerId, currency: 'EUR', change: 350_00, open: 350_00 }))
      .when('NoteReceivable', { customerId, currency: 'EUR', change: -100_00 })
      .then(ReceivableNoted({ customerId, currency: 'EUR', change: -100_00, open: 250_00 })));
  it('will be what is confirmed, until it is invoiced', () => {
    given(creditAccount, ordered(placed)).when('NoteCommitment', note).changesNothing();
    given(creditAccount, ordered(placed, confirmed)).when('NoteCommitment', note).then(committed);
    given(creditAccount, ordered(placed, confirmed), committed).when('NoteCommitment', note).changesNothing();
    given(creditAccount, ordered(placed, confirmed, invoiced()), committed)
      .when('NoteReceivable', { ...note, change: 350_00 })
      .then(
        ReceivableNoted({ customerId, currency: 'EUR', change: 350_00, open: 350_00 }),
        CommitmentNoted({ customerId, orderId, currency: 'EUR', toInvoice: 0 }),
      );
  });
  it('knows nothing of an order that is not there', () =>
    given(creditAccount, ordered()).when('NoteCommitment', note).changesNothing());
});
