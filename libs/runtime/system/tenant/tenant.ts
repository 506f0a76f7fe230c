import { IsOptional, IsUUID, Matches, MaxLength } from 'class-validator';
import { Type } from 'typebox';
import { aggregate, Command, Field, fact, Id, MomentField, refuse, Text, view } from '#kernel';

export const TenantOpened = fact(
  'TenantOpened',
  'A tenant may have tokens and facts of its own from now on.',
  { tenantId: Id('the tenant'), name: Text('its name in streams, topics and tokens: 1 to 32 lower case letters and digits', 32) },
  { visibility: 'internal' },
);

@Command({ route: 'POST /tenants', roles: ['admin'], summary: 'Open a tenant', capabilities: ['PLT-03'], creates: true })
export class OpenTenant {
  @Field('the tenant') @IsOptional() @IsUUID() readonly tenantId!: string;
  @Field('its name: 1 to 32 lower case letters and digits', { example: 'north' })
  @Matches(/^[a-z0-9]{1,32}$/)
  @MaxLength(32)
  readonly name!: string;
}

type Tenant = { readonly status: 'NONE' } | { readonly status: 'OPEN'; readonly name: string };

export const tenant = aggregate<Tenant>()({
  name: 'tenant',
  description: 'A company whose facts never meet those of another. Tenants are opened from the tenant `main`.',
  id: 'tenantId',
  commands: { OpenTenant },
  facts: { TenantOpened },
  initial: { status: 'NONE' },
  reserve: { OpenTenant: ({ name }) => [{ scope: 'tenant', value: name, label: 'this tenant name' }] },
  decide: {
    OpenTenant: ({ tenantId, name }, tenant, given) => {
      if (given.tenant !== 'main') refuse('not-from-here', 'Tenants are opened with an administrator token of the tenant main.');
      if (name === 'main') refuse('tenant-exists', 'The tenant main is there from the start.');
      return tenant.status === 'OPEN'
        ? refuse('tenant-exists', 'This tenant is open already.')
        : TenantOpened({ tenantId, name });
    },
  },
  evolve: { TenantOpened: (_, { name }) => ({ status: 'OPEN', name }) },
});

export const tenants = view({
  name: 'tenants',
  description: 'Tenants of this installation, seen from the tenant main.',
  version: 1,
  capabilities: ['PLT-03'],
  roles: ['admin'],
  document: Type.Object({ tenantId: Id('the tenant'), name: Text('its name'), openedAt: MomentField('when it was opened') }),
  facts: { TenantOpened },
  key: ({ data }) => data.tenantId,
  initial: (tenantId) => ({ tenantId, name: '', openedAt: '' }),
  apply: { TenantOpened: (entry, { data: { name }, occurredAt }) => ({ ...entry, name, openedAt: occurredAt }) },
  filters: ['name', 'openedAt'],
  sort: 'name',
});
