/** One line of the results. */
export interface Measure {
  readonly bench: string;
  readonly measure: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, measured in the same run. */
  readonly baseline?: { readonly name: string; readonly value: number };
  /** value / baseline, or as the target defines it. */
  readonly ratio?: number;
  readonly target?: { readonly text: string; readonly met: boolean };
  readonly note?: string;
}

export interface BenchOptions {
  /** Small enough for a check of every change. */
  readonly short: boolean;
  /** A folder for this run; removed at its end. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<readonly Measure[]>;

export const median = (values: readonly number[]): number => percentile(values, 50);

/** Nearest rank. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export const atLeast = (ratio: number, least: number): Measure['target'] => ({ text: `≥ ${least}`, met: ratio >= least });
export const atMost = (ratio: number, most: number, unit = ''): Measure['target'] => ({
  text: `≤ ${most}${unit}`,
  met: ratio <= most,
});
