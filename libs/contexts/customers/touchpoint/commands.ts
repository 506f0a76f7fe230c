import { IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { Command, Field } from '#kernel';
import { channels } from './events.js';

@Command({
  route: 'POST /touchpoints',
  roles: ['care'],
  summary: 'Register a place where the company meets its customers.',
  capabilities: ['CID-05'],
  creates: true,
})
export class RegisterTouchpoint {
  @Field('The id of the new touchpoint.')
  @IsOptional()
  @IsUUID()
  readonly touchpointId!: string;

  @Field('How the company calls it, at most 120 characters.', { example: 'Shop in Main Street' })
  @IsString()
  @Length(1, 120)
  readonly name!: string;

  @Field('The channel that it belongs to.', { example: 'IN_PERSON' })
  @IsIn(channels)
  readonly channel!: (typeof channels)[number];
}
