import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { derivedId, type Fact } from '#kernel';
import { given } from '#kernel/testing';
import { buyer, customerId, orderId } from '../order/order.samples.js';
import { checkedCredit } from './credit.js';
import { CommitmentNoted, CreditLimitSet, creditAccount, ReceivableNoted } from './credit-account.js';

const currency = fc.constantFrom('EUR', 'USD', 'JPY');
const change = fc.record({ currency, change: fc.integer({ min: -500_00, max: 500_00 }).filter((amount) => amount !== 0) });
const commitment = fc.record({ currency, order: fc.nat({ max: 3 }), toInvoice: fc.nat({ max: 500_00 }) });

type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;
type Commitment = typeof commitment extends fc.Arbitrary<infer C> ? C : never;

/** An order has one currency. */
const idOf = ({ currency, order }: Commitment) => derivedId('credit', currency, String(order));
const committed = (one: Commitment) =>
  CommitmentNoted({ customerId, orderId: idOf(one), currency: one.currency, toInvoice: one.toInvoice });

describe('a credit account (ORD-01)', () => {
  it('never adds up money of different currencies', () =>
    fc.assert(
      fc.property(
        fc.array(change),
        fc.array(commitment),
        currency,
        fc.nat({ max: 1_000_00 }),
        (changes, commitments, of, limit) => {
          const account = (notes: readonly Change[], promised: readonly Commitment[]) => {
            const references = { customer: buyer, order: { exists: false } as const };
            let facts: readonly Fact[] = [CreditLimitSet({ customerId, limit, currency: of }), ...promised.map(committed)];
            for (const note of notes) {
              const { open } = given(creditAccount, references, ...facts).state;
              const noted = ReceivableNoted({ customerId, ...note, open: (open[note.currency] ?? 0) + note.change });
              given(creditAccount, references, ...facts)
                .when('NoteReceivable', { customerId, ...note })
                .then(noted);
              facts = [...facts, noted];
            }
            return given(creditAccount, references, ...facts).state;
          };
          const all = account(changes, commitments);
          for (const [name, open] of Object.entries(all.open))
            expect(open).toBe(changes.filter((note) => note.currency === name).reduce((sum, note) => sum + note.change, 0));
          const own = account(
            changes.filter((note) => note.currency === of),
            commitments.filter((one) => one.currency === of),
          );
          expect(checkedCredit(all, orderId, 350_00, of)).toEqual(checkedCredit(own, orderId, 350_00, of));
          for (const other of ['EUR', 'USD', 'JPY'].filter((name) => name !== of))
            expect(checkedCredit(all, orderId, 350_00, other)).toBeUndefined();
        },
      ),
      { numRuns: 100 },
    ));
});
