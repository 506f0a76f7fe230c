import { IsArray, IsInt, IsNotEmpty, IsUUID } from 'class-validator';
import { Type } from 'typebox';
import { aggregate, Command, Count, Field, fact, Id, MomentField, refuse, Text, view } from '#kernel';

export const PersonalFieldsOpened = fact(
  'PersonalFieldsOpened',
  'Somebody saw personal fields of these persons in the open.',
  {
    disclosureId: Id('the opening'),
    purpose: Text('the request that asked for it', 200),
    persons: Type.Array(Id('a person'), { description: 'whose fields were opened' }),
    fields: Count('number of values opened'),
  },
  { visibility: 'internal' },
);

@Command({ summary: 'Record that personal fields are about to be shown.', creates: true })
export class RecordOpening {
  @Field('the opening') @IsUUID() readonly disclosureId!: string;
  @Field('the request that asked for it') @IsNotEmpty() readonly purpose!: string;
  @Field('whose fields') @IsArray() @IsUUID(undefined, { each: true }) readonly persons!: string[];
  @Field('number of values') @IsInt() readonly fields!: number;
}

type Disclosure = { readonly status: 'NONE' | 'RECORDED' };

export const disclosure = aggregate<Disclosure>()({
  name: 'disclosure',
  description: 'One opening of personal fields: who, whose, when, what for.',
  id: 'disclosureId',
  commands: { RecordOpening },
  facts: { PersonalFieldsOpened },
  initial: { status: 'NONE' },
  decide: {
    RecordOpening: (command, { status }) =>
      status === 'NONE'
        ? PersonalFieldsOpened({ ...command })
        : refuse('opening-recorded', 'This opening is recorded already; record each under an id of its own.'),
  },
  evolve: { PersonalFieldsOpened: () => ({ status: 'RECORDED' }) },
});

/** One document for each person and opening, so that an auditor can ask who saw this person. */
export const openings = view({
  name: 'openings',
  description: 'Who saw personal fields of whom, and when.',
  version: 1,
  capabilities: ['PLT-08', 'CID-10'],
  roles: ['auditor', 'privacy'],
  document: Type.Object({
    disclosureId: Id('the opening'),
    personId: Id('whose fields were opened'),
    actorKind: Text('kind of the caller'),
    actorId: Text('opaque id of the caller'),
    purpose: Text('the request that asked for it'),
    openedAt: MomentField('when'),
  }),
  facts: { PersonalFieldsOpened },
  key: ({ data: { disclosureId, persons } }) => persons.map((person) => `${disclosureId}.${person}`),
  initial: () => ({ disclosureId: '', personId: '', actorKind: '', actorId: '', purpose: '', openedAt: '' }),
  apply: {
    PersonalFieldsOpened: (_, { data: { disclosureId, purpose }, actor, occurredAt }, key) => ({
      disclosureId,
      personId: key.slice(key.indexOf('.') + 1),
      actorKind: actor.kind,
      actorId: actor.id,
      purpose,
      openedAt: occurredAt,
    }),
  },
  filters: ['personId', 'actorId', 'openedAt'],
  sort: '-openedAt',
});
