import { IsISO4217CurrencyCode, IsNotIn } from 'class-validator';

/** Codes of ISO 4217 that stand for no money: no currency is involved, and a code for tests. */
const NO_MONEY = ['XXX', 'XTS'];

/** A currency in which something can be priced or paid. */
export const IsCurrency = (): PropertyDecorator => (target, name) => {
  IsISO4217CurrencyCode()(target, name);
  IsNotIn(NO_MONEY)(target, name);
};
