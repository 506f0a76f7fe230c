import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, Min } from 'class-validator';
import { Type } from 'typebox';
import { aggregate, Command, Count, derivedId, Field, fact, Id, refuse, Text } from '#kernel';
import { numberOf } from './numbers.js';

export const numberedKinds = ['INVOICE', 'CREDIT_NOTE'] as const;

/** The stream of a series in one year; each tenant has its own. */
export const seriesIdOf = (series: string, year: number): string => derivedId('series', series, String(year));

const which = {
  seriesId: Id('the series in one year'),
  series: Text('the series', 20),
  year: Type.Integer({ minimum: 1, description: 'number of the calendar year in UTC; the count starts again with each' }),
};
const fields = {
  ...which,
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

export const SeriesContinued = fact(
  'SeriesContinued',
  'The first numbers of a series were given elsewhere, before this system gave any; it goes on behind them.',
  { ...which, elsewhere: Count('number of those that were given elsewhere') },
);

@Command({
  route: 'POST /series/continue',
  roles: ['orders'],
  summary: 'Say up to which number a series was given elsewhere, before this system gives one of that year.',
  capabilities: ['ORD-04', 'CID-12'],
})
export class ContinueSeries {
  @Field('the series in one year; it follows from the two, leave it out', {
    assigned: ({ series, year }: ContinueSeries) => seriesIdOf(series, year),
  })
  @IsOptional()
  @IsUUID()
  readonly seriesId!: string;

  @Field('the series', { example: 'INV' })
  @Matches(/^[A-Z][A-Z0-9]{0,9}$/, { message: '1 to 10 capitals and digits, a capital first' })
  readonly series!: string;

  @Field('calendar year in UTC', { unit: 'years', example: 2026 })
  @IsInt()
  @Min(1970)
  @Max(9999)
  readonly year!: number;

  @Field('count of the last number that was given elsewhere: 417 for INV-2026-000417', { example: 417 })
  @IsInt()
  @Min(1)
  @Max(999_999_999)
  readonly elsewhere!: number;
}

@Command({
  summary: 'Give the next number of a series to an invoice or a credit note that was issued.',
  capabilities: ['ORD-04'],
})
export class GiveNumber {
  @Field('the series in one year')
  @IsUUID()
  readonly seriesId!: string;

  @Field('the series', { example: 'INV' })
  @Matches(/^[A-Z][A-Z0-9]{0,9}$/, { message: '1 to 10 capitals and digits, a capital first' })
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

export interface Series {
  /** Count of the last number, wherever it was given. */
  readonly last: number;
  /** Up to which the numbers were given elsewhere; it never changes once one was given here. */
  readonly elsewhere: number;
}

/**
 * The numbers of a series, one after the other. A number comes to be only in the fact that gives it to something that was
 * issued before; so none is ever lost, whatever fails or is killed.
 */
export const series = aggregate<Series>()({
  name: 'series',
  description: 'A series of numbers without gaps, in one year: of invoices, or of credit notes.',
  id: 'seriesId',
  stateVersion: 2,
  commands: { ContinueSeries, GiveNumber },
  facts: { SeriesContinued, InvoiceNumbered, CreditNoteNumbered },
  initial: { last: 0, elsewhere: 0 },
  decide: {
    ContinueSeries: ({ seriesId, series, year, elsewhere }, before) => {
      if (seriesId !== seriesIdOf(series, year))
        refuse('series-unknown', 'This is not the id of that series in that year; leave it out.', 'seriesId');
      if (elsewhere === before.elsewhere) return [];
      if (before.last > before.elsewhere)
        refuse('series-begun', `This system gave numbers up to ${before.last} of it already; continue another series.`);
      if (elsewhere < before.elsewhere)
        refuse(
          'series-goes-back',
          `Invoices may have the numbers up to ${before.elsewhere} that were said to be given elsewhere; give no lower one.`,
          'elsewhere',
        );
      return SeriesContinued({ seriesId, series, year, elsewhere });
    },
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
    SeriesContinued: (_, { elsewhere }) => ({ last: elsewhere, elsewhere }),
    InvoiceNumbered: ({ elsewhere }, { count }) => ({ last: count, elsewhere }),
    CreditNoteNumbered: ({ elsewhere }, { count }) => ({ last: count, elsewhere }),
  },
});
