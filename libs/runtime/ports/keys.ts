/** A data key of one person and retention class. 32 bytes. */
export type DataKey = Uint8Array;

export interface KeyStore {
  /** The keys that exist and live; `undefined` for one never made, 'destroyed' for one that is gone for good. */
  load(tenant: string, subjects: readonly string[]): Promise<ReadonlyMap<string, DataKey | 'destroyed'>>;
  /** Durable when it returns; gives the existing key if there is one. 'destroyed' is never made again. */
  create(tenant: string, subject: string): Promise<DataKey | 'destroyed'>;
  /** Destroys all keys and identifier look-ups of these persons; idempotent; durable when it returns. */
  destroy(tenant: string, persons: readonly string[]): Promise<void>;
  /** The reservation id of a digest, made from `proposed` if there is none yet. */
  reservationOf(tenant: string, digest: string, person: string, proposed: string): Promise<string>;
  /**
   * Makes the look-up of a digest this person's, who is about to hold what it leads to; makes it anew if it went with its person
   * before. Gives the reservation id that stands: another one if somebody else was first, who then keeps it. A destroyed person
   * gets none. Durable when it returns.
   */
  assignReservation(tenant: string, digest: string, person: string, reservation: string): Promise<string>;
  /** The reservation id of a digest, if any. */
  findReservation(tenant: string, digest: string): Promise<string | undefined>;
  /** Secret of the installation for keyed digests, 32 bytes per purpose; the same after restore. */
  secret(purpose: string): Promise<Uint8Array>;
  /** How far destruction facts of the log were applied here; a restored store says an earlier one. */
  appliedTo(): Promise<string | undefined>;
  setAppliedTo(position: string): Promise<void>;
  close(): Promise<void>;
}

/** `<person>.<retention>` */
export const subjectOf = (person: string, retention: string): string => `${person}.${retention}`;
