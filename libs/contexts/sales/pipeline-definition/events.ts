import { type Static, Type } from 'typebox';
import { Choice, fact, Id, Text } from '#kernel';

/** What being in a phase means: still open, or closed one way or the other. */
export const phaseKinds = ['OPEN', 'WON', 'LOST'] as const;
export type PhaseKind = (typeof phaseKinds)[number];

const Phase = Type.Object(
  {
    name: Text('name of the phase, unique in its pipeline', 100),
    probability: Type.Integer({
      minimum: 0,
      maximum: 100,
      description: 'chance that an opportunity in this phase is won, in percent',
    }),
    kind: Choice(phaseKinds, 'whether opportunities in it are open, won or lost'),
    stallDays: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'days of 24 hours after which an opportunity still in this phase counts as stalled; left out: never',
      }),
    ),
  },
  { additionalProperties: false, description: 'one phase' },
);
export type Phase = Readonly<Static<typeof Phase>>;

export const PipelineDefined = fact(
  'PipelineDefined',
  'A pipeline has these phases, in this order, from now on; decisions made before keep what was in force then.',
  {
    pipelineId: Id('the pipeline'),
    name: Text('name of the pipeline', 100),
    phases: Type.Array(Phase, { description: 'its phases, in the order in which opportunities go through them' }),
  },
);
