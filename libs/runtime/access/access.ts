import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { roles as allRoles, derivedId, isCompanyRole, isId, type Role, rolesApart, type SealedValue, streamName } from '#kernel';
import type { AccessService, OpenedValue } from '../annals.js';
import type { Clock } from '../clock.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import type { DataKey, KeyStore } from '../ports.js';
import { Problem } from '../problem.js';
import type { Caller } from '../requests.js';
import { hasSealedForm, mayHoldSealed, openValue, replaceSealed, sealedValuesIn, subjectOfSealed } from '../sealing/cipher.js';
import { isKey } from '../sealing/sealing.js';
import type { KnownToken, Token } from '../system/token/token.js';
import { asRead } from '../unavailable.js';
import { refuseUnbound } from './customers.js';
import { Duties, refuseSeveral } from './duties.js';
import { Tokens } from './tokens.js';

/** `annals_<tenant>_<token id>_<secret>`: 32 random bytes, kept as a digest only. */
const TOKEN = /^annals_([a-z0-9]{1,32})_([0-9a-f-]{36})_([A-Za-z0-9_-]{43})$/;

/** Reads of personal data by one person at once: more are refused, so that one recorded opening stays readable. */
const MAX_PERSONS = 5_000;

export function accessService(pipeline: CommandPipeline, keys: KeyStore, clock: Clock): AccessService {
  const tokens = new Tokens(pipeline.streams);
  const duties = new Duties(pipeline, clock);
  return {
    async authenticate(text) {
      const [, tenant, tokenId, secret] = TOKEN.exec(text) ?? [];
      if (!tenant || !tokenId || !secret || !isId(tokenId)) return undefined;
      const name = streamName('token', tenant, tokenId);
      const token = tokens.cached(name) ?? (await tokens.token(name));
      if (token.status !== 'VALID' || !timingSafeEqual(digestOf(secret), Buffer.from(token.secretDigest, 'hex')))
        return undefined;
      if (token.expiresAt !== undefined && token.expiresAt <= clock.now()) return undefined;
      return callerOf(tenant, tokenId, token);
    },

    knowsTenant,

    takeDuty: (caller) => duties.takeAtProvider(caller),

    present,

    async presentTexts(caller, texts, purpose) {
      const sealed = texts.filter(mayHoldSealed);
      if (sealed.length === 0) return texts;
      const values = sealed.map((text) => JSON.parse(text) as unknown);
      const shown = (await present(caller, values, purpose)).values();
      return texts.map((text) => (mayHoldSealed(text) ? JSON.stringify(shown.next().value) : text));
    },

    async open(caller, values, purpose) {
      if (!caller.roles.has('opener'))
        throw new Problem(403, 'role-needed', 'Opening sealed values needs the role opener; use a token with it.', {
          members: { roles: ['opener'] },
        });
      const found = await keys.load(caller.tenant, [...new Set(values.filter(hasSealedForm).map(subjectOfSealed))]);
      const answers = values.map((one): OpenedValue => {
        const key = found.get(subjectOfSealed(one));
        if (key === 'destroyed') return { erased: true };
        return isKey(key) ? opened(one, key, caller.tenant) : { invalid: true };
      });
      await recordOpening(
        caller,
        values.filter((_, index) => 'value' in (answers[index] as OpenedValue)),
        purpose,
      );
      return answers;
    },

    async issueToken(
      caller,
      { label, roles, expiresAt, trafficClass, holder, customer, idempotencyKey, tenant = caller.tenant },
    ) {
      if (!caller.roles.has('admin'))
        throw new Problem(403, 'role-needed', 'Issuing tokens needs the role admin; use a token with it.');
      if (tenant !== caller.tenant) await refuseForeignTenant(caller, tenant);
      if (expiresAt !== undefined && expiresAt <= clock.now())
        throw new Problem(422, 'expired-already', 'expiresAt lies in the past; name a later moment.');
      refuseSeveral(roles);
      refuseUnbound(roles, customer);
      const tokenId =
        idempotencyKey === undefined
          ? crypto.randomUUID()
          : derivedId('token', caller.tenant, caller.actor.kind, caller.actor.id, tenant, idempotencyKey);
      if (idempotencyKey !== undefined) await refuseSecondIssue(tenant, tokenId);
      await duties.takeWithToken({ ...caller, tenant }, roles, holder, tokenId);
      const secret = randomBytes(32).toString('base64url');
      const payload = {
        tokenId,
        label,
        roles,
        secretDigest: digestOf(secret).toString('hex'),
        ...(expiresAt ? { expiresAt } : {}),
        ...(trafficClass ? { trafficClass } : {}),
        ...(holder ? { holderId: holder } : {}),
        ...(customer ? { customerId: customer } : {}),
      };
      await pipeline.perform({ caller: { ...caller, tenant }, command: 'RecordToken', payload });
      return { tokenId, token: `annals_${tenant}_${tokenId}_${secret}` };
    },
  };

  async function present<T>(caller: Caller, value: T, purpose: string): Promise<T> {
    const sealed = sealedValuesIn(plainOf(value));
    if (sealed.length === 0) return value;
    const subjects = [...new Set(sealed.map(subjectOfSealed))];
    const found = await keys.load(caller.tenant, subjects);
    const mayOpen = caller.roles.has('personal');
    if (mayOpen)
      await recordOpening(
        caller,
        sealed.filter((one) => isKey(found.get(subjectOfSealed(one)))),
        purpose,
      );
    return replaceSealed(plainOf(value), (one) => {
      const key = found.get(subjectOfSealed(one));
      if (key === 'destroyed') return { erased: true };
      return mayOpen && isKey(key) ? openValue(one, key, caller.tenant) : { sealed: true };
    }) as T;
  }

  /** The secret is kept nowhere, so that a repetition cannot be answered as before; it must not make a second token either. */
  async function refuseSecondIssue(tenant: string, tokenId: string): Promise<void> {
    const { status } = (await pipeline.streams.load(streamName('token', tenant, tokenId))).state as Token;
    if (status === 'NONE') return;
    throw new Problem(
      409,
      'token-issued-before',
      `The token ${tokenId} was issued with this key; its secret was in that answer and nowhere else. If the answer was lost, revoke it and issue another with a new key.`,
      { members: { tokenId } },
    );
  }

  async function recordOpening(caller: Caller, opened: readonly SealedValue[], purpose: string): Promise<void> {
    if (opened.length === 0) return;
    const persons = [...new Set(opened.map((one) => subjectOfSealed(one).split('.', 1)[0] as string))];
    if (persons.length > MAX_PERSONS)
      throw new Problem(422, 'too-many-persons', `This shows ${persons.length} persons at once; ask for at most ${MAX_PERSONS}.`);
    const payload = { disclosureId: crypto.randomUUID(), purpose: purpose.slice(0, 200), persons, fields: opened.length };
    await pipeline.perform({ caller, command: 'RecordOpening', payload }).catch((error: unknown) => {
      throw asRead(error, 'What is shown opened has to be recorded first');
    });
  }

  async function knowsTenant(tenant: string): Promise<boolean> {
    if (tenant === 'main') return true;
    const name = streamName('reservation', 'main', derivedId('reservation', 'main', 'tenant', tenant));
    const { state } = pipeline.streams.cached(name) ?? (await pipeline.streams.load(name));
    return (state as { status: string }).status === 'HELD';
  }

  async function refuseForeignTenant(caller: Caller, tenant: string): Promise<void> {
    if (caller.tenant !== 'main' || !(await knowsTenant(tenant))) {
      throw new Problem(
        422,
        'tenant-unknown',
        `There is no tenant ${tenant} that this token may issue tokens for. Open it from the tenant main first.`,
      );
    }
  }
}

