import { aggregate, refuse } from '#kernel';
import { customer } from '../customer/customer.js';
import { type Customer, registered } from '../customer/customer-state.js';
import { type Touchpoint, touchpoint } from '../touchpoint/touchpoint.js';
import { LogInteraction } from './commands.js';
import { InteractionLogged } from './events.js';

type Interaction =
  | { readonly status: 'NONE' }
  | {
      readonly status: 'LOGGED';
      readonly customerId: string;
      readonly opportunityId?: string | undefined;
      readonly orderId?: string | undefined;
    };

/** What the decision reads beside its own stream: the customer, and the touchpoint if one is named. */
interface References {
  readonly customer: Customer;
  readonly touchpoint: Touchpoint;
}

export const interaction = aggregate<Interaction, References>()({
  name: 'interaction',
  description:
    'One time that the company and a customer were in touch. Each has its own stream, for a customer may have any number.',
  id: 'interactionId',
  commands: { LogInteraction },
  facts: { InteractionLogged },
  initial: { status: 'NONE' },
  refs: (interaction) =>
    interaction.status === 'NONE'
      ? {}
      : { customer: interaction.customerId, opportunity: interaction.opportunityId, order: interaction.orderId },

  references: {
    customer: { aggregate: customer, id: ({ customerId }: LogInteraction) => customerId },
    touchpoint: { aggregate: touchpoint, id: ({ touchpointId }: LogInteraction) => touchpointId },
  },

  decide: {
    LogInteraction: (command, interaction, { customer, touchpoint }) => {
      const { interactionId, customerId, contactId, channel, direction, subject, seconds, touchpointId, opportunityId, orderId } =
        command;
      if (interaction.status !== 'NONE') refuse('interaction-exists', 'This interaction was logged before.');
      registered(customer);
      if (touchpointId !== undefined && touchpoint.status === 'NONE')
        refuse('touchpoint-unknown', 'There is no such touchpoint.');
      return InteractionLogged({
        interactionId,
        customerId,
        contactId,
        channel,
        direction,
        subject,
        seconds,
        touchpointId,
        opportunityId,
        orderId,
      });
    },
  },

  evolve: {
    InteractionLogged: (_, { customerId, opportunityId, orderId }) => ({ status: 'LOGGED', customerId, opportunityId, orderId }),
  },
});
