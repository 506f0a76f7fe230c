import { ForeignPosition } from '#runtime/ports';

const DIGITS = 16;
const POSITION = /^([a-z0-9]{8})\.(\d{16})$/;

/** `<log id>.<16 digits>` */
export const positionText = (logId: string, number: number | string): string =>
  `${logId}.${String(number).padStart(DIGITS, '0')}`;

/** Throws ForeignPosition for one of another log or a malformed one. */
export function positionNumber(logId: string, position: string): number {
  const [, id, digits] = POSITION.exec(position) ?? [];
  if (digits === undefined) throw new ForeignPosition(`Not a position: ${position}`);
  if (id !== logId) throw new ForeignPosition(`${position} is a position of another log than ${logId}.`);
  return Number(digits);
}
