import { type AnyProcess, derivedId, type Recorded, type Step, tenantOf } from '#kernel';
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

/** A timer before it is known whose clock it follows. */
export interface PlannedTimer {
  readonly tenant: string;
  /** Follows from imported history. */
  readonly imported: boolean;
  readonly timer: Timer;
}

export function timerOf(process: AnyProcess, trigger: Recorded, step: Step, index: number): PlannedTimer {
  const tenant = tenantOf(trigger.stream);
  const imported = trigger.imported !== undefined;
  const timed: TimedStep = {
    process: process.name,
    tenant,
    command: step.command.name,
    payload: step.payload,
    index,
    trigger: trigger.id,
    correlationId: trigger.correlationId,
    ...(imported && { imported }),
  };
  const id = derivedId('timer', process.name, trigger.id, String(index));
  return { tenant, imported, timer: { id, due: step.due as string, json: JSON.stringify(timed) } };
}
