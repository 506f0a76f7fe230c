import type { BatchAnswer, BatchLine, Client } from './client.js';
import { exitCodes, Failure, type ProblemAnswer, Refusal, Unreachable } from './problems.js';

/** What became of one command. */
export type Outcome = { readonly answer: NonNullable<BatchAnswer['answer']> } | { readonly problem: ProblemAnswer };

const AGAIN = new Set([429, 503]);
/** The answers 409 that pass: another command is about to take what this one wants, or is this very one. */
const IN_FLIGHT = /^\/problems\/[a-z-]*in-flight$/;

/**
 * Sends commands through `POST /v1/commands` until each has its answer: what the server was too busy for, and what a broken
 * connection left open, is sent again with the same key. Gives up after `patience` milliseconds without any progress.
 */
export class Sender {
  constructor(
    private readonly client: Pick<Client, 'batch'>,
    private readonly patience = 60_000,
  ) {}

  /** Outcomes by key. Throws `Unreachable` when patience ends, `Refusal` where the token may not send at all. */
  async send(lines: readonly BatchLine[], answered: (key: string) => void = () => {}): Promise<ReadonlyMap<string, Outcome>> {
    const outcomes = new Map<string, Outcome>();
    let open = lines;
    let deadline = Date.now() + this.patience;
    for (let pause = 100; open.length > 0; pause = Math.min(pause * 2, 5000)) {
      const before = outcomes.size;
      const busy = await this.#round(open, outcomes, answered);
      open = open.filter(({ key }) => !outcomes.has(key));
      if (outcomes.size > before) {
        deadline = Date.now() + this.patience;
        pause = 100;
      }
      if (open.length === 0) break;
      if (Date.now() + pause > deadline)
        throw busy instanceof Failure
          ? busy
          : new Failure(exitCodes.unreachable, 'The server is too busy; run the same command again.');
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return outcomes;
  }

  /** One request. Its answers go into `outcomes`; what stays open has no entry. */
  async #round(lines: readonly BatchLine[], outcomes: Map<string, Outcome>, answered: (key: string) => void): Promise<unknown> {
    try {
      for await (const { key, line, status, answer, problem } of this.client.batch(lines)) {
        const known = key ?? lines[line - 1]?.key;
        if (known === undefined || AGAIN.has(status) || IN_FLIGHT.test(problem?.type ?? '')) continue;
        if (problem && (status === 401 || status === 403)) throw new Refusal(status, problem);
        if (answer) outcomes.set(known, { answer });
        else outcomes.set(known, { problem: problem ?? { type: 'about:blank', status } });
        answered(known);
      }
      return undefined;
    } catch (error) {
      if (error instanceof Unreachable) return error;
      if (error instanceof Refusal && AGAIN.has(error.status)) return error;
      throw error;
    }
  }
}
