import { addDays, type Claim, derivedId, laterOf, type Moment, streamName } from '#kernel';
import type { Clock } from '../clock.js';
import { type KeyStore, type Log, type NewFact, WrongRevision } from '../ports.js';
import { Problem } from '../problem.js';
import { identifierDigest } from '../sealing/digest.js';
import { ClaimLapsed } from '../system/claim-lapsed.js';
import { ClaimReservation, ConfirmReservation, ReleaseReservation, type Reservation } from '../system/reservation/reservation.js';
import type { Streams } from './streams.js';

export interface Claimed {
  readonly claim: Claim;
  readonly reservationId: string;
  /** What only the key store knows the way from, for a personal identifier. */
  readonly personal?: { readonly digest: string; readonly person: string };
}

/**
 * Sends one of the reservation's own commands. `revision` is the one that was looked at: throws WrongRevision when it moved.
 * With a `key` it takes effect once, however often it is sent.
 */
export type SendInternal = (
  tenant: string,
  command: { readonly name: string },
  payload: Readonly<Record<string, unknown>>,
  how?: { readonly revision?: number; readonly key?: string },
) => Promise<void>;

const CLAIM_DAYS = 1 / 24 / 60; // one minute: longer than any append may take
const TRIES = 5;

/**
 * Uniqueness without transactions over streams: claim, append, confirm. Whoever dies in between leaves a claim that lapses;
 * it goes to another only after a fact on the dead one's stream has made its late append conflict.
 */
export class Reservations {
  constructor(
    private readonly log: Log,
    private readonly keys: KeyStore,
    private readonly streams: Streams,
    private readonly clock: Clock,
    private readonly send: SendInternal,
    private readonly digestSecret: Uint8Array,
  ) {}

  /**
   * The reservation of each claim. A personal identifier's is random, and only the key store knows the way to it. A new one is
   * not kept yet: the command may be refused.
   */
  async identify(tenant: string, claims: readonly Claim[]): Promise<Claimed[]> {
    const claimed: Claimed[] = [];
    for (const claim of claims) {
      const { scope, value, person } = claim;
      if (person === undefined) claimed.push({ claim, reservationId: derivedId('reservation', tenant, scope, value) });
      else {
        const digest = identifierDigest(this.digestSecret, tenant, scope, value);
        const known = await this.keys.findReservation(tenant, digest);
        claimed.push({ claim, reservationId: known ?? crypto.randomUUID(), personal: { digest, person } });
      }
    }
    return claimed;
  }

  /** Throws Problem 409 naming the holder, or asking to try again while another command is at it. */
  async claim(tenant: string, claimed: Claimed, target: string, commandId: string): Promise<void> {
    const { claim, reservationId, personal } = claimed;
    if (personal) {
      const { digest, person } = personal;
      const first = await this.keys.reservationOf(tenant, digest, person, reservationId);
      if (first !== reservationId) throw inFlight(claim);
    }
    await this.#claim(tenant, claimed, target, commandId);
    if (personal) {
      // Before the append: whoever holds it, erasing somebody else must not lose the way to it.
      const { digest, person } = personal;
      const stands = await this.keys.assignReservation(tenant, digest, person, reservationId);
      if (stands !== reservationId) throw inFlight(claim);
    }
  }

  /** What `claim` would say, without claiming anything. Throws Problem 409. */
  async check(tenant: string, { claim, reservationId }: Claimed, target: string, commandId: string): Promise<void> {
    const held = (await this.streams.load(streamName('reservation', tenant, reservationId))).state as Reservation;
    const lapsed = this.#lapsed(held, claim, target, commandId);
    if (lapsed && (await this.streams.load(lapsed.target)).commands.has(lapsed.forCommand)) throw taken(claim, lapsed.target);
  }

