import { IsIn, IsInt, IsString, IsUUID, Matches, Min } from 'class-validator';
import { Type } from 'typebox';
import { aggregate, Command, derivedId, Field, fact, Id, Text } from '#kernel';
import { numberOf } from './numbers.js';

export const numberedKinds = ['INVOICE', 'CREDIT_NOTE'] as const;

const fields = {
  seriesId: Id('the series in one year'),
  series: Text('the series', 20),
  year: Type.Integer({ minimum: 1, description: 'number of the calendar year in UTC; the count starts again with each' }),
  count: Type.Integer({ minimum: 1, description: 'count in the series and year, from 1, without gaps' }),
  orderId: Id('the order'),
  invoiceId: Id('the invoice'),
};

export const InvoiceNumbered = fact('InvoiceNumbered', 'An invoice got the next number of its series.', {
  ...fields,
  invoiceNumber: Text('the number as people read it: series, year, count', 64),
});

export const CreditNoteNumbered = fact('CreditNoteNumbered', 'A credit note got the next number of its series.', {
  ...fields,
  creditId: Id('the credit note'),
  returnId: Type.Optional(Id('the return whose goods are credited')),
  creditNumber: Text('the number as people read it: series, year, count', 64),
});

@Command({
  summary: 'Give the next number of a series to an invoice or a credit note that was issued.',
  capabilities: ['ORD-04'],
})
export class GiveNumber {
  @Field('the series in one year')
  @IsUUID()
  readonly seriesId!: string;

  @Field('the series', { example: 'INV' })
  @Matches(/^[A-Z][A-Z0-9]{0,9}$/)
  readonly series!: string;

  @Field('calendar year in UTC', { unit: 'years', example: 2026 })
  @IsInt()
  @Min(1970)
  readonly year!: number;

  @Field('what gets the number')
  @IsIn(numberedKinds)
  readonly kind!: (typeof numberedKinds)[number];

  @Field('the order')
  @IsString()
  readonly orderId!: string;

  @Field('the invoice, or the one that is credited')
  @IsString()
  readonly invoiceId!: string;

  @Field('the credit note, where it gets the number')
  readonly creditId?: string;

  @Field('the return whose goods the credit note is for')
  readonly returnId?: string;
}

/** The stream of a series in one year; each tenant has its own. */
export const seriesIdOf = (series: string, year: number): string => derivedId('series', series, String(year));

/**
 * The numbers of a series, one after the other. A number comes to be only in the fact that gives it to something that was
 * issued before; so none is ever lost, whatever fails or is killed.
 */
export const series = aggregate<{ readonly last: number }>()({
  name: 'series',
  description: 'A series of numbers without gaps, in one year: of invoices, or of credit notes.',
  id: 'seriesId',
  commands: { GiveNumber },
  facts: { InvoiceNumbered, CreditNoteNumbered },
  initial: { last: 0 },
  decide: {
    GiveNumber: ({ seriesId, series, year, kind, orderId, invoiceId, creditId, returnId }, { last }) => {
      const count = last + 1;
      const text = numberOf(series, year, count);
      const given = { seriesId, series, year, count, orderId, invoiceId };
      return kind === 'INVOICE' || creditId === undefined
        ? InvoiceNumbered({ ...given, invoiceNumber: text })
        : CreditNoteNumbered({ ...given, creditId, returnId, creditNumber: text });
    },
  },
  evolve: {
    InvoiceNumbered: (_, { count }) => ({ last: count }),
    CreditNoteNumbered: (_, { count }) => ({ last: count }),
  },
});
