import { IsArray, IsIn, IsISO8601, IsNotEmpty, IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { Command, Field } from '#kernel';
import type { TrafficClass } from '../../requests.js';

@Command({ summary: 'Record a token whose secret was just handed out.', creates: true })
export class RecordToken {
  @Field('the token') @IsUUID() readonly tokenId!: string;
  @Field('what the token is for, for people') @IsNotEmpty() @MaxLength(100) readonly label!: string;
  @Field('what it may do') @IsArray() @IsString({ each: true }) readonly roles!: string[];
  @Field('SHA-256 of the secret, hexadecimal') @Length(64, 64) readonly secretDigest!: string;
  @Field('from when on it is refused') @IsOptional() @IsISO8601() readonly expiresAt?: string;
  @Field('how urgent its traffic is; interactive if left out')
  @IsOptional()
  @IsIn(['interactive', 'integration', 'bulk'])
  readonly trafficClass?: TrafficClass;
  @Field('the person who gets it') @IsOptional() @IsUUID() readonly holderId?: string;
  @Field('the customer whose documents alone it may see') @IsOptional() @IsUUID() readonly customerId?: string;
}

@Command({ route: 'POST /tokens/:tokenId/revoke', roles: ['admin'], summary: 'Refuse a token from now on.' })
export class RevokeToken {
  @Field('the token') @IsUUID() readonly tokenId!: string;
}
