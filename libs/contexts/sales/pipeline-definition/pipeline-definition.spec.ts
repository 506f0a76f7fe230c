import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { type Phase, PipelineDefined } from './events.js';
import { defaultPipeline, defaultPipelineId, pipelineDefinition } from './pipeline-definition.js';

const pipelineId = derivedId('pipeline', 'main');
const name = 'Direct';
const talking: Phase = { name: 'TALKING', probability: 50, kind: 'OPEN', stallDays: 14 };
const won: Phase = { name: 'YES', probability: 100, kind: 'WON' };
const lost: Phase = { name: 'NO', probability: 0, kind: 'LOST' };
const defined = PipelineDefined({ pipelineId, name, phases: [talking, won, lost] });

const defining = (...phases: Phase[]) => given(pipelineDefinition, {}).when('DefinePipeline', { pipelineId, name, phases });

describe('SAL-05 a pipeline', () => {
  it('is defined by its phases', () => defining(talking, won, lost).then(defined));
  it('is not changed by the same definition', () =>
    given(pipelineDefinition, {}, defined)
      .when('DefinePipeline', { pipelineId, name, phases: [talking, won, lost] })
      .changesNothing());
  it('can be defined anew', () =>
    given(pipelineDefinition, {}, defined)
      .when('DefinePipeline', { pipelineId, name: 'Partners', phases: [talking, won, lost] })
      .then(PipelineDefined({ pipelineId, name: 'Partners', phases: [talking, won, lost] })));
  it('has an open phase', () => defining(won, lost).isRefused('phase-kind-missing', 'phases'));
  it('has a won phase', () => defining(talking, lost).isRefused('phase-kind-missing', 'phases'));
  it('has a lost phase', () => defining(talking, won).isRefused('phase-kind-missing', 'phases'));
  it('may have several closing phases', () => {
    const later: Phase = { name: 'LATER', probability: 0, kind: 'LOST' };
    return defining(talking, won, lost, later).then(PipelineDefined({ pipelineId, name, phases: [talking, won, lost, later] }));
  });
  it('has no two phases of the same name', () =>
    defining(talking, talking, won, lost).isRefused('phase-names-not-unique', 'phases[1].name'));
  it('has no probability above 100', () =>
    defining({ ...talking, probability: 101 }, won, lost).isRefused('probability-out-of-range', 'phases[0].probability'));
  it('has no probability below 0', () =>
    defining({ ...talking, probability: -1 }, won, lost).isRefused('probability-out-of-range', 'phases[0].probability'));
  it('has probability 100 where it is won', () =>
    defining(talking, { ...won, probability: 90 }, lost).isRefused('probability-contradicts-kind', 'phases[1].probability'));
  it('has probability 0 where it is lost', () =>
    defining(talking, won, { ...lost, probability: 10 }).isRefused('probability-contradicts-kind', 'phases[2].probability'));
  it('has nothing stall once it is closed', () =>
    defining(talking, { ...won, stallDays: 3 }, lost).isRefused('closing-phase-stalls', 'phases[1].stallDays'));
});

describe('SAL-05 the default pipeline', () => {
  it('has an id that follows from the tenant', () =>
    expect(defaultPipelineId('main')).toBe('d3674d66-d631-5936-a121-155ea7878d57'));
  it('is one that could be defined', () =>
    defining(...defaultPipeline.phases).then(PipelineDefined({ pipelineId, name, phases: [...defaultPipeline.phases] })));
  it('has the phases that most CRMs ship with', () =>
    expect(defaultPipeline.phases.map((phase) => [phase.name, phase.probability])).toEqual([
      ['PROSPECTING', 10],
      ['QUALIFICATION', 20],
      ['NEEDS_ANALYSIS', 25],
      ['VALUE_PROPOSITION', 30],
      ['ID_DECISION_MAKERS', 40],
      ['PERCEPTION_ANALYSIS', 50],
      ['PROPOSAL', 65],
      ['NEGOTIATION', 80],
      ['CLOSED_WON', 100],
      ['CLOSED_LOST', 0],
    ]));
});
