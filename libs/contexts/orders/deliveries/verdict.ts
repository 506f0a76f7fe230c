import { Type } from 'typebox';

/** `null`: no fact says. */
export type Verdict = boolean | null;

export const VerdictField = (description: string) => Type.Union([Type.Boolean(), Type.Null()], { description });

/** False where one is, true where all are, and otherwise not known. */
export const allOf = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes(false) ? false : verdicts.every((verdict) => verdict === true) ? true : null;
