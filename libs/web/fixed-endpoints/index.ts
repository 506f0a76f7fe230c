import type { Endpoint } from '../endpoint.js';
import { commandEndpoints } from './commands.js';
import { factEndpoints } from './facts.js';
import { historyEndpoints } from './history.js';
import { openEndpoints } from './open.js';
import { operationEndpoints } from './operations.js';

/** The routes that every system has. */
export const fixedEndpoints: readonly Endpoint[] = [
  ...commandEndpoints,
  ...factEndpoints,
  ...historyEndpoints,
  ...operationEndpoints,
  ...openEndpoints,
];