  /** The claim of another command that lapsed, if that is in the way. Throws Problem 409 where another thing or command has it. */
  #lapsed(
    held: Reservation,
    claim: Claim,
    target: string,
    commandId: string,
  ): Extract<Reservation, { status: 'CLAIMED' }> | undefined {
    if (held.status === 'HELD' && held.target !== target) throw taken(claim, held.target);
    if (held.status !== 'CLAIMED' || (held.target === target && held.forCommand === commandId)) return undefined;
    if (held.lapsesAt > this.clock.now()) throw inFlight(claim);
    return held;
  }

  async #claim(tenant: string, { claim, reservationId }: Claimed, target: string, commandId: string): Promise<void> {
    const stream = streamName('reservation', tenant, reservationId);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const { state, revision } = await this.streams.load(stream);
      const held = state as Reservation;
      const lapsed = this.#lapsed(held, claim, target, commandId);
      if (held.status === 'HELD') return;
      if (lapsed && (await this.#settleLapsed(tenant, reservationId, lapsed))) throw taken(claim, lapsed.target);
      try {
        const lapsesAt: Moment = addDays(this.clock.now(), CLAIM_DAYS);
        await this.send(
          tenant,
          ClaimReservation,
          { reservationId, scope: claim.scope, target, forCommand: commandId, lapsesAt },
          { revision },
        );
        return;
      } catch (error) {
        if (!(error instanceof WrongRevision)) throw error;
      }
    }
    throw new Problem(409, 'identifier-in-flight', `Many commands want ${claim.label} at once; try again in a moment.`, {
      retryAfter: 1,
    });
  }

  async confirm(tenant: string, { reservationId }: Claimed, target: string): Promise<void> {
    await this.send(tenant, ConfirmReservation, { reservationId, target });
  }

  /** Once for each fact that gives it up: the stream may have taken it again when that fact is read once more. */
  async release(tenant: string, reservationId: string, target: string, factId: string): Promise<void> {
    await this.send(tenant, ReleaseReservation, { reservationId, target }, { key: `released by ${factId}` });
  }

  /** True if the claimant's command was recorded after all: then the reservation is its, and is confirmed here. */
  async #settleLapsed(
    tenant: string,
    reservationId: string,
    held: Extract<Reservation, { status: 'CLAIMED' }>,
  ): Promise<boolean> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const claimant = await this.streams.load(held.target);
      if (claimant.commands.has(held.forCommand)) {
        await this.send(tenant, ConfirmReservation, { reservationId, target: held.target });
        return true;
      }
      try {
        const now = this.clock.now();
        const lapsed = lapsedFact(held, reservationId, laterOf(claimant.lastOccurredAt, now), now);
        await this.log.append(held.target, claimant.revision, [lapsed]);
        return false;
      } catch (error) {
        if (!(error instanceof WrongRevision)) throw error;
      } finally {
        this.streams.forget(held.target);
      }
    }
    throw new Problem(409, 'identifier-in-flight', 'The claim of another command is being settled; try again in a moment.', {
      retryAfter: 1,
    });
  }
}

function lapsedFact(
  { target, forCommand }: { target: string; forCommand: string },
  reservationId: string,
  occurredAt: Moment,
  recordedAt: Moment,
): NewFact {
  // Its own command id: the command that came too late may still be sent again, and is then decided anew.
  const commandId = derivedId('claim-lapsed', target, forCommand, reservationId);
  return {
    id: derivedId(target, commandId, '0'),
    type: ClaimLapsed.type,
    schemaVersion: ClaimLapsed.version,
    occurredAt,
    recordedAt,
    data: JSON.stringify({ reservationId, forCommand }),
    metadata: JSON.stringify({ visibility: 'internal', actor: { kind: 'process', id: 'reservations' }, commandId }),
  };
}

const inFlight = ({ label }: Claim) =>
  new Problem(409, 'identifier-in-flight', `Another command is about to take ${label}; try again in a moment.`, {
    retryAfter: 1,
  });

function taken({ label, field }: Claim, holder: string): Problem {
  const message = `${label[0]?.toUpperCase()}${label.slice(1)} is taken already; use the one that has it, or name another.`;
  return new Problem(409, 'identifier-taken', message, {
    ...(field !== undefined && { errors: [{ field, message }] }),
    members: { existing: holder.slice(holder.indexOf('.') + 1) },
  });
}
