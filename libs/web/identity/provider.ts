import { hash } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LOOPBACK } from '#runtime/loopback';
import { Problem } from '#runtime/problem';
import type { Caller } from '#runtime/requests';
import { type ClaimMapping, callerFrom, refused } from './claims.js';

/** An OpenID Connect provider whose tokens are taken beside those of Annals. */
export interface IdentityOptions extends ClaimMapping {
  readonly audience: string;
  /** Where its keys are; left out: where its discovery document says. */
  readonly jwksUrl?: string;
  /** Milliseconds between two looks at its keys because of a key that is not known; 30,000 if left out. */
  readonly cooldown?: number;
}

/** Signatures that a holder of the public key cannot make. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
/** Clocks of two machines differ. */
const TOLERATED_SECONDS = 5;
const FETCH_WITHIN = 5_000;
const KEYS_FOR = 600_000;
/** So long a token that was good is not looked at again: one whose key the provider took away must not last until its expiry. */
const GOOD_FOR = 60_000;
const MOST_REMEMBERED = 10_000;

/** Why the settings of a provider cannot be used, for whoever configures it. */
export class IdentityRefused extends Error {}

export const looksLikeJwt = (token: string): boolean => /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(token);

/** Turns tokens of the provider into callers. Keys are fetched when the first token comes, and again when an unknown one signed. */
export class IdentityProvider {
  /** Digests of tokens that were found to be good a while ago. */
  readonly #remembered = new Map<string, { readonly caller: Caller; readonly until: number }>();
  #keys: Promise<JWTVerifyGetKey> | undefined;

  /** Throws IdentityRefused. */
  constructor(
    private readonly options: IdentityOptions,
    /** Milliseconds since 1970. */
    private readonly now: () => number = Date.now,
  ) {
    for (const url of [options.issuer, options.jwksUrl]) if (url !== undefined) checkUrl(url);
  }

  /** Throws Problem 401 that says why, 503 while the provider's keys cannot be had. */
  async callerOf(token: string): Promise<Caller> {
    const digest = hash('sha256', token, 'base64url');
    const known = this.#remembered.get(digest);
    if (known && known.until > this.now()) return known.caller;
    if (known) this.#remembered.delete(digest);
    const claims = await this.#verified(token);
    const caller = callerFrom(claims, this.options);
    this.#remember(digest, caller, Math.min((claims.exp as number) * 1_000, this.now() + GOOD_FOR));
    return caller;
  }

  async #verified(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, await this.#keySet(), {
        issuer: this.options.issuer,
        audience: this.options.audience,
        algorithms: ALGORITHMS,
        clockTolerance: TOLERATED_SECONDS,
        currentDate: new Date(this.now()),
        requiredClaims: ['exp'],
      });
      return payload;
    } catch (error) {
      throw problemOf(error);
    }
  }

  #keySet(): Promise<JWTVerifyGetKey> {
    this.#keys ??= this.#openKeys().catch((error: unknown) => {
      this.#keys = undefined;
      throw error;
    });
    return this.#keys;
  }

  async #openKeys(): Promise<JWTVerifyGetKey> {
    const { jwksUrl = await this.#discovered(), cooldown = 30_000 } = this.options;
    return createRemoteJWKSet(new URL(jwksUrl), {
      cooldownDuration: cooldown,
      cacheMaxAge: KEYS_FOR,
      timeoutDuration: FETCH_WITHIN,
    });
  }

  async #discovered(): Promise<string> {
    const { issuer } = this.options;
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      redirect: 'error',
      signal: AbortSignal.timeout(FETCH_WITHIN),
    });
    const found = response.ok ? ((await response.json()) as { issuer?: unknown; jwks_uri?: unknown }) : {};
    if (found.issuer !== issuer || typeof found.jwks_uri !== 'string')
      throw new TypeError('No discovery document of this issuer.');
    checkUrl(found.jwks_uri);
    return found.jwks_uri;
  }

  #remember(digest: string, caller: Caller, until: number): void {
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size < MOST_REMEMBERED) break;
      this.#remembered.delete(oldest);
    }
    this.#remembered.set(digest, { caller, until });
  }
}

/** What the caller is told: which check failed, and nothing that the token or the provider said. */
function problemOf(error: unknown): Problem {
  if (error instanceof errors.JWTExpired) return new Problem(401, 'token-expired', 'The token has expired; get a new one.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    const told: Readonly<Record<string, string>> = {
      iss: 'it is of another issuer',
      aud: 'it is for another audience',
      nbf: 'it is not valid yet',
      exp: 'it has no expiry',
    };
    return refused(told[error.claim] ?? 'a claim is malformed');
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return refused('its algorithm is not allowed');
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return refused('its key is none of the issuer');
  if (error instanceof errors.JWSSignatureVerificationFailed) return refused('its signature is wrong');
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid || error instanceof errors.JOSENotSupported)
    return refused('it is malformed');
  return new Problem(503, 'identity-provider-unavailable', 'The keys of the identity provider cannot be had now; try again.', {
    retryAfter: 5,
  });
}

/** Keys that come in the clear could be anybody's. */
function checkUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))) return;
  throw new IdentityRefused(
    `An identity provider is reached at https://…, or at http:// on this machine; not at ${text.slice(0, 200)}.`,
  );
}
