import { IsInt, IsString, IsUUID } from 'class-validator';
import { Type } from 'typebox';
import { aggregate, Command, Count, Field, fact, Id, MomentField, Text, view } from '#kernel';

const fields = {
  headId: Id('the head'),
  size: Count('number of facts that the head covers, from the first one of the tenant on'),
  root: Text('root of the Merkle tree over them, Base64', 44),
  note: Text('the signed head, as whoever keeps it can check it', 1_000),
};

export const HeadPublished = fact(
  'HeadPublished',
  'The history up to here was signed: whoever keeps the head can tell later whether any of it was changed.',
  fields,
);

@Command({ summary: 'Publish a signed head.', creates: true })
export class PublishHead {
  @Field('the head') @IsUUID() readonly headId!: string;
  @Field('number of facts that it covers') @IsInt() readonly size!: number;
  @Field('root of the tree over them, Base64') @IsString() readonly root!: string;
  @Field('the signed head') @IsString() readonly note!: string;
}

type PublishedHead = { readonly status: 'NONE' | 'PUBLISHED' };

export const head = aggregate<PublishedHead>()({
  name: 'head',
  description: 'One signed head of the history of a tenant.',
  id: 'headId',
  commands: { PublishHead },
  facts: { HeadPublished },
  initial: { status: 'NONE' },
  decide: { PublishHead: (command, { status }) => (status === 'NONE' ? HeadPublished({ ...command }) : []) },
  evolve: { HeadPublished: () => ({ status: 'PUBLISHED' }) },
});

export const heads = view({
  name: 'heads',
  description: 'Signed heads of the history that were published.',
  version: 1,
  capabilities: ['PLT-08'],
  roles: ['auditor', 'analyst', 'operator', 'admin', 'consumer'],
  document: Type.Object({ ...fields, publishedAt: MomentField('when it was published') }),
  facts: { HeadPublished },
  key: ({ data }) => data.headId,
  initial: (headId) => ({ headId, size: 0, root: '', note: '', publishedAt: '' }),
  apply: { HeadPublished: (_, { data, occurredAt }) => ({ ...data, publishedAt: occurredAt }) },
  filters: ['size', 'publishedAt'],
  sort: '-size',
});
