import { type Moment, refuse } from '#kernel';
import type { CorrectOpportunity } from './commands.js';

const correctable = ['amount', 'expectedClose', 'productId'] as const;
export type Correctable = (typeof correctable)[number];

interface Said {
  readonly openedAt: Moment;
  /** From when on holds what was said after the opening. */
  readonly saidAt: Readonly<Partial<Record<Correctable, Moment>>>;
}

/** A correction holds from its business time on: what was said since is not to be put right by what held before. */
export function mustBeSaidLast(right: Pick<CorrectOpportunity, Correctable>, { openedAt, saidAt }: Said, now: Moment): void {
  if (now < openedAt)
    refuse('before-opening', `This opportunity was not open before ${openedAt}; correct it from then on, or from later on.`);
  for (const field of correctable) {
    const { [field]: said = '' } = saidAt;
    if (right[field] !== undefined && now < said)
      refuse('said-later', `${field} was said anew at ${said}; correct it from then on, or from later on.`, field);
  }
}
