import type { AnyAggregate } from './aggregate.js';
import type { AnyProcess } from './process.js';
import type { AnyView } from './view.js';

/** A bounded context: a list of its three kinds of things. */
export interface Context {
  readonly name: string;
  readonly description: string;
  readonly aggregates?: readonly AnyAggregate[];
  readonly views?: readonly AnyView[];
  readonly processes?: readonly AnyProcess[];
}

export const context = (definition: Context): Context => definition;
