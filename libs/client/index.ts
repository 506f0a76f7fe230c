export * from './answers.js';
export { AnnalsClient, type ClientOptions } from './client.js';
export * from './generated/commands.js';
export * from './generated/problem-codes.js';
export * from './generated/views.js';
export {
  AnnalsError,
  AnnalsRefusal,
  AnnalsUnavailable,
  type AnyProblemCode,
  DryRunIgnored,
  type ProblemAnswer,
} from './problems.js';
export type { GroupOptions, ListOptions, TimeOptions, View } from './queries.js';
export type { Retry } from './transport.js';
