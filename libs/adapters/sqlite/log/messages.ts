/** What the log and its writing thread say to each other: flat arrays, cheap to copy between threads. */

export const FACT_FIELDS = 7;
/** id, type, schema version, occurred at, recorded at, data, metadata — of each fact, one after the other. */
export type FlatFacts = readonly (string | number)[];

export type AppendRequest = readonly [stream: string, expected: number, facts: FlatFacts];
export type AppendAnswer =
  | readonly [outcome: 'appended', revision: number, position: number]
  /** The same ids are there already, at these places. */
  | readonly [outcome: 'known', revision: number, position: number]
  | readonly [outcome: 'conflict', actual: number];

export interface LogWorkerData {
  readonly file: string;
  readonly maxBytes: number | undefined;
}

/** All threads of the process that have this log open hear of the new head on it. */
export const channelOf = (file: string): string => `annals.log ${file}`;
