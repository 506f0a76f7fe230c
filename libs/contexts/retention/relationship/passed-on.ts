import { addDays, type FactOf, type Moment } from '#kernel';
import type { Customer } from '../../customers/contract.js';
import type { MemberSign } from '../words.js';
import { SignOfLifePassedOn } from './events.js';
import type { facts } from './relationship-evolve.js';
import type { Relationship } from './relationship-state.js';

type RelationshipFact = FactOf<typeof facts>;
type PassedOn = readonly [sign: MemberSign, at: Moment];

/** The customer under whom this one is shown. */
export const survivorOf = (customer: Customer): string | undefined =>
  customer.status === 'REGISTERED' ? customer.mergedInto : undefined;

/** What was decided and, of a customer that is shown under another one, word of it for that one. */
export function passedOn(
  decided: readonly RelationshipFact[],
  { customer, now }: { readonly customer: Customer; readonly now: Moment },
): readonly RelationshipFact[] {
  const signs = decided.flatMap((fact) => signsOf(fact, now));
  const sign = signs.find(([sign]) => returns.has(sign)) ?? signs[0];
  return sign === undefined ? decided : [...decided, ...toSurvivor(customer, sign)];
}

/** That a customer was in touch counts for the one under whom it is shown, also where it counts for nothing by itself; once a day. */
export function contactPassedOn(customer: Customer, { lastContactAt }: Relationship, at: Moment) {
  return lastContactAt === undefined || at >= addDays(lastContactAt, 1) ? toSurvivor(customer, ['CONTACT', at]) : [];
}

/** What makes somebody a customer, or one again. */
export const returns: ReadonlySet<MemberSign> = new Set<MemberSign>(['PURCHASE', 'CONTRACT']);

function toSurvivor(customer: Customer, [sign, at]: PassedOn) {
  const survivorId = survivorOf(customer);
  if (customer.status !== 'REGISTERED' || survivorId === undefined) return [];
  return [SignOfLifePassedOn({ customerId: customer.customerId, survivorId, sign, at })];
}

function signsOf(fact: RelationshipFact, now: Moment): readonly PassedOn[] {
  switch (fact.type) {
    case 'PurchaseRecorded':
      return [['PURCHASE', now]];
    case 'SignOfLifeNoted':
      return fact.data.sign === 'ORDER' ? [['PURCHASE', fact.data.at]] : [];
    case 'ContractStarted':
      return [['CONTRACT', now]];
    case 'MemberHeardOf':
      // It was in touch with those: its own contact it was not.
      return [[fact.data.sign === 'CONTACT' ? 'CHANGE' : fact.data.sign, fact.data.at]];
    case 'ContractEnded':
    case 'SignOfLifeTakenBack':
      return [['CHANGE', now]];
    default:
      return [];
  }
}
