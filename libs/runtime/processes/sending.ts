import type { CommandPipeline } from '../commands/pipeline.js';
import { UnknownFact } from '../envelope.js';
import { Problem } from '../problem.js';

export type Outcome = { readonly stream: string } | { readonly refused: string };

/** A refusal is an outcome; what may still succeed (503, 429, in flight) is thrown and tried again later. */
export async function send(pipeline: CommandPipeline, request: Parameters<CommandPipeline['perform']>[0]): Promise<Outcome> {
  try {
    const { stream } = await pipeline.perform(request);
    return { stream };
  } catch (error) {
    if (error instanceof Problem && error.status < 500 && error.options.retryAfter === undefined) return { refused: error.code };
    throw error;
  }
}

/** What comes from the language, or from our own assertions, and not from an engine: those have classes of their own. */
const BUGS: ReadonlySet<string> = new Set(['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'URIError']);

/** True for what trying again may mend; false for a bug or a fact that this server does not know: no waiting helps. */
export function passes(error: unknown): boolean {
  if (error instanceof Problem)
    return error.code !== 'newer-log' && (error.status >= 500 || error.options.retryAfter !== undefined);
  if (error instanceof UnknownFact || typeof error !== 'object' || error === null) return false;
  // An error of the system (no connection, no space) is of the plain class too, but has a code.
  return !BUGS.has(error.constructor.name) || (error.constructor.name === 'Error' && 'code' in error);
}
