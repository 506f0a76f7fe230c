import { aggregate, type Role, refuse } from '#kernel';
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

export const token = aggregate<Token>()({
  name: 'token',
  description: 'A secret that stands for a caller and its roles.',
  id: 'tokenId',
  stateVersion: 3,
  commands: { RecordToken, RevokeToken },
  facts: { TokenIssued, TokenRevoked },
  initial: { status: 'NONE' },

  decide: {
    RecordToken: (command, token) => {
      if (token.status !== 'NONE') refuse('token-exists', 'This token was issued before.');
      return TokenIssued({ ...command });
    },
    RevokeToken: ({ tokenId }, token) => {
      if (token.status === 'NONE') refuse('token-unknown', 'There is no such token.');
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
