import { derivedId, isCompanyRole, type Role, rolesApart } from '#kernel';
import { Problem } from '#runtime/problem';
import type { Caller } from '#runtime/requests';

export type Claims = Readonly<Record<string, unknown>>;

/** How the claims of a token become a caller. Claims are named by path: `realm_access.roles`. */
export interface ClaimMapping {
  readonly issuer: string;
  /** Holds the name of the tenant; left out: everybody is of the tenant main. */
  readonly tenantClaim?: string;
  /** Holds a list of roles, or one text with spaces between them. */
  readonly rolesClaim: string;
  /** The provider's names of roles → ours; left out: they are the same, and names that are not ours say nothing. */
  readonly roleNames?: ReadonlyMap<string, readonly Role[]>;
  /** Names the actor for good. */
  readonly actorClaim: string;
}

const TENANT = /^[a-z0-9]{1,32}$/;

/** Throws Problem 401 where a claim is missing or of no use; its text names the claim, never what it holds. */
export function callerFrom(claims: Claims, { issuer, tenantClaim, rolesClaim, roleNames, actorClaim }: ClaimMapping): Caller {
  const actor = claimAt(claims, actorClaim);
  if (typeof actor !== 'string' || actor === '') throw refused(`it has no ${actorClaim}, which names the actor`);
  const tenant = tenantClaim === undefined ? 'main' : claimAt(claims, tenantClaim);
  if (typeof tenant !== 'string' || !TENANT.test(tenant)) throw refused(`its ${tenantClaim} names no tenant`);
  const names = namesIn(claimAt(claims, rolesClaim));
  const roles = names.flatMap((name) => roleNames?.get(name) ?? (!roleNames && isCompanyRole(name) ? [name] : []));
  const isService = claims.sub !== undefined && (claims.sub === claims.client_id || claims.sub === claims.azp);
  return {
    tenant,
    // facts keep the id for ever, so it must not be a name or an e-mail address: it derives from the provider's
    actor: { kind: isService ? 'service' : 'user', id: derivedId('actor', issuer, actor) },
    // the provider may give one person the duties of several
    roles: new Set(rolesApart(roles)),
    ...(isService && { trafficClass: 'integration' as const }),
  };
}

/** `crm-admin=admin,crm-sales=sales+orders` as a map. Throws RangeError that says what is wrong. */
export function roleNamesFrom(text: string): ReadonlyMap<string, readonly Role[]> {
  const names = new Map<string, readonly Role[]>();
  for (const part of text.split(',')) {
    const [theirs = '', ours = ''] = part.split('=').map((one) => one.trim());
    const roles = ours.split('+').map((role) => role.trim());
    const unknown = roles.find((role) => !isCompanyRole(role));
    if (theirs === '' || unknown !== undefined)
      throw new RangeError(`"${part.trim().slice(0, 60)}" must read theirs=ours, with + between several of our roles`);
    names.set(theirs, roles as readonly Role[]);
  }
  return names;
}

export const refused = (why: string) => new Problem(401, 'token-refused', `The token is refused: ${why}.`);

/** The claim of that very name (names may be URLs), else the one at the path. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Claims)[name];
  }
  return value;
}

const namesIn = (claim: unknown): readonly string[] =>
  typeof claim === 'string' ? claim.split(/\s+/) : Array.isArray(claim) ? claim.filter((name) => typeof name === 'string') : [];
