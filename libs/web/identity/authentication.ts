import type { Annals } from '#runtime/annals';
import type { Caller } from '#runtime/requests';
import { refused } from './claims.js';
import { type IdentityProvider, looksLikeJwt } from './provider.js';

/** The caller of a token; undefined for one that is unknown, expired or revoked. Throws Problem where more can be said. */
export type Authenticate = (token: string) => Promise<Caller | undefined>;

/** Tokens of Annals, and beside them those of an identity provider where there is one. */
export function authentication({ access }: Pick<Annals, 'access'>, provider: IdentityProvider | undefined): Authenticate {
  if (!provider) return (token) => access.authenticate(token);
  return async (token) => {
    if (!looksLikeJwt(token)) return access.authenticate(token);
    const caller = await provider.callerOf(token);
    if (!(await access.knowsTenant(caller.tenant))) throw refused('its tenant is not open here');
    await access.takeDuty(caller);
    return caller;
  };
}
