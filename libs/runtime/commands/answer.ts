import { derivedId } from '#kernel';
import type { StoredFact } from '../ports.js';
import type { RegisteredCommand } from '../registry.js';
import type { CommandAnswer } from '../requests.js';
import type { Stream } from './streams.js';

interface Done {
  readonly outcome: CommandAnswer['outcome'];
  readonly commandId: string;
  /** After the command. */
  readonly stream: Stream;
  /** What the command recorded, the first time that it came. */
  readonly recorded: readonly StoredFact[];
  /** Where the log begins: the position of a stream that does not exist. */
  readonly start: string;
}

/** What the sender of a command is told, the same for each repetition. */
export function answerOf({ options }: RegisteredCommand, { outcome, commandId, stream, recorded, start }: Done): CommandAnswer {
  const { name, revision, position = start } = stream;
  const [first] = recorded;
  const process = options.continues !== undefined && first ? derivedId('process', options.continues, first.id) : undefined;
  return {
    outcome,
    commandId,
    id: name.slice(name.indexOf('.') + 1),
    stream: name,
    revision,
    position,
    facts: recorded.map(({ type }) => type),
    ...(process === undefined ? {} : { process }),
  };
}
