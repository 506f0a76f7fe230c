import type { DeadLetter, Inbox } from './inbox.js';

/** Remembers until the process ends: for tests, and for consumers that begin at zero each time. Nothing is undone when work throws. */
export function memoryInbox(): Inbox<undefined> {
  const revisions = new Map<string, number>();
  const positions = new Map<string, string>();
  const buried = new Map<string, DeadLetter>();
  const nameOf = (...parts: readonly (string | number)[]) => parts.join(' ');
  const lettersOf = (consumer: string, stream: string | undefined) =>
    [...buried]
      .filter(([name, letter]) => name.startsWith(`${consumer} `) && (stream === undefined || letter.stream === stream))
      .map(([, letter]) => letter)
      .sort((one, other) => (one.stream === other.stream ? one.revision - other.revision : one.stream < other.stream ? -1 : 1));

  return {
    transaction: (work) => work(undefined),
    look: async (_, consumer, stream) => ({
      revision: revisions.get(nameOf(consumer, stream)),
      waiting: lettersOf(consumer, stream).length > 0,
    }),
    advance: async (_, consumer, stream, revision) => void revisions.set(nameOf(consumer, stream), revision),
    position: async (_, consumer, source) => positions.get(nameOf(consumer, source)),
    moveTo: async (_, consumer, source, position) => void positions.set(nameOf(consumer, source), position),
    bury: async (_, consumer, letter) => void buried.set(nameOf(consumer, letter.stream, letter.revision), letter),
    letters: async (_, consumer, stream, limit) => lettersOf(consumer, stream).slice(0, limit),
    remove: async (_, consumer, stream, revision) => void buried.delete(nameOf(consumer, stream, revision)),
  };
}
