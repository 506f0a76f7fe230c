import { derivedId, process, send } from '#kernel';
import { PlaceOrder } from '../../orders/contract.js';
import { OpportunityWon } from '../opportunity/events.js';

/** The draft order of a won opportunity has this id, so that there is one at most. */
export const orderOf = (opportunityId: string): string => derivedId('order-of', opportunityId);

export const wonOpportunity = process({
  name: 'won-opportunity',
  description: 'Drafts the order of an opportunity that is won for the first time, if its customer is known.',
  capabilities: ['SAL-10', 'ORD-01'],
  startsFrom: 'now',
  facts: { OpportunityWon },

  react: {
    OpportunityWon: ({ data: { opportunityId, customerId, ownerId, productId, amount, currency, wins } }) =>
      customerId === undefined || wins > 1
        ? []
        : [
            send(PlaceOrder, {
              orderId: orderOf(opportunityId),
              customerId,
              opportunityId,
              ownerId,
              currency,
              lines: [{ productId, description: 'As offered', quantity: 1, unitPrice: amount }],
            }),
          ],
  },
});
