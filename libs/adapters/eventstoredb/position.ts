import { ForeignPosition } from '#runtime/ports';

/**
 * `<log id>.<16 digits>`: 13 digits of the byte offset that EventStoreDB gives, then 3 digits of the fact's id. A log that was
 * restored from a backup writes other facts at the same offsets; the last three digits tell 999 of 1,000 of them apart.
 */
const POSITION = /^([a-z0-9]{8})\.(\d{16})$/;
const CHECKS = 1_000;

/** Nine terabytes: the number of a position stays one that is exact in JavaScript. */
export const LARGEST_OFFSET = Math.floor(Number.MAX_SAFE_INTEGER / CHECKS) - 1;

export interface Place {
  readonly offset: number;
  readonly check: number;
}

export const START: Place = { offset: 0, check: 0 };

/** From the id of the fact there: ids are UUIDs, their last digits are as good as random. */
export const checkOf = (id: string): number => Number.parseInt(id.slice(-6), 16) % CHECKS;

export const placeOf = (offset: number, id: string): Place => ({ offset, check: checkOf(id) });

/** Throws RangeError beyond the largest offset. */
export function positionText(logId: string, { offset, check }: Place): string {
  if (offset > LARGEST_OFFSET) throw new RangeError(`The log is larger than ${LARGEST_OFFSET} bytes.`);
  return `${logId}.${String(offset * CHECKS + check).padStart(16, '0')}`;
}

/** Throws ForeignPosition for one of another log or a malformed one. */
export function parsePosition(logId: string, position: string): Place {
  const [, id, digits] = POSITION.exec(position) ?? [];
  if (digits === undefined) throw new ForeignPosition(`Not a position: ${position}`);
  if (id !== logId) throw new ForeignPosition(`${position} is a position of another log than ${logId}.`);
  const number = Number(digits);
  return { offset: Math.floor(number / CHECKS), check: number % CHECKS };
}
