import { addDays, type Moment, refuse } from '#kernel';
import type { Phase, PhaseKind } from '../pipeline-definition/events.js';
import { type PipelineDefinition, phaseNamed, phasesOf } from '../pipeline-definition/pipeline-definition.js';

/** The phase of the pipeline that `field` of a command names, of that kind; left out, the first of that kind. */
export function phaseOf(pipeline: PipelineDefinition, kind: PhaseKind, field: 'phase' | 'to', name?: string): Phase {
  if (name === undefined) return firstPhaseOf(pipeline, kind);
  const phase = phaseNamed(pipeline, name);
  const possible = phasesOf(pipeline, kind).map((one) => one.name);
  if (!phase)
    refuse('phase-unknown', `The pipeline ${pipeline.name} has no phase ${name}; send one of ${possible.join(', ')}.`, field);
  if (phase.kind !== kind)
    refuse('phase-of-other-kind', `${name} is ${phase.kind}; send a phase that is ${kind}: ${possible.join(', ')}.`, field);
  return phase;
}

export function firstPhaseOf(pipeline: PipelineDefinition, kind: PhaseKind): Phase {
  const [first] = phasesOf(pipeline, kind);
  if (!first) throw new Error(`The pipeline ${pipeline.name} has no phase that is ${kind}.`);
  return first;
}

/** The open phase of that name, behind the present one. */
export function phaseAfter(present: string, pipeline: PipelineDefinition, to: string): Phase {
  const phase = phaseOf(pipeline, 'OPEN', 'to', to);
  if (place(pipeline, to) <= place(pipeline, present))
    refuse('phase-not-ahead', `${to} does not come after ${present}; send a later phase, or regress the opportunity.`, 'to');
  return phase;
}

/** The open phase of that name, before the present one. */
export function phaseBefore(present: string, pipeline: PipelineDefinition, to: string): Phase {
  const phase = phaseOf(pipeline, 'OPEN', 'to', to);
  if (place(pipeline, to) >= place(pipeline, present))
    refuse('phase-not-behind', `${to} does not come before ${present}; send an earlier phase, or advance the opportunity.`, 'to');
  return phase;
}

/** What an opportunity has in a phase from a moment on. */
export const entering = ({ probability, stallDays }: Phase, now: Moment) => ({
  probability,
  stallsAt: stallDays === undefined ? undefined : addDays(now, stallDays),
});

/** Where the phase stands in the pipeline. A phase that the pipeline does not have any more stands before all others. */
const place = ({ phases }: PipelineDefinition, name: string) => phases.findIndex((phase) => phase.name === name);
