import { IsArray, IsIn, IsUUID } from 'class-validator';
import { Type } from 'typebox';
import { aggregate, Choice, Command, type Duty, derivedId, duties, Field, fact, Id, type Moment, refuse } from '#kernel';

export const DutyTaken = fact(
  'DutyTaken',
  'A person got a token with one of the duties that are kept apart.',
  {
    holderId: Id('the person'),
    duty: Choice([...duties], 'which one'),
    tokenId: Id('the token'),
    lapsed: Type.Array(Id('a token'), { description: 'earlier tokens of the person that no longer hold: revoked or expired' }),
  },
  { visibility: 'internal' },
);

export const DutyReleased = fact(
  'DutyReleased',
  'A person whom an identity provider gave a duty has it no more.',
  { holderId: Id('the person'), duty: Choice([...duties], 'which one') },
  { visibility: 'internal' },
);

@Command({ summary: 'Record which duty a person takes over with a token.' })
export class TakeDuty {
  @Field('the person') @IsUUID() readonly holderId!: string;
  @Field('the duty') @IsIn([...duties]) readonly duty!: Duty;
  @Field('the token') @IsUUID() readonly tokenId!: string;
  @Field('earlier tokens that no longer hold') @IsArray() @IsUUID(undefined, { each: true }) readonly lapsed!: string[];
}

@Command({
  route: 'POST /holders/:holderId/release',
  roles: ['admin'],
  summary: 'Let a person take another duty after the identity provider took the former one away',
  capabilities: ['PLT-08'],
})
export class ReleaseDuty {
  @Field('the person, by the actor id that /v1/whoami shows') @IsUUID() readonly holderId!: string;
  @Field('the duty that the provider took away', { example: 'operator' }) @IsIn([...duties]) readonly duty!: Duty;
}

export interface Holder {
  /** By token: which duty, and when it was taken. */
  readonly held: Readonly<Record<string, { readonly duty: Duty; readonly since: Moment }>>;
}

/** Stands for all tokens of an identity provider that give a person a duty: they are not issued here, so none has an id. */
export const providerTokenOf = (holderId: string, duty: Duty): string => derivedId('duty of a provider', holderId, duty);

export const holder = aggregate<Holder>()({
  name: 'holder',
  description: 'A person and the duties that their tokens give: one at a time.',
  id: 'holderId',
  stateVersion: 2,
  commands: { TakeDuty, ReleaseDuty },
  facts: { DutyTaken, DutyReleased },
  initial: { held: {} },

  decide: {
    TakeDuty: ({ holderId, duty, tokenId, lapsed }, { held }) => {
      const other = Object.entries(held).find(([token, one]) => one.duty !== duty && !lapsed.includes(token));
      if (other) {
        const [token, { duty: one }] = other;
        const remedy =
          token === providerTokenOf(holderId, one)
            ? `Take it away at the identity provider, then have an administrator release it: annals send release-duty --holder-id ${holderId} --duty ${one}`
            : `Revoke the token ${token} first.`;
        refuse(
          'duties-apart',
          `This person holds ${one}, which excludes ${duty}: ${duties.join(', ')} are three people. ${remedy}`,
        );
      }
      return held[tokenId]?.duty === duty && lapsed.length === 0 ? [] : DutyTaken({ holderId, duty, tokenId, lapsed });
    },
    ReleaseDuty: ({ holderId, duty }, { held }) =>
      held[providerTokenOf(holderId, duty)] === undefined ? [] : DutyReleased({ holderId, duty }),
  },

  evolve: {
    DutyTaken: ({ held }, { duty, tokenId, lapsed }, { occurredAt }) => ({
      held: {
        ...Object.fromEntries(Object.entries(held).filter(([token]) => !lapsed.includes(token))),
        [tokenId]: { duty, since: occurredAt },
      },
    }),
    DutyReleased: ({ held }, { holderId, duty }) => {
      const { [providerTokenOf(holderId, duty)]: _, ...others } = held;
      return { held: others };
    },
  },
});
