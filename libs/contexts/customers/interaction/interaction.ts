import { aggregate, refuse } from '#kernel';
import { type Order, order } from '../../orders/contract.js';
import { type Opportunity, opportunity } from '../../sales/contract.js';
import { customer } from '../customer/customer.js';
import { type Customer, registered } from '../customer/customer-state.js';
import { type Belongings, isOneOf, type Kin, kinOf, mustBeContactOf, ownerIn, ownerOf } from '../customer/one-customer.js';
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

/** What the decision reads beside its own stream, where it is named: what the interaction was about, with whose it is if not of its customer. */
interface References extends Kin {
  readonly customer: Customer;
  readonly touchpoint: Touchpoint;
  readonly order: Order;
  readonly buyer: Customer;
  readonly opportunity: Opportunity;
  readonly prospect: Customer;
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
    order: { aggregate: order, id: ({ orderId }: LogInteraction) => orderId },
    buyer: { aggregate: customer, id: ownerIn('order') },
    opportunity: { aggregate: opportunity, id: ({ opportunityId }: LogInteraction) => opportunityId },
    prospect: { aggregate: customer, id: ownerIn('opportunity') },
    ...kinOf<Interaction>((command, _, read) => belongingsOf(command, read)),
  },

  decide: {
    LogInteraction: (command, interaction, read) => {
      const { interactionId, customerId, contactId, channel, direction, subject, seconds, touchpointId, opportunityId, orderId } =
        command;
      if (interaction.status !== 'NONE') refuseAgain();
      registered(read.customer);
      mustBeRegistered(touchpointId, read.touchpoint);
      mustBeAboutTheCustomer(command, read);
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

type About = Pick<References, 'order' | 'buyer' | 'opportunity' | 'prospect'>;

const belongingsOf = ({ customerId, contactId }: LogInteraction, read: About): Belongings => ({
  customerId,
  contactId,
  owners: [...ownerOf(read.order, read.buyer), ...ownerOf(read.opportunity, read.prospect)],
});

function refuseAgain(): never {
  refuse(
    'interaction-exists',
    'This interaction was logged before; send another interactionId for another one. A retry takes the same Idempotency-Key.',
    'interactionId',
  );
}

function mustBeRegistered(touchpointId: string | undefined, { status }: Touchpoint): void {
  if (touchpointId !== undefined && status === 'NONE')
    refuse(
      'touchpoint-unknown',
      `There is no touchpoint ${touchpointId}; register it first, or leave touchpointId out.`,
      'touchpointId',
    );
}

/** Those who were merged are one customer, and an opportunity may be with nobody yet. */
function mustBeAboutTheCustomer(command: LogInteraction, read: References): void {
  const { orderId, opportunityId } = command;
  if (orderId !== undefined && !read.order.exists)
    refuse('order-unknown', `There is no order ${orderId}; place the order first, or leave orderId out.`, 'orderId');
  if (opportunityId !== undefined && read.opportunity.status === 'NONE')
    refuse(
      'opportunity-unknown',
      `There is no opportunity ${opportunityId}; open the opportunity first, or leave opportunityId out.`,
      'opportunityId',
    );
  const belongings = belongingsOf(command, read);
  mustBeContactOf(belongings, read);
  if (!isOneOf(ownerOf(read.order, read.buyer), belongings, read))
    refuse(
      'order-of-other-customer',
      `${orderId} is an order of another customer; leave orderId out, or log the interaction with that customer.`,
      'orderId',
    );
  if (!isOneOf(ownerOf(read.opportunity, read.prospect), belongings, read))
    refuse(
      'opportunity-of-other-customer',
      `${opportunityId} is an opportunity of another customer; leave opportunityId out, or log the interaction with that customer.`,
      'opportunityId',
    );
}
