import type { ProblemAnswer } from '../../../libs/client/problems.js';

/** What the process ends with; part of the documented interface. */
export const exitCodes = { ok: 0, refused: 1, usage: 2, unreachable: 3, partial: 4 } as const;

export type { ProblemAnswer };

/** Ends the command with an exit code and a message for the reader. */
export class Failure extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
    readonly problem?: ProblemAnswer,
  ) {
    super(message);
  }
}

export const usage = (message: string): Failure => new Failure(exitCodes.usage, message);

/** The server answered no. */
export class Refusal extends Failure {
  constructor(
    readonly status: number,
    readonly answer: ProblemAnswer,
  ) {
    super(exitCodes.refused, describe(answer), answer);
  }
}

export class Unreachable extends Failure {
  constructor(url: string, cause: unknown) {
    super(exitCodes.unreachable, `No Annals server answers at ${url} (${reasonOf(cause)}). Start one with: annals start`);
  }
}

const usageCodes: Readonly<Record<number, string>> = {
  [exitCodes.usage]: 'usage',
  [exitCodes.unreachable]: 'server-unreachable',
};

/** What failed before or beside a server, in the shape of its problems: there is a code, and no status. */
export const problemOfFailure = (exitCode: number, detail: string): Pick<ProblemAnswer, 'type' | 'detail'> => ({
  type: `/problems/${usageCodes[exitCode] ?? 'failed'}`,
  detail,
});

/** The last part of a problem's type: its stable code. */
export const codeOf = ({ type }: ProblemAnswer): string => type.split('/').at(-1) ?? type;

/** In words, with the field that all of it is about in front; what the detail says already is not said again below it. */
export function describe(problem: ProblemAnswer): string {
  const { detail = '', errors = [] } = problem;
  const about = errors.find(({ message }) => message === detail);
  const further = errors.filter(({ message }) => !detail.includes(message));
  const fields = further.map(({ field, message }) => `\n  ${field}: ${message}`).join('');
  const said = problem.detail ?? problem.title ?? 'Refused';
  return `${about ? `${about.field}: ` : ''}${said} (${codeOf(problem)}, ${problem.status})${fields}`;
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
