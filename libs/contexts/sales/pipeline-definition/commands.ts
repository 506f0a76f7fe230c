import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Command, Field } from '#kernel';
import { type PhaseKind, phaseKinds } from './events.js';

/** A phase of a pipeline. */
export class PipelinePhase {
  @Field('Name of the phase, unique in its pipeline.', { example: 'PROPOSAL' })
  @IsString()
  @Length(1, 100)
  readonly name!: string;

  @Field('Chance that an opportunity in this phase is won: 100 for a won phase, 0 for a lost one.', {
    unit: 'percent',
    example: 65,
  })
  @IsInt()
  @Min(0)
  @Max(100)
  readonly probability!: number;

  @Field('Whether opportunities in this phase are open, won or lost.', { example: 'OPEN' })
  @IsIn(phaseKinds)
  readonly kind!: PhaseKind;

  @Field('After how long in this phase an opportunity counts as stalled; left out: never.', {
    unit: 'days of 24 hours',
    example: 30,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3650)
  readonly stallDays?: number;
}

@Command({
  route: 'POST /pipelines',
  roles: ['sales'],
  summary: 'Define a pipeline, or define it anew: the phases that opportunities go through, in their order.',
  capabilities: ['SAL-05', 'SAL-09', 'PLT-13'],
  creates: true,
})
export class DefinePipeline {
  @Field('The id of the pipeline; that of an existing one defines it anew.')
  @IsOptional()
  @IsUUID()
  readonly pipelineId!: string;

  @Field('Name of the pipeline.', { example: 'Direct sales' })
  @IsString()
  @Length(1, 100)
  readonly name!: string;

  @Field('Its phases, in their order: at least one open, one won and one lost.', { of: () => PipelinePhase })
  @IsArray()
  @ArrayMinSize(3)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  readonly phases!: readonly PipelinePhase[];
}
