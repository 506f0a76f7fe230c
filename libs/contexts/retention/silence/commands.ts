import { IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { Command, derivedId, Field } from '#kernel';

/** What silence means is defined once for the whole company, so its stream has this id in every tenant. */
export const silenceId = derivedId('silence');

@Command({
  route: 'POST /silence',
  roles: ['care', 'sales'],
  summary: 'Define after how long a silence a customer without a contract counts as churned.',
  capabilities: ['ANA-02', 'MKT-20'],
})
export class DefineSilence {
  @Field('The one definition that there is; leave it out.', { assigned: silenceId })
  @IsOptional()
  @IsIn([silenceId])
  readonly silenceId!: string;

  @Field('How long a customer may be silent.', { unit: 'days of 24 hours', example: 365 })
  @IsInt()
  @Min(1)
  @Max(3650)
  readonly days!: number;

  @Field('Whether an inbound interaction is a sign of life too, beside purchases; no if left out.', { example: true })
  @IsOptional()
  @IsBoolean()
  readonly interactions?: boolean;
}

@Command({
  route: 'POST /silence/drop',
  roles: ['care', 'sales'],
  summary: 'Let no silence count as churn any more.',
  capabilities: ['ANA-02'],
})
export class DropSilence {
  @Field('The one definition that there is; leave it out.', { assigned: silenceId })
  @IsOptional()
  @IsIn([silenceId])
  readonly silenceId!: string;
}
