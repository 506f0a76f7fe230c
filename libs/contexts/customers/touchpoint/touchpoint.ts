import { aggregate, refuse } from '#kernel';
import { RegisterTouchpoint } from './commands.js';
import { TouchpointRegistered } from './events.js';

export type Touchpoint = { readonly status: 'NONE' } | { readonly status: 'REGISTERED'; readonly channel: string };

export const touchpoint = aggregate<Touchpoint>()({
  name: 'touchpoint',
  description: 'A place where the company meets its customers: a shop, a hotline, a web page.',
  id: 'touchpointId',
  commands: { RegisterTouchpoint },
  facts: { TouchpointRegistered },
  initial: { status: 'NONE' },

  decide: {
    RegisterTouchpoint: ({ touchpointId, name, channel }, touchpoint) => {
      if (touchpoint.status !== 'NONE') refuseAgain();
      return TouchpointRegistered({ touchpointId, name, channel });
    },
  },

  evolve: {
    TouchpointRegistered: (_, { channel }) => ({ status: 'REGISTERED', channel }),
  },
});

function refuseAgain(): never {
  refuse(
    'touchpoint-exists',
    'This touchpoint was registered before; send another touchpointId for another one. A retry takes the same Idempotency-Key.',
    'touchpointId',
  );
}
