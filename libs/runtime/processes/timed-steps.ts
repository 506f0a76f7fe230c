import { type AnyProcess, derivedId, parseStream, type Recorded, type Step } from '#kernel';
import type { Timer } from '../ports.js';

/** What a timer carries: enough to send its command once, whenever that is. */
export interface TimedStep {
  readonly process: string;
  readonly tenant: string;
  readonly command: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly index: number;
  readonly trigger: string;
  readonly correlationId: string;
  /** Follows from imported history. */
  readonly imported?: true;
}

export const timedStepOf = ({ json }: Timer): TimedStep => JSON.parse(json) as TimedStep;

export function timerOf(process: AnyProcess, trigger: Recorded, step: Step, index: number): Timer {
  const { tenant } = parseStream(trigger.stream);
  const timed: TimedStep = {
    process: process.name,
    tenant,
    command: step.command.name,
    payload: step.payload,
    index,
    trigger: trigger.id,
    correlationId: trigger.correlationId,
    ...(trigger.imported && { imported: true }),
  };
  return {
    id: derivedId('timer', process.name, trigger.id, String(index)),
    due: step.due as string,
    json: JSON.stringify(timed),
  };
}
