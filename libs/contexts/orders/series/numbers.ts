/** The number that a series gives as people read it: `INV-2026-000001`. */
export const numberOf = (series: string, year: number, count: number): string =>
  `${series}-${year}-${String(count).padStart(6, '0')}`;

const given = /^[A-Z][A-Z0-9]{0,9}-\d{4}-(\d{6}|[1-9]\d{6,})$/;

/** Whether some series gives this number, has given it or will; compared as claims are, whatever the case and the spaces around it. */
export const isOfASeries = (number: string): boolean => given.test(number.trim().toUpperCase());
