import { IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { Command, Field } from '#kernel';
import { AreLines, LineQuantity } from '../order/line-fields.js';

@Command({
  route: 'POST /returns',
  roles: ['orders', 'care'],
  summary: 'Ask for goods of an order to be sent back.',
  capabilities: ['ORD-08'],
  creates: true,
})
export class RequestReturn {
  @Field('the return')
  @IsOptional()
  @IsUUID()
  readonly returnId?: string;

  @Field('the order whose goods come back')
  @IsUUID()
  readonly orderId!: string;

  @Field('the lines and how many units of each', { of: () => LineQuantity })
  @AreLines()
  readonly lines!: readonly LineQuantity[];

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'damaged' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
}

@Command({
  route: 'POST /returns/:returnId/approve',
  roles: ['orders'],
  summary: 'Agree that the customer sends the goods back.',
  capabilities: ['ORD-08'],
})
export class ApproveReturn {
  @Field('the return')
  @IsUUID()
  readonly returnId!: string;
}

@Command({
  route: 'POST /returns/:returnId/reject',
  roles: ['orders'],
  summary: 'Leave the goods with the customer.',
  capabilities: ['ORD-08'],
})
export class RejectReturn {
  @Field('the return')
  @IsUUID()
  readonly returnId!: string;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'worn' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
}

@Command({
  route: 'POST /returns/:returnId/receive',
  roles: ['orders'],
  summary: 'Record that goods of a return arrived.',
  capabilities: ['ORD-08'],
})
export class ReceiveReturn {
  @Field('the return')
  @IsUUID()
  readonly returnId!: string;

  @Field('what arrived; all that was asked for if left out', { of: () => LineQuantity })
  @IsOptional()
  @AreLines()
  readonly lines?: readonly LineQuantity[];
}

@Command({
  route: 'POST /returns/:returnId/refund',
  roles: ['orders'],
  summary: 'Credit the goods that arrived to the customer.',
  capabilities: ['ORD-08'],
})
export class RefundReturn {
  @Field('the return')
  @IsUUID()
  readonly returnId!: string;
}

@Command({
  route: 'POST /returns/:returnId/replace',
  roles: ['orders'],
  summary: 'Replace the goods that arrived, in an order of their own.',
  capabilities: ['ORD-08'],
})
export class ReplaceReturn {
  @Field('the return')
  @IsUUID()
  readonly returnId!: string;
}

@Command({
  route: 'POST /returns/:returnId/send-back',
  roles: ['orders'],
  summary: 'Send the goods back to the customer; nothing is credited.',
  capabilities: ['ORD-08'],
})
export class SendBackReturn {
  @Field('the return')
  @IsUUID()
  readonly returnId!: string;

  @Field('why, in a word or a short phrase; nothing about a person', { example: 'worn' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
}

@Command({ summary: 'Take the end of a return back that its order declined.', capabilities: ['ORD-08'] })
export class ReopenReturn {
  @Field('the return')
  @IsUUID()
  readonly returnId!: string;
}
