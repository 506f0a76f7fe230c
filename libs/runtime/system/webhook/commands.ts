import {
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { Command, Field } from '#kernel';

const POSITION = /^[^.\s]{8}\.\d{16}$/;

@Command({
  route: 'POST /webhooks',
  roles: ['admin'],
  summary: 'Have public facts sent to an address as they are recorded, signed.',
  capabilities: ['PLT-09'],
  creates: true,
})
export class SubscribeWebhook {
  @Field('the webhook') @IsOptional() @IsUUID() readonly webhookId!: string;
  @Field('where to send them', { example: 'https://shop.example/annals' })
  @IsString()
  @MaxLength(2000)
  @Matches(/^https?:\/\/[^\s@#]+$/, {
    message: 'an address that begins with https:// (http:// where it is allowed), without a user, a password and a # part',
  })
  readonly address!: string;
  @Field('only facts of these aggregates; all topics if left out', { example: ['opportunity'] })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @IsString({ each: true })
  readonly aggregates?: string[];
  @Field('only facts of these types; all public ones if left out')
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @IsString({ each: true })
  readonly types?: string[];
  @Field('whether imported history from before its cut-over is sent too; it is not if left out')
  @IsOptional()
  @IsBoolean()
  readonly imported?: boolean;
  @Field('only facts after this position; those recorded from now on if left out')
  @IsOptional()
  @Matches(POSITION, { message: 'a position that an answer gave' })
  readonly after?: string;
}

@Command({
  route: 'POST /webhooks/:webhookId/replay',
  roles: ['admin', 'operator'],
  summary: 'Send again everything after a position, and go on from there.',
  capabilities: ['PLT-09'],
})
export class ReplayWebhook {
  @Field('the webhook') @IsUUID() readonly webhookId!: string;
  @Field('everything after this position; from the first fact on if left out')
  @IsOptional()
  @Matches(POSITION, { message: 'a position that an answer gave' })
  readonly after?: string;
}

@Command({
  route: 'POST /webhooks/:webhookId/resume',
  roles: ['admin', 'operator'],
  summary: 'Go on with a parked webhook where it stopped, and with all streams of it that are parked.',
  capabilities: ['PLT-09'],
})
export class ResumeWebhook {
  @Field('the webhook') @IsUUID() readonly webhookId!: string;
}

@Command({
  route: 'POST /webhooks/:webhookId/release',
  roles: ['admin', 'operator'],
  summary: 'Deliver the facts of a parked stream again, in their order.',
  capabilities: ['PLT-09'],
})
export class ReleaseWebhookStream {
  @Field('the webhook') @IsUUID() readonly webhookId!: string;
  @Field('the stream, <aggregate>-<tenant>.<id>; the view webhooks lists those that are parked')
  @IsString()
  @MaxLength(200)
  readonly stream!: string;
}

@Command({
  route: 'POST /webhooks/:webhookId/skip',
  roles: ['admin', 'operator'],
  summary: 'Never deliver the fact that a stream, or the webhook, is parked for, and go on behind it; on record.',
  capabilities: ['PLT-09'],
})
export class SkipWebhookFact {
  @Field('the webhook') @IsUUID() readonly webhookId!: string;
  @Field('the fact that could not be delivered; the view webhooks names it') @IsUUID() readonly factId!: string;
  @Field('why nobody misses it there, for the record', { example: 'The shop deleted this order by hand.' })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  readonly reason!: string;
}

@Command({
  route: 'POST /webhooks/:webhookId/rotate',
  roles: ['admin'],
  summary: 'Sign with a new secret; for a day with the old one too.',
  capabilities: ['PLT-09'],
})
export class RotateWebhookSecret {
  @Field('the webhook') @IsUUID() readonly webhookId!: string;
}

@Command({
  route: 'POST /webhooks/:webhookId/unsubscribe',
  roles: ['admin'],
  summary: 'Send nothing there any more.',
  capabilities: ['PLT-09'],
})
export class UnsubscribeWebhook {
  @Field('the webhook') @IsUUID() readonly webhookId!: string;
}

@Command({ summary: 'Record that a webhook stops until somebody looks at it' })
export class ParkWebhook {
  @Field('the webhook') @IsUUID() readonly webhookId!: string;
  @Field('the fact that could not be delivered') @IsUUID() readonly factId!: string;
  @Field('number of attempts') @IsInt() readonly attempts!: number;
  @Field('what the last attempt came to') @MaxLength(100) readonly reason!: string;
}

@Command({ summary: 'Record that facts of one stream wait until somebody looks at them' })
export class ParkWebhookStream {
  @Field('the webhook') @IsUUID() readonly webhookId!: string;
  @Field('the stream') @MaxLength(200) readonly stream!: string;
  @Field('the fact that could not be delivered') @IsUUID() readonly factId!: string;
  @Field('number of attempts') @IsInt() readonly attempts!: number;
  @Field('what the last attempt came to') @MaxLength(100) readonly reason!: string;
}
