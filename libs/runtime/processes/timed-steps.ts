import { type AnyProcess, derivedId, type Imported, type Recorded, type Step, tenantOf } from '#kernel';
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
  /** Of the imported history that it follows from; `true` in timers of earlier servers. */
  readonly imported?: Imported | true;
}

export const timedStepOf = ({ json }: Timer): TimedStep => JSON.parse(json) as TimedStep;

/** What was due before the cut-over is imported history itself; what was due later is news. */
export const importedAt = ({ imported }: TimedStep, due: string): Imported | undefined =>
  imported !== undefined && imported !== true && due < imported.cutOver ? imported : undefined;

/** A timer before it is known whose clock it follows. */
export interface PlannedTimer {
  readonly tenant: string;
  /** Follows from imported history. */
  readonly imported: boolean;
  readonly timer: Timer;
}

export function timerOf(process: AnyProcess, trigger: Recorded, step: Step, index: number): PlannedTimer {
  const tenant = tenantOf(trigger.stream);
  const { imported } = trigger;
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
  return { tenant, imported: imported !== undefined, timer: { id, due: step.due as string, json: JSON.stringify(timed) } };
}
