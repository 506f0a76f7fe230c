import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { Field, IsMoment, type Role, roles } from '#kernel';
import { compileShape } from '#runtime/commands/validation';
import type { TrafficClass } from '#runtime/requests';

// The same declarations as those of commands, so that they are checked and documented alike.

export class TokenBody {
  @Field('what the token is for, for people', { example: 'nightly import' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  readonly label!: string;

  @Field('what it may do', { example: ['sales'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(Object.keys(roles), { each: true })
  readonly roles!: readonly Role[];

  @Field('from when on it is refused', { example: '2027-01-01T00:00:00.000Z' })
  @IsOptional()
  @IsMoment()
  readonly expiresAt?: string;

  @Field('how urgent its traffic is; interactive if left out')
  @IsOptional()
  @IsIn(['interactive', 'integration', 'bulk'])
  readonly trafficClass?: TrafficClass;

  @Field("tenant that it is for; the caller's own if left out", { example: 'acme' })
  @IsOptional()
  @IsString()
  @Matches(/^[a-z0-9]{1,32}$/, { message: '1 to 32 small letters and digits' })
  readonly tenant?: string;

  @Field('internal id of the person who gets it; needed for operator, privacy and auditor, of which a person never holds two')
  @IsOptional()
  @IsUUID()
  readonly holder?: string;

  @Field('id of the customer whose documents alone it may see; needed for the role customer, which goes with no other one')
  @IsOptional()
  @IsUUID()
  readonly customer?: string;
}

export class ReleaseBody {
  @Field('name of the view')
  @IsString()
  @IsNotEmpty()
  readonly view!: string;

  @Field("tenant of the document; the caller's own if left out")
  @IsOptional()
  @IsString()
  @Matches(/^[a-z0-9]{1,32}$/, { message: '1 to 32 small letters and digits' })
  readonly tenant?: string;

  @Field('key of the document')
  @IsString()
  @IsNotEmpty()
  readonly key!: string;
}

export class ReleaseProcessBody {
  @Field('name of the process', { example: 'won-opportunity' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  readonly process!: string;

  @Field('stream whose facts wait, as the list of parked facts names it')
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly stream!: string;
}

export class BackupBody {
  @Field('folder of the server that gets log and views; made if missing, and must be empty', { example: '/backup/annals' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1000)
  readonly folder!: string;

  @Field('folder of the server that gets the keys; never the other one or inside it', { example: '/backup/annals-keys' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1000)
  readonly keysFolder!: string;
}

export const tokenBody = compileShape(TokenBody);
export const releaseBody = compileShape(ReleaseBody);
export const releaseProcessBody = compileShape(ReleaseProcessBody);
export const backupBody = compileShape(BackupBody);
