import { Type } from 'typebox';
import { Choice, Id, MomentField, Text, view } from '#kernel';
import { TokenIssued, TokenRevoked } from './events.js';

export const tokens = view({
  name: 'tokens',
  description: 'Tokens of the tenant: what each may do and whether it still may.',
  version: 4,
  capabilities: ['PLT-08'],
  roles: ['admin', 'auditor'],
  document: Type.Object({
    tokenId: Id('the token'),
    label: Text('what the token is for'),
    roles: Type.Array(Type.String(), { description: 'what it may do' }),
    status: Choice(['VALID', 'REVOKED'], 'VALID tokens may also have expired, see expiresAt, or be of a customer who was erased'),
    issuedAt: MomentField('when it was made'),
    expiresAt: Type.Optional(MomentField('from when on it is refused')),
    trafficClass: Choice(['interactive', 'integration', 'bulk'], 'how urgent its traffic is'),
    holderId: Type.Optional(Id('the person who has it, by an internal id; tokens with a duty always name one')),
    customerId: Type.Optional(Id('the customer whose documents alone it may see')),
    revokedAt: Type.Optional(MomentField('when it was revoked')),
  }),
  facts: { TokenIssued, TokenRevoked },
  key: ({ data }) => data.tokenId,
  initial: (tokenId) => ({
    tokenId,
    label: '',
    roles: [],
    status: 'VALID' as const,
    issuedAt: '',
    trafficClass: 'interactive' as const,
  }),
  apply: {
    TokenIssued: (
      entry,
      { data: { label, roles, expiresAt, trafficClass = 'interactive', holderId, customerId }, occurredAt },
    ) => ({
      ...entry,
      label,
      roles,
      issuedAt: occurredAt,
      expiresAt,
      trafficClass,
      ...(holderId !== undefined && { holderId }),
      ...(customerId !== undefined && { customerId }),
    }),
    TokenRevoked: (entry, { occurredAt }) => ({ ...entry, status: 'REVOKED' as const, revokedAt: occurredAt }),
  },
  filters: ['label', 'status', 'trafficClass', 'holderId', 'customerId', 'issuedAt'],
  sort: '-issuedAt',
});
