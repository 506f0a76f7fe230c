/** The number that a series gives as people read it: `INV-2026-000001`. */
export const numberOf = (series: string, year: number, count: number): string =>
  `${series}-${year}-${String(count).padStart(6, '0')}`;

export interface SeriesNumber {
  readonly series: string;
  readonly year: number;
  readonly count: number;
}

const given = /^([A-Z][A-Z0-9]{0,9})-(\d{4})-(\d{6}|[1-9]\d{6,14})$/;

/**
 * The series that gives this number, has given it or will; undefined where none does. Compared as claims are, whatever the case and the
 * spaces around it.
 */
export function seriesNumberIn(number: string): SeriesNumber | undefined {
  const [, series, year, count] = given.exec(number.trim().toUpperCase()) ?? [];
  return series === undefined ? undefined : { series, year: Number(year), count: Number(count) };
}
