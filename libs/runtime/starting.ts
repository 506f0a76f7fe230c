import type { Log } from './ports.js';

/** What a start waits for, in this order. */
export type WaitsFor = 'log' | 'keys' | 'state' | 'views' | 'erasures' | 'processes';

/** What a start is at, and which part of the log that step has read: from 0 to 1, undefined where it reads none of it. */
export interface StartStep {
  readonly waitsFor: WaitsFor;
  readonly share?: number;
}

export type OnStep = (step: StartStep) => void;

/** Which part of a log lies before a position, from 0 to 1: of facts, or of bytes where its positions do not count facts. */
export function shareOf({ start }: Pick<Log, 'start'>, position: string, head: string): number {
  const whole = numberOf(head) - numberOf(start);
  if (whole <= 0) return 1;
  return Math.min(1, Math.max(0, (numberOf(position) - numberOf(start)) / whole));
}

const numberOf = (position: string) => Number(position.slice(position.indexOf('.') + 1));