/**
 * The first token of an installation, made at its first start for the tenant main, or one in its place; `keep` has it first. It has
 * every role of the company but those of the privacy officer and the auditor: whoever has the machine operates it.
 */
export async function issueAdminToken(
  pipeline: CommandPipeline,
  by: 'first-start' | 'token-recovery',
  keep: (token: string) => void,
): Promise<void> {
  const tokenId = crypto.randomUUID();
  const secret = randomBytes(32).toString('base64url');
  const roles = rolesApart(Object.keys(allRoles).filter(isCompanyRole));
  const caller: Caller = { tenant: 'main', actor: { kind: 'process', id: by }, roles: new Set(roles) };
  const payload = {
    tokenId,
    label: by === 'first-start' ? 'first administrator' : 'recovered administrator',
    roles,
    secretDigest: digestOf(secret).toString('hex'),
  };
  keep(`annals_main_${tokenId}_${secret}`);
  await pipeline.perform({ caller, command: 'RecordToken', payload });
}

const callers = new WeakMap<readonly Role[], Caller>();

/** One object a token as long as its roles stay as they are. */
function callerOf(tenant: string, tokenId: string, { roles, trafficClass, customerId }: KnownToken): Caller {
  const known = callers.get(roles);
  if (known) return known;
  const caller: Caller = {
    tenant,
    actor: customerId === undefined ? { kind: 'service', id: tokenId } : { kind: 'customer', id: customerId },
    roles: new Set(rolesApart(roles)),
    ...(customerId !== undefined && { customerId }),
    ...(trafficClass && { trafficClass }),
  };
  callers.set(roles, caller);
  return caller;
}

/** Another tenant's value and a changed one look alike: neither opens, and nothing says why. */
function opened(sealed: SealedValue, key: DataKey, tenant: string): OpenedValue {
  try {
    return { value: openValue(sealed, key, tenant) };
  } catch {
    return { invalid: true };
  }
}

const digestOf = (secret: string) => hash('sha256', secret, 'buffer');

/** Facts give their envelope by `toJSON`; everything else is plain already. */
function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value === 'object' && value !== null && 'toJSON' in value) return (value as { toJSON(): unknown }).toJSON();
  return value;
}
