import { type Duty, duties, dutiesOf, type Role, streamName } from '#kernel';
import type { Clock } from '../clock.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import { LogUnavailable } from '../ports.js';
import { Problem } from '../problem.js';
import type { Caller } from '../requests.js';
import { type Holder, providerTokenOf } from '../system/holder/holder.js';
import type { Token } from '../system/token/token.js';
import { asRead } from '../unavailable.js';

const DUTIES_APART = `${duties.join(', ')} are duties of three people: one token holds one of them at most`;

/** Milliseconds: far more than one request takes. */
const GETS_ITS_TOKEN_WITHIN = 5 * 60_000;
/** Milliseconds for which a duty that was found on record counts while the log does not answer. */
const REMEMBERED = 10 * 60_000;
const MOST = 1_000;

/** A person has one duty, whatever number of tokens: the stream of the person decides, so that two at once cannot both win. */
export class Duties {
  /** By person and duty: when it was last found on record. */
  readonly #seen = new Map<string, number>();

  constructor(
    private readonly pipeline: CommandPipeline,
    private readonly clock: Clock,
  ) {}

  /** Before a token with these roles is made. Throws Problem 422. */
  async takeWithToken(caller: Caller, roles: readonly Role[], holderId: string | undefined, tokenId: string): Promise<void> {
    const [duty] = dutiesOf(roles);
    if (duty === undefined) return;
    if (holderId === undefined)
      throw new Problem(
        422,
        'holder-needed',
        `A token with the duty ${duty} is for one person: name the person in holder, by an internal id.`,
      );
    const { held } = await this.#holder(caller.tenant, holderId);
    const lapsed = await this.#lapsed(caller.tenant, holderId, held);
    await this.pipeline.perform({ caller, command: 'TakeDuty', payload: { holderId, duty, tokenId, lapsed } });
  }

  /**
   * When somebody comes with a token of an identity provider, which may give one person one duty today and another tomorrow. The
   * first that comes here is on record. Throws Problem 403 for another one, LogUnavailable.
   */
  async takeAtProvider(caller: Caller): Promise<void> {
    const [duty] = dutiesOf(caller.roles);
    if (duty === undefined) return;
    const holderId = caller.actor.id;
    const key = `${caller.tenant} ${holderId} ${duty}`;
    try {
      await this.#recordAtProvider(caller, duty);
    } catch (error) {
      const isAway = error instanceof LogUnavailable || (error instanceof Problem && error.code === 'log-unavailable');
      if (isAway && performance.now() - (this.#seen.get(key) ?? Number.NEGATIVE_INFINITY) < REMEMBERED) return;
      if (error instanceof Problem && error.code === 'duties-apart') throw new Problem(403, 'duties-apart', error.message);
      throw asRead(error, 'Your duty has to be on record first');
    }
    if (this.#seen.size >= MOST) this.#seen.clear();
    this.#seen.set(key, performance.now());
  }

  async #recordAtProvider(caller: Caller, duty: Duty): Promise<void> {
    const holderId = caller.actor.id;
    const tokenId = providerTokenOf(holderId, duty);
    const { held } = await this.#holder(caller.tenant, holderId);
    const others = Object.entries(held).filter(([, one]) => one.duty !== duty);
    if (held[tokenId] !== undefined && others.length === 0) return;
    const lapsed = await this.#lapsed(caller.tenant, holderId, Object.fromEntries(others));
    await this.pipeline.perform({ caller, command: 'TakeDuty', payload: { holderId, duty, tokenId, lapsed } });
  }

  async #holder(tenant: string, holderId: string): Promise<Holder> {
    const name = streamName('holder', tenant, holderId);
    const { state } = this.pipeline.streams.cached(name) ?? (await this.pipeline.streams.load(name));
    return state as Holder;
  }

  /** Those of a person's tokens that no longer hold. */
  async #lapsed(tenant: string, holderId: string, held: Holder['held']): Promise<string[]> {
    const now = this.clock.now();
    const lapsed: string[] = [];
    for (const [id, { duty, since }] of Object.entries(held)) {
      if (id === providerTokenOf(holderId, duty)) continue;
      const token = (await this.pipeline.streams.load(streamName('token', tenant, id))).state as Token;
      // one without a token is about to get it, or never will: its server ended between the two
      const holds =
        token.status === 'NONE'
          ? Date.parse(now) - Date.parse(since) < GETS_ITS_TOKEN_WITHIN
          : token.status === 'VALID' && (token.expiresAt === undefined || token.expiresAt > now);
      if (!holds) lapsed.push(id);
    }
    return lapsed;
  }
}

/** Throws Problem 422 where one token would hold several. */
export function refuseSeveral(roles: readonly Role[]): void {
  if (dutiesOf(roles).length > 1)
    throw new Problem(422, 'duties-apart', `${DUTIES_APART}; issue a token for each, to different people.`);
}
