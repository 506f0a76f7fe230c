import type { AnyFactType } from '#kernel';
import { ClaimLapsed } from './claim-lapsed.js';
import { NothingChanged } from './nothing-changed.js';

/** Facts that streams of every aggregate may hold, for the sake of the pipeline: what they belong to does not change by them. */
export const onAnyStream: ReadonlyMap<string, AnyFactType> = new Map(
  [ClaimLapsed, NothingChanged].map((type) => [type.type, type]),
);
