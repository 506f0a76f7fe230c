import { aggregate, type Role, refuse, streamName } from '#kernel';
import type { TrafficClass } from '../../requests.js';
import { RecordToken, RevokeToken } from './commands.js';
import { TokenIssued, TokenRevoked } from './events.js';

export type Token = { readonly status: 'NONE' } | KnownToken;

export interface KnownToken {
  readonly status: 'VALID' | 'REVOKED';
  readonly roles: readonly Role[];
  readonly secretDigest: string;
  readonly expiresAt?: string;
  readonly trafficClass?: TrafficClass;
  /** The customer whose documents alone it may see. */
  readonly customerId?: string;
}

/** What of a customer matters to its tokens. The runtime knows customers by the name of their streams only. */
export type CustomerOfToken = { readonly status: 'NONE' | 'REGISTERED' | 'ERASED' };

/** What a decision reads beside its own stream. */
interface References {
  readonly customer: CustomerOfToken;
}

const customer: { readonly name: string; readonly initial: CustomerOfToken } = { name: 'customer', initial: { status: 'NONE' } };

/** The stream of the customer whose token it is. */
export const customerStreamOf = (tenant: string, customerId: string): string => streamName(customer.name, tenant, customerId);

export const token = aggregate<Token, References>()({
  name: 'token',
  description: 'A secret that stands for a caller and its roles.',
  id: 'tokenId',
  stateVersion: 3,
  commands: { RecordToken, RevokeToken },
  facts: { TokenIssued, TokenRevoked },
  initial: { status: 'NONE' },
  references: {
    customer: { aggregate: customer, id: ({ customerId }: Partial<RecordToken>) => customerId },
  },

  decide: {
    RecordToken: (command, token, { customer }) => {
      if (token.status !== 'NONE')
        refuse('token-exists', 'A token with this id was issued before; take another id for another one.', 'tokenId');
      const { customerId } = command;
      if (customerId !== undefined && customer.status === 'NONE')
        refuse('customer-unknown', `There is no customer ${customerId}; register the customer first.`);
      if (customerId !== undefined && customer.status === 'ERASED')
        refuse('customer-erased', `The customer ${customerId} is erased; nobody can sign in as this person any more.`);
      return TokenIssued({ ...command });
    },
    RevokeToken: ({ tokenId }, token) => {
      if (token.status === 'NONE')
        refuse('token-unknown', 'There is no such token; the view tokens lists those that are.', 'tokenId');
      return token.status === 'REVOKED' ? [] : TokenRevoked({ tokenId });
    },
  },

  evolve: {
    TokenIssued: (_, { roles, secretDigest, expiresAt, trafficClass, customerId }) => ({
      status: 'VALID',
      roles: roles as readonly Role[],
      secretDigest,
      expiresAt,
      trafficClass,
      ...(customerId !== undefined && { customerId }),
    }),
    TokenRevoked: (token) => (token.status === 'NONE' ? token : { ...token, status: 'REVOKED' }),
  },
});
