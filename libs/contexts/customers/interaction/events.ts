import { Type } from 'typebox';
import { Choice, fact, Id, personal, Text } from '#kernel';
import { channels } from '../touchpoint/events.js';

export { channels };
export const directions = ['INBOUND', 'OUTBOUND'] as const;

export const InteractionLogged = fact('InteractionLogged', 'Somebody of the company and a customer were in touch.', {
  interactionId: Id('the interaction'),
  customerId: Id('the customer'),
  contactId: Type.Optional(Id('the contact who spoke for the customer')),
  channel: Choice(channels, 'how they were in touch'),
  direction: Choice(directions, 'from the customer (INBOUND) or to the customer (OUTBOUND)'),
  subject: personal('customerId', 'contact', Text('what it was about', 500)),
  seconds: Type.Optional(Type.Integer({ minimum: 0, description: 'how long it took, in seconds' })),
  touchpointId: Type.Optional(Id('the touchpoint where it took place')),
  opportunityId: Type.Optional(Id('the opportunity that it was about')),
  orderId: Type.Optional(Id('the order that it was about')),
});
