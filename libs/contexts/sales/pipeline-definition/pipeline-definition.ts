import { aggregate, canonicalJson, derivedId, refuse } from '#kernel';
import { DefinePipeline } from './commands.js';
import { type Phase, type PhaseKind, PipelineDefined } from './events.js';

export interface PipelineDefinition {
  /** Whether somebody defined it; the default pipeline holds where nobody did. */
  readonly defined: boolean;
  readonly name: string;
  /** In the order in which opportunities go through them. */
  readonly phases: readonly Phase[];
}

const open = (name: string, probability: number): Phase => ({ name, probability, kind: 'OPEN', stallDays: 30 });

/** The phases that most CRMs ship with. */
export const defaultPipeline: PipelineDefinition = {
  defined: false,
  name: 'Default',
  phases: [
    open('PROSPECTING', 10),
    open('QUALIFICATION', 20),
    open('NEEDS_ANALYSIS', 25),
    open('VALUE_PROPOSITION', 30),
    open('ID_DECISION_MAKERS', 40),
    open('PERCEPTION_ANALYSIS', 50),
    open('PROPOSAL', 65),
    open('NEGOTIATION', 80),
    { name: 'CLOSED_WON', probability: 100, kind: 'WON' },
    { name: 'CLOSED_LOST', probability: 0, kind: 'LOST' },
  ],
};

const defaultIds = new Map<string, string>();

/** The id under which a tenant may define its own default pipeline: asked with nearly every command, so derived once. */
export function defaultPipelineId(tenant: string): string {
  const id = defaultIds.get(tenant) ?? derivedId('pipeline', tenant);
  defaultIds.set(tenant, id);
  return id;
}

export const pipelineDefinition = aggregate<PipelineDefinition>()({
  name: 'pipelineDefinition',
  description: 'The phases that opportunities go through, with their probabilities and how long they may stay in each.',
  id: 'pipelineId',
  commands: { DefinePipeline },
  facts: { PipelineDefined },
  initial: defaultPipeline,

  decide: {
    DefinePipeline: ({ pipelineId, name, phases }, pipeline) => {
      const plain = phases.map((phase) => ({ ...phase }));
      check(plain);
      if (pipeline.defined && canonicalJson([name, plain]) === canonicalJson([pipeline.name, pipeline.phases])) return [];
      return PipelineDefined({ pipelineId, name, phases: plain });
    },
  },

  evolve: {
    PipelineDefined: (_, { name, phases }) => ({ defined: true, name, phases }),
  },
});

/** The phase of that name, if the pipeline has it. */
export const phaseNamed = ({ phases }: PipelineDefinition, name: string): Phase | undefined =>
  phases.find((phase) => phase.name === name);

/** Its phases of one kind, in order. Every pipeline has at least one of each. */
export const phasesOf = ({ phases }: PipelineDefinition, kind: PhaseKind): readonly Phase[] =>
  phases.filter((phase) => phase.kind === kind);

/** The pipeline that a command names, if it names one. */
export function mustBeDefinedPipeline(pipelineId: string | undefined, { defined }: PipelineDefinition): void {
  if (pipelineId !== undefined && !defined)
    refuse('pipeline-unknown', `There is no pipeline ${pipelineId}; define it first, or leave pipelineId out.`, 'pipelineId');
}

function check(phases: readonly Phase[]): void {
  for (const [index, { name }] of phases.entries())
    if (phases.findIndex((phase) => phase.name === name) < index)
      refuse('phase-names-not-unique', `Two phases have the name ${name}; give each its own.`, `phases[${index}].name`);
  for (const kind of ['OPEN', 'WON', 'LOST'] as const)
    if (!phases.some((phase) => phase.kind === kind))
      refuse('phase-kind-missing', `This pipeline has no ${kind} phase; add at least one.`, 'phases');
  for (const [index, phase] of phases.entries()) {
    checkProbability(phase, `phases[${index}].probability`);
    if (phase.kind !== 'OPEN' && phase.stallDays !== undefined)
      refuse(
        'closing-phase-stalls',
        `${phase.name} is ${phase.kind}, and nothing stalls in it; leave stallDays out.`,
        `phases[${index}].stallDays`,
      );
  }
}

function checkProbability({ name, kind, probability }: Phase, field: string): void {
  if (!Number.isInteger(probability) || probability < 0 || probability > 100)
    refuse(
      'probability-out-of-range',
      `The probability of ${name} is ${probability}; send a whole number of percent from 0 to 100.`,
      field,
    );
  const certain = { OPEN: undefined, WON: 100, LOST: 0 }[kind];
  if (certain !== undefined && probability !== certain)
    refuse('probability-contradicts-kind', `${name} is ${kind}, with a probability of ${probability}; send ${certain}.`, field);
}
