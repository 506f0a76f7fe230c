import { IsIn, IsOptional, Matches, MaxLength } from 'class-validator';
import { aggregate, Command, derivedId, Field, fact, Id, type Moment, refuse, Text } from '#kernel';

/** What a tenant imports is told in one stream, which has this id in every tenant. */
export const importsId = derivedId('imports');

/** More than anybody runs at once: a name of its own for each run would pile up. */
const MOST_AT_ONCE = 100;

const internal = { visibility: 'internal' } as const;
const fields = { importsId: Id('the one list of imports that there is'), name: Text('name of the import', 100) };

export const ImportBegun = fact(
  'ImportBegun',
  'History is imported from now on; what is due by the clock of what was imported waits.',
  fields,
  internal,
);
export const ImportEnded = fact(
  'ImportEnded',
  'The import is complete; what is due by the clock of what was imported happens, once no other import is under way.',
  fields,
  internal,
);

@Command({
  route: 'POST /imports/begin',
  roles: ['importer'],
  summary: 'Say that history is imported from now on: the clock of what is imported waits.',
  capabilities: ['CID-12'],
})
export class BeginImport {
  @Field('The one list of imports that there is; leave it out.', { assigned: importsId })
  @IsOptional()
  @IsIn([importsId])
  readonly importsId!: string;
  @Field('name of the import: lower case letters, digits and dashes', { example: 'maven-sales' })
  @MaxLength(100)
  @Matches(/^[a-z0-9][a-z0-9-]*$/, { message: 'small letters, digits and dashes, no dash first' })
  readonly name!: string;
}

@Command({
  route: 'POST /imports/end',
  roles: ['importer'],
  summary: 'Say that an import is complete: what is due by the clock of what was imported happens.',
  capabilities: ['CID-12'],
})
export class EndImport {
  @Field('The one list of imports that there is; leave it out.', { assigned: importsId })
  @IsOptional()
  @IsIn([importsId])
  readonly importsId!: string;
  @Field('name of the import: lower case letters, digits and dashes', { example: 'maven-sales' })
  @MaxLength(100)
  @Matches(/^[a-z0-9][a-z0-9-]*$/, { message: 'small letters, digits and dashes, no dash first' })
  readonly name!: string;
}

export interface Imports {
  /** Those that have not ended. */
  readonly open: readonly { readonly name: string; readonly since: Moment }[];
}

export const imports = aggregate<Imports>()({
  name: 'imports',
  description: 'Imports of history that are under way. While there is one, the clock of what was imported waits.',
  id: 'importsId',
  commands: { BeginImport, EndImport },
  facts: { ImportBegun, ImportEnded },
  initial: { open: [] },

  decide: {
    BeginImport: (command, { open }) => {
      if (isOpen(open, command.name)) return [];
      return open.length < MOST_AT_ONCE
        ? ImportBegun({ ...command })
        : refuse('too-many-imports', `${MOST_AT_ONCE} imports have begun and not ended; end those that are complete.`);
    },
    EndImport: (command, { open }) => (isOpen(open, command.name) ? ImportEnded({ ...command }) : []),
  },

  evolve: {
    ImportBegun: ({ open }, { name }, { occurredAt }) => ({ open: [...open, { name, since: occurredAt }] }),
    ImportEnded: ({ open }, { name }) => ({ open: open.filter((one) => one.name !== name) }),
  },
});

const isOpen = (open: Imports['open'], name: string) => open.some((one) => one.name === name);
