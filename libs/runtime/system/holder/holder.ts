import { IsArray, IsIn, IsUUID } from 'class-validator';
import { Type } from 'typebox';
import { aggregate, Choice, Command, type Duty, duties, Field, fact, Id, refuse } from '#kernel';

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

@Command({ summary: 'Record which duty a person takes over with a token.' })
export class TakeDuty {
  @Field('the person') @IsUUID() readonly holderId!: string;
  @Field('the duty') @IsIn([...duties]) readonly duty!: Duty;
  @Field('the token') @IsUUID() readonly tokenId!: string;
  @Field('earlier tokens that no longer hold') @IsArray() @IsUUID(undefined, { each: true }) readonly lapsed!: string[];
}

export interface Holder {
  /** By token. */
  readonly held: Readonly<Record<string, Duty>>;
}

export const holder = aggregate<Holder>()({
  name: 'holder',
  description: 'A person and the duties that their tokens give: one at a time.',
  id: 'holderId',
  commands: { TakeDuty },
  facts: { DutyTaken },
  initial: { held: {} },

  decide: {
    TakeDuty: ({ holderId, duty, tokenId, lapsed }, { held }) => {
      const other = Object.entries(held).find(([token, one]) => one !== duty && !lapsed.includes(token));
      if (other)
        refuse(
          'duties-apart',
          `This person holds ${other[1]}, which excludes ${duty}: ${duties.join(', ')} are three people. Revoke the token ${other[0]} first.`,
        );
      return DutyTaken({ holderId, duty, tokenId, lapsed });
    },
  },

  evolve: {
    DutyTaken: ({ held }, { duty, tokenId, lapsed }) => ({
      held: {
        ...Object.fromEntries(Object.entries(held).filter(([token]) => !lapsed.includes(token))),
        [tokenId]: duty,
      },
    }),
  },
});
