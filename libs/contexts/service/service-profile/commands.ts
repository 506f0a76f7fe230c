import { IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { Command, Field } from '#kernel';

@Command({
  route: 'POST /customers/:customerId/service-tier',
  roles: ['care'],
  summary: 'Assign a service tier to a customer; it holds for new tickets.',
  capabilities: ['SRV-07'],
})
export class AssignServiceTier {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The service tier.', { example: 'GOLD' })
  @IsString()
  @Length(1, 60)
  readonly tier!: string;

  @Field('Why, in words without personal data.', { example: 'Contract 2026' })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  readonly reason?: string;
}

@Command({ summary: 'Note which agent served a customer last.', capabilities: ['SRV-02'] })
export class NoteService {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The agent.')
  @IsUUID()
  readonly agentId!: string;
}
