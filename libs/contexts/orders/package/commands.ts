import { IsBoolean, IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { Command, Field, IsMoment, type Moment } from '#kernel';
import { AreLines, IsQuantity } from '../order/line-fields.js';

/** Units of one line of one order that go into a package. */
export class PackedGoods {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('a line of the order')
  @IsUUID()
  readonly lineId!: string;

  @Field('number of units', { example: 1 })
  @IsQuantity()
  readonly quantity!: number;
}

@Command({
  route: 'POST /packages',
  roles: ['orders'],
  summary: 'Put goods of one or more orders into a package.',
  capabilities: ['ORD-02', 'ORD-03'],
  creates: true,
})
export class PackPackage {
  @Field('the package')
  @IsOptional()
  @IsUUID()
  readonly packageId?: string;

  @Field('what goes into it', { of: () => PackedGoods })
  @AreLines()
  readonly goods!: readonly PackedGoods[];

  @Field('true: the goods are of several customers, and go to one address; otherwise they are of one')
  @IsOptional()
  @IsBoolean()
  readonly severalCustomers?: boolean;
}

@Command({
  route: 'POST /packages/:packageId/unpack',
  roles: ['orders'],
  summary: 'Take a package apart that was not sent.',
  capabilities: ['ORD-02'],
})
export class UnpackPackage {
  @Field('the package')
  @IsUUID()
  readonly packageId!: string;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'box too small' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
}

@Command({
  route: 'POST /packages/:packageId/send',
  roles: ['orders'],
  summary: 'Send a package; its orders are told what of them was shipped.',
  capabilities: ['ORD-03'],
})
export class SendPackage {
  @Field('the package')
  @IsUUID()
  readonly packageId!: string;

  @Field('who carries it; if left out, who is to carry each of its orders', { example: 'DHL' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  readonly carrier?: string;

  @Field('which warehouse it leaves, in the words of the company', { example: 'Hamburg' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(60)
  readonly warehouse?: string;
}

@Command({
  route: 'POST /packages/:packageId/failed-deliveries',
  roles: ['orders'],
  summary: 'Record that a delivery failed; the package stays under way for another try.',
  capabilities: ['ORD-03'],
})
export class FailDelivery {
  @Field('the package')
  @IsUUID()
  readonly packageId!: string;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'nobody there' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason?: string;

  @Field('when the carrier tries again', { example: '2026-02-01T09:00:00.000Z' })
  @IsOptional()
  @IsMoment()
  readonly nextAttemptAt?: Moment;
}

@Command({
  route: 'POST /packages/:packageId/deliver',
  roles: ['orders'],
  summary: 'Record that a package reached its address; its orders are told.',
  capabilities: ['ORD-03'],
})
export class DeliverPackage {
  @Field('the package')
  @IsUUID()
  readonly packageId!: string;
}

@Command({
  route: 'POST /packages/:packageId/take-back',
  roles: ['orders'],
  summary: 'Record that a package could not be delivered and came back; its goods can be shipped again.',
  capabilities: ['ORD-03'],
})
export class TakeBackPackage {
  @Field('the package')
  @IsUUID()
  readonly packageId!: string;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'address unknown' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
}
