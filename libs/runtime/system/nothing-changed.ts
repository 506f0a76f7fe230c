import { fact, Text } from '#kernel';

/**
 * Any stream may hold this one: it remembers a command with a key that changed nothing, so that a retry is answered as before
 * even where the command would change something by then. It changes no state.
 */
export const NothingChanged = fact(
  'NothingChanged',
  'A command with an Idempotency-Key changed nothing, and was answered so.',
  { command: Text('the name of the command', 100) },
  { visibility: 'internal', yields: true },
);
