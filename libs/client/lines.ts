import type { CommandLine, LineAnswer } from './answers.js';
import { AnnalsUnavailable, type ProblemAnswer } from './problems.js';
import { mayPass, pauseAfter } from './retry.js';
import { sleep, type Transport } from './transport.js';

/** Lines of one request. The next ones go out when all of these are answered for good, so that lines of one stream keep their order. */
const AT_A_TIME = 100;
/** Milliseconds that a server may take for a line: it may be held to a rate. */
const A_LINE = 1_000;

export interface LinesOptions {
  /** Milliseconds without any progress after which it is given up. */
  readonly patience: number;
  readonly signal?: AbortSignal;
}

/**
 * Sends the lines until each has an answer that is final, and gives those in the order of the lines. What the server was too busy for,
 * or did not come to, is sent again with the same key. Throws AnnalsRefusal where the token may not send at all, AnnalsUnavailable.
 */
export async function sendLines(
  transport: Transport,
  lines: readonly CommandLine[],
  { patience, signal }: LinesOptions,
): Promise<readonly LineAnswer[]> {
  const keyed = lines.map((line, index) => ({ number: index + 1, line: { ...line, key: line.key ?? crypto.randomUUID() } }));
  const answers: LineAnswer[] = [];
  for (let from = 0; from < keyed.length; from += AT_A_TIME) {
    let open = keyed.slice(from, from + AT_A_TIME);
    for (let began = Date.now(), attempt = 1; ; attempt++) {
      const { body } = await transport.send<readonly LineAnswer[]>({
        method: 'POST',
        path: '/v1/commands',
        lines: open.map(({ line }) => line),
        waits: open.length * A_LINE,
        ...(signal && { signal }),
      });
      let busy: ProblemAnswer | undefined;
      const left = new Set(open);
      for (const answer of body) {
        const sent = open[answer.line - 1];
        if (sent === undefined) continue;
        if (comesAgain(answer)) busy = answer.problem;
        else if (left.delete(sent)) answers.push({ ...answer, line: sent.number });
      }
      if (left.size === 0) break;
      if (left.size < open.length) {
        began = Date.now();
        attempt = 1;
      }
      open = [...left];
      const pause = pauseAfter(attempt, undefined, Math.random());
      if (Date.now() - began + pause > patience)
        throw new AnnalsUnavailable(
          `The server did not come to line ${open[0]?.number}; send the lines again.`,
          open[0]?.line.key,
          busy,
        );
      await sleep(pause, signal);
    }
  }
  return answers.sort((one, other) => one.line - other.line);
}

/** Another command is about to take what this one wants, or is this very one. */
const IN_FLIGHT = /^\/problems\/[a-z-]*in-flight$/;
const comesAgain = ({ status, problem }: LineAnswer) => mayPass(status, undefined) || IN_FLIGHT.test(problem?.type ?? '');
