import { Type } from 'typebox';
import { Choice, fact, Id, MomentField, Text } from '#kernel';

export const TokenIssued = fact(
  'TokenIssued',
  'A token was made; only the digest of its secret is kept.',
  {
    tokenId: Id('the token'),
    label: Text('what the token is for, for people', 100),
    roles: Type.Array(Type.String(), { description: 'what it may do' }),
    secretDigest: Text('SHA-256 of the secret, hexadecimal', 64),
    expiresAt: Type.Optional(MomentField('from when on it is refused')),
    trafficClass: Type.Optional(
      Choice(['interactive', 'integration', 'bulk'], 'how urgent its traffic is; interactive if left out'),
    ),
    holderId: Type.Optional(Id('the person who gets it, by an internal id')),
    customerId: Type.Optional(Id('the customer whose documents alone it may see')),
  },
  { visibility: 'internal' },
);

export const TokenRevoked = fact(
  'TokenRevoked',
  'A token is refused from now on.',
  { tokenId: Id('the token') },
  { visibility: 'internal' },
);
