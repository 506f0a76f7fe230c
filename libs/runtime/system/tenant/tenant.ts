import { IsBoolean, IsOptional, IsUUID, Matches, MaxLength } from 'class-validator';
import { Type } from 'typebox';
import { aggregate, Command, Field, fact, Id, MomentField, refuse, Text, view } from '#kernel';

export const TenantOpened = fact(
  'TenantOpened',
  'A tenant may have tokens and facts of its own from now on.',
  {
    tenantId: Id('the tenant'),
    name: Text('its name in streams, topics and tokens: 1 to 32 lower case letters and digits', 32),
    sandbox: Type.Optional(
      Type.Boolean({ description: 'true for one to try things in: it has a clock of its own, which can be set forward' }),
    ),
  },
  { visibility: 'internal' },
);

@Command({ route: 'POST /tenants', roles: ['admin'], summary: 'Open a tenant.', capabilities: ['PLT-03'], creates: true })
export class OpenTenant {
  @Field('the tenant') @IsOptional() @IsUUID() readonly tenantId!: string;
  @Field('its name: 1 to 32 lower case letters and digits', { example: 'north' })
  @Matches(/^[a-z0-9]{1,32}$/, { message: '1 to 32 small letters and digits' })
  @MaxLength(32)
  readonly name!: string;
  @Field('true for one to try things in, with a clock of its own that can be set forward; it stays one', { example: false })
  @IsOptional()
  @IsBoolean()
  readonly sandbox?: boolean;
}

export type Tenant = { readonly status: 'NONE' } | { readonly status: 'OPEN'; readonly name: string; readonly sandbox: boolean };

export const tenant = aggregate<Tenant>()({
  name: 'tenant',
  description: 'A company whose facts never meet those of another. Tenants are opened from the tenant `main`.',
  id: 'tenantId',
  commands: { OpenTenant },
  facts: { TenantOpened },
  initial: { status: 'NONE' },
  stateVersion: 2,
  reserve: { OpenTenant: ({ name }) => [{ scope: 'tenant', value: name, label: 'this tenant name', field: 'name' }] },
  decide: {
    OpenTenant: ({ tenantId, name, sandbox }, tenant, given) => {
      if (given.tenant !== 'main')
        refuse('not-from-here', 'Tenants are opened from the tenant main; use an administrator token of that one.');
      if (name === 'main')
        refuse('tenant-exists', 'The tenant main is there from the start; take another name for another one.', 'name');
      return tenant.status === 'OPEN'
        ? refuse('tenant-exists', 'This tenant is open already; take another name for another one.', 'name')
        : TenantOpened({ tenantId, name, ...(sandbox && { sandbox }) });
    },
  },
  evolve: { TenantOpened: (_, { name, sandbox = false }) => ({ status: 'OPEN', name, sandbox }) },
});

export const tenants = view({
  name: 'tenants',
  description: 'Tenants of this installation, seen from the tenant main.',
  version: 2,
  capabilities: ['PLT-03'],
  roles: ['admin'],
  document: Type.Object({
    tenantId: Id('the tenant'),
    name: Text('its name'),
    sandbox: Type.Boolean({ description: 'whether it has a clock of its own' }),
    openedAt: MomentField('when it was opened'),
  }),
  facts: { TenantOpened },
  key: ({ data }) => data.tenantId,
  initial: (tenantId) => ({ tenantId, name: '', sandbox: false, openedAt: '' }),
  apply: {
    TenantOpened: (entry, { data: { name, sandbox = false }, occurredAt }) => ({ ...entry, name, sandbox, openedAt: occurredAt }),
  },
  filters: ['name', 'sandbox', 'openedAt'],
  sort: 'name',
});
